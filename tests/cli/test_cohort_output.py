"""Where a table is put: rights and owner stay, and what cannot be written is said."""

import os
import stat

import pytest
from lbp_infer.files import replacing
from lbp_infer.files.cohort_output import check_target, table_writer
from support.cli import refused

from bayesnet.errors import BayesnetError, EvidenceError

pa = pytest.importorskip("pyarrow")

pytestmark = pytest.mark.usefixtures("in_folder")

ROW = pa.schema([("id", pa.string())])


def put(path, content):
    with open(path, "wb") as stream:
        stream.write(content)


def written(path, value="x"):
    with table_writer(path, ROW) as write:
        write(pa.table({"id": [value]}))


def test_an_output_keeps_its_mode():
    for mode in (0o600, 0o640, 0o666, 0o755):
        put("out.csv", b"before")
        os.chmod("out.csv", mode)
        written("out.csv")
        assert stat.S_IMODE(os.stat("out.csv").st_mode) == mode
        with open("out.csv") as stream:
            assert "x" in stream.read()


def test_nobody_else_reads_the_part_that_replaces_a_private_file(monkeypatch):
    put("out.csv", b"before")
    os.chmod("out.csv", 0o600)
    copy, modes = replacing.shutil.copystat, []

    def noted(target, temporary):
        modes.append(stat.S_IMODE(os.stat(temporary).st_mode))
        copy(target, temporary)

    monkeypatch.setattr(replacing.shutil, "copystat", noted)
    with table_writer("out.csv", ROW):
        (part,) = set(os.listdir()) - {"out.csv"}
        assert modes == [0o600]
        assert stat.S_IMODE(os.stat(part).st_mode) == 0o600


def test_a_write_protected_output_is_left_alone(monkeypatch):
    put("cohort.csv", b"coughing\nyes\n")
    put("out.csv", b"before")
    # As it is for all but the system's own user, who may write anywhere.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    said = refused("batch", "cohort.csv", "-o", "out.csv")
    assert "cannot write 'out.csv': it is write-protected; give another name" in said


def test_an_output_keeps_its_owner(monkeypatch):
    put("out.csv", b"before")
    asked = []
    there = os.stat("out.csv")
    monkeypatch.setattr(os, "chown", lambda _, user, group: asked.append((user, group)))
    real = os.stat

    def of_another(path, **more):
        found = real(path, **more)
        if not str(path).endswith("out.csv"):
            return found
        times = {"st_atime_ns": found.st_atime_ns, "st_mtime_ns": found.st_mtime_ns}
        return os.stat_result((*found[:4], found.st_uid + 1, found.st_gid + 2, *found[6:10]), times)

    monkeypatch.setattr(os, "stat", of_another)
    written("out.csv")
    assert asked == [(there.st_uid + 1, there.st_gid + 2)]


def test_an_owner_that_cannot_be_kept_is_said(monkeypatch):
    put("out.csv", b"before")

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("lbp_infer.files.replacing.shutil.copystat", refuse)
    with pytest.raises(EvidenceError, match="its owner could not be kept; give the output another"):
        written("out.csv")
    with open("out.csv") as stream:
        assert stream.read() == "before"
    assert os.listdir() == ["out.csv"]


def test_a_name_as_long_as_the_disk_takes():
    longest = f"{'x' * 251}.csv"
    put("cohort.csv", b"coughing\nyes\n")
    check_target(longest, "cohort.csv")
    written(longest)
    assert sorted(os.listdir()) == ["cohort.csv", longest]
    said = refused("batch", "cohort.csv", "-o", f"x{longest}")
    assert said.startswith("lbp-infer: cannot write 'xxx")
    assert "File name too long" in said


def test_the_cohort_itself_is_refused_under_any_name():
    put("cohort.csv", b"coughing\nyes\n")
    os.symlink("cohort.csv", "symbolic.csv")
    os.link("cohort.csv", "hard.csv")
    for name in ("cohort.csv", "./cohort.csv", "symbolic.csv", "hard.csv"):
        assert "is the cohort itself" in refused("batch", "cohort.csv", "-o", name)
    with open("cohort.csv") as stream:
        assert stream.read() == "coughing\nyes\n"


def test_a_loop_of_links_is_refused():
    put("cohort.csv", b"coughing\nyes\n")
    os.symlink("loop.csv", "loop.csv")
    assert "cannot write 'loop.csv': Too many levels" in refused(
        "batch", "cohort.csv", "-o", "loop.csv"
    )


@pytest.mark.parametrize("number", [5, 13, 28, 30, 122])
def test_whatever_the_disk_says_while_a_table_is_written_is_said(number):
    with (
        pytest.raises(BayesnetError, match=r"cannot write 'out\.csv': ") as caught,
        table_writer("out.csv", ROW),
    ):
        raise OSError(number, os.strerror(number))
    assert os.strerror(number) in str(caught.value)
    assert caught.value.exit_code == 1
    assert os.listdir() == []
