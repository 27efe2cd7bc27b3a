"""`lbp-infer model set`: shown first, then written whole or not at all."""

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest
from support.cli import answer, refused, run
from support.models import GEARBOX_FILE

ASSIGNMENT = "worn_bearing.prevalence=0.22"
SOURCE = ("--source", "workshop audit 2026, n=212")


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A copy of the gearbox, whose causes stand in a file of their own."""
    shutil.copy(GEARBOX_FILE, tmp_path)
    shutil.copytree(GEARBOX_FILE.with_suffix(""), tmp_path / "gearbox")
    return tmp_path / GEARBOX_FILE.name


@pytest.fixture
def causes(main: Path) -> Path:
    return main.with_suffix("") / "causes.yaml"


def test_the_consequences_are_shown_and_the_number_written(main: Path, causes: Path):
    before = causes.read_text().splitlines()
    done = run("model", "set", str(main), ASSIGNMENT, *SOURCE, "--yes")
    assert done.exit_code == 0, done.stderr
    after = causes.read_text().splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    for each in ("16 %", "22 %", "workshop audit 2026", "Textbook presentations", "causes.yaml:"):
        assert each in done.stdout
    assert not list(causes.parent.glob(".*"))
    causes_now = {each["id"]: each for each in answer("--model", str(main))["causes"]}
    assert causes_now["worn_bearing"]["prior"] == pytest.approx(0.22)


def test_without_yes_and_nobody_to_ask_nothing_is_written(main: Path, causes: Path):
    before = causes.read_bytes()
    done = run("model", "set", str(main), ASSIGNMENT, *SOURCE)
    assert done.exit_code == 2
    assert "'--yes'" in done.stderr
    assert "22 %" in done.stdout
    assert causes.read_bytes() == before


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((ASSIGNMENT,), "needs its source"),
        ((ASSIGNMENT, "--source", " "), "needs its source"),
        ((ASSIGNMENT, "--source", "expert judgement"), "--why"),
        ((ASSIGNMENT, "--source", "our cars"), "is not"),
        (("worn_bearing.prevalence", *SOURCE), "ID.FIELD=VALUE"),
        (("worn_bearing.prevalence=", *SOURCE), "ID.FIELD=VALUE"),
        (("worn_bearing.prevalence=22%", *SOURCE), "0.22"),
        (("worn_baring.prevalence=0.2", *SOURCE), "worn_bearing"),
        ((ASSIGNMENT, *SOURCE, "--interval", "wide"), "0.17,0.28"),
        ((ASSIGNMENT, *SOURCE, "--interval", "0.3,0.4"), "outside its interval"),
        ((ASSIGNMENT, *SOURCE, "--interval", "0.1,0.4", "--sample-size", "9"), "one of them"),
        (("bolt_check.loose_bolt=9", *SOURCE, "--interval", "1,20"), "no interval"),
    ],
)
def test_refusals(main: Path, causes: Path, more: tuple[str, ...], words: str):
    before = causes.read_bytes()
    assert words in refused("model", "set", str(main), *more, "--yes")
    assert causes.read_bytes() == before


def test_a_shipped_model_is_copied_first():
    said = refused("model", "set", "lbp-runner", "facet_joint.prevalence=0.2", *SOURCE)
    assert "model copy lbp-runner" in said


def test_a_broken_model_is_told_first(main: Path, causes: Path):
    causes.write_text(causes.read_text().replace("prevalence:", "prevalance:", 1))
    done = run("model", "set", str(main), ASSIGNMENT, *SOURCE, "--yes")
    assert done.exit_code == 3
    assert "prevalance" in done.stderr


def test_mode_and_link_are_kept(main: Path, causes: Path, tmp_path: Path):
    real = tmp_path / "gearbox" / "real.yaml"
    causes.rename(real)
    real.chmod(0o640)
    causes.symlink_to(real.name)
    assert run("model", "set", str(main), ASSIGNMENT, *SOURCE, "--yes").exit_code == 0
    assert causes.is_symlink()
    assert "0.22" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_full_disk_leaves_the_file(main: Path, causes: Path, monkeypatch: pytest.MonkeyPatch):
    before = causes.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = run("model", "set", str(main), ASSIGNMENT, *SOURCE, "--yes")
    assert done.exit_code == 1
    assert "No space left" in done.stderr
    assert causes.read_bytes() == before
    assert sorted(each.name for each in causes.parent.glob(".*")) == []
