"""Shipped models: found by name, and copied to be changed."""

import re
from pathlib import Path

import pytest
from support.models import GEARBOX_FILE
from support.reader import MODEL, SHIPPED

from bayesnet.errors import BayesnetError, EvidenceError
from bayesnet.model.copying import copy_model
from bayesnet.model.reading.reader import read_description
from bayesnet.model.shipped import find_model, shipped_models

pytestmark = pytest.mark.usefixtures("in_folder")


def test_find_model() -> None:
    assert "lbp-runner" in shipped_models()
    assert find_model("lbp-runner") == find_model("lbp_runner") == SHIPPED
    Path("mine.yaml").write_text(MODEL)
    assert find_model("mine.yaml") == Path("mine.yaml")
    for name, words in {
        "lbp-runer": "did you mean 'lbp-runner'?",
        "zzz": "shipped: car-start",
        "mnie.yaml": "did you mean 'mine.yaml'?",
        ".": "is a folder",
    }.items():
        with pytest.raises(EvidenceError, match=re.escape(words)) as caught:
            find_model(name)
        assert caught.value.exit_code == 2


def test_copy_of_a_model_reads_the_same(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder"
    copied = copy_model(str(GEARBOX_FILE), target)
    assert copied[0] == target / "gearbox.yaml"
    assert read_description(copied[0]).sha256 == read_description(GEARBOX_FILE).sha256
    (target / "gearbox.yaml").write_text("mine\n")
    with pytest.raises(BayesnetError, match=r"already there: .*gearbox.yaml"):
        copy_model(str(GEARBOX_FILE), target)
    assert (target / "gearbox.yaml").read_text() == "mine\n"


def test_copy_of_a_shipped_model_has_every_part_and_the_schema(tmp_path: Path) -> None:
    copied = copy_model("lbp-runner", tmp_path)
    assert copied[0] == tmp_path / "lbp_runner.yaml"
    parts = {path.relative_to(SHIPPED.parent) for path in SHIPPED.with_suffix("").glob("*.yaml")}
    assert {path.relative_to(tmp_path) for path in copied} >= parts
    assert (tmp_path / "model.schema.json").is_file()


def test_copy_sets_the_schema_comment_right(tmp_path: Path) -> None:
    Path("m.yaml").write_text(f"# yaml-language-server: $schema=../far/x.json\n{MODEL}")
    copied = copy_model("./m.yaml", tmp_path / "copy")
    first = copied[0].read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=model.schema.json"


def test_copy_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BayesnetError, match="cannot be written"):
        copy_model("car-start", tmp_path / "file" / "folder")
