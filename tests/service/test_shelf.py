"""Models from a folder: read anew when they change; a broken file keeps the one before."""

import os
import shutil
from pathlib import Path

import pytest
from lbp_service.http.app import Service
from lbp_service.http.settings import Settings
from lbp_service.shelf.shelf import read_shelf
from lbp_service.shelf.standing import Standing
from support.cli import GEARBOX
from support.service import known

from bayesnet import BayesnetError, EvidenceError, ModelFileError, UnknownNameError

OVERLAY = "extends: noises.yaml\nmodel: {id: clinic, version: '2'}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "noises.yaml").write_text(GEARBOX)
    return tmp_path


def changed(file: Path, text: str) -> None:
    """Write a file so that its time differs, however coarse the clock is."""
    file.write_text(text)
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 5_000_000_000))


def read(folder: Path) -> Standing:
    return Standing(str(folder / "noises.yaml"), ("lbp-runner",), folder, known)


def version(standing: Standing, name: str = "noises") -> str:
    return standing.shelf.model(name).description.model.version


def test_a_folder_s_models_stand_beside_those_that_are_named(folder):
    shelf = read(folder).shelf
    assert {"noises", "lbp-runner"} <= set(shelf.models)
    assert shelf.model(None) is shelf.model("noises")
    with pytest.raises(UnknownNameError) as unknown:
        shelf.model("noise")
    assert unknown.value.nearest == ["noises"]


def test_nothing_is_read_again_while_nothing_changes(folder):
    standing = read(folder)
    before = standing.shelf
    assert not standing.refresh()
    assert standing.shelf is before


def test_a_file_that_changes_is_read_again_and_overlays_with_it(folder):
    (folder / "clinic_south.yaml").write_text(OVERLAY)
    standing = read(folder)
    changed(folder / "noises.yaml", GEARBOX.replace('version: "1"', 'version: "7"'))
    assert standing.refresh()
    assert version(standing) == "7"
    assert standing.shelf.model("clinic-south").description.causes
    changed(folder / "more.yml", GEARBOX)
    assert standing.refresh()
    assert "more" in standing.shelf.models
    (folder / "more.yml").unlink()
    assert standing.refresh()
    assert "more" not in standing.shelf.models


@pytest.mark.parametrize("text", ["", "causes: [", GEARBOX.replace("0.2,", "1.2,"), "\x00", "42"])
def test_a_broken_file_keeps_the_model_that_was_and_is_told(folder, text):
    standing = read(folder)
    before = standing.shelf.model("noises")
    changed(folder / "noises.yaml", text)
    assert standing.refresh()
    assert standing.shelf.model("noises") is before
    (served,) = (each for each in standing.shelf.listed().models if each.name == "noises")
    assert "noises.yaml" in served.problem
    assert str(folder) not in served.problem
    changed(folder / "noises.yaml", GEARBOX)
    assert standing.refresh()
    assert standing.shelf.problems == {}


def test_a_broken_file_that_never_was_a_model_is_told_apart(folder):
    standing = read(folder)
    changed(folder / "new.yaml", "causes: [")
    standing.refresh()
    listed = standing.shelf.listed()
    assert list(listed.broken) == ["new"]
    assert all(each.name != "new" for each in listed.models)


def test_a_folder_that_goes_keeps_what_was(folder):
    standing = read(folder)
    shutil.rmtree(folder)
    standing.refresh()
    assert standing.shelf.model("noises")
    assert standing.shelf.problems


def test_two_files_of_one_name_are_refused(folder):
    (folder / "lbp_runner.yaml").write_text(GEARBOX)
    with pytest.raises(EvidenceError, match="another model, 'lbp-runner'; rename it"):
        read(folder)


def test_what_is_wrong_at_the_start_is_an_error(folder, tmp_path):
    (folder / "new.yaml").write_text("causes: [")
    with pytest.raises(ModelFileError):
        read(folder)
    with pytest.raises(BayesnetError, match="did you mean"):
        read_shelf("lbp-runer", load=known)
    with pytest.raises(EvidenceError, match="folder"):
        read_shelf("lbp-runner", folder=tmp_path / "none", load=known)


def test_the_default_may_be_a_file_even_of_a_shipped_name(tmp_path):
    file = tmp_path / "lbp_runner.yaml"
    file.write_text(GEARBOX)
    shelf = read_shelf(str(file), load=known)
    assert shelf.default == "lbp-runner"
    assert shelf.model(None).description.model.id == "gearbox"


def test_health_and_counts_say_how_many_are_broken(folder):
    service = Service(Settings(str(folder / "noises.yaml"), (), folder), known)
    changed(folder / "noises.yaml", "42")
    service.standing.refresh()
    service.counts.state(0, len(service.standing.shelf.problems))
    assert "lbp_models_broken 1.0" in service.counts.text().decode()
