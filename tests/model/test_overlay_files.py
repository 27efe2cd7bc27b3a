"""Files of an overlay: what a copy of it needs, and the schema that editors check it by."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from support.paths import MODELS, ROOT
from support.reader import MODEL

from bayesnet.model.copying import copy_model
from bayesnet.model.format.overlay_schema import FILE_NAME, overlay_schema, schema_text
from bayesnet.model.format.schema import write_schema
from bayesnet.model.reading.reader import read_description

pytestmark = pytest.mark.usefixtures("in_folder")

COMMENT = "# yaml-language-server: $schema=../overlay.schema.json\n"


def put(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/")).with_suffix(".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_base_of_ones_own_is_copied_along_as_it_lies() -> None:
    put(
        shops__mine=f"{COMMENT}extends: ../bases/mid.yaml\ninclude: [parts/words.yaml]\n",
        shops__parts__words="findings: {hum: {label: Summen}}\n",
        bases__mid="extends: m.yaml\n",
        bases__m=MODEL,
    )
    copied = copy_model("shops/mine.yaml", Path("copy"))
    assert [path.relative_to("copy").as_posix() for path in copied] == [
        "shops/mine.yaml",
        "shops/parts/words.yaml",
        "bases/mid.yaml",
        "bases/m.yaml",
        "model.schema.json",
        "overlay.schema.json",
    ]
    assert copied[0].read_text().startswith(COMMENT)
    one, other = (read_description(path) for path in (copied[0], Path("shops/mine.yaml")))
    assert one.sha256 == other.sha256


@pytest.mark.parametrize("base", ["gears", "{here}/m.yaml"])
def test_a_base_that_is_found_from_anywhere_is_not_copied(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bayesnet.model.shipped.models_folder", lambda: tmp_path / "shipped")
    put(mine=f"extends: {base.format(here=Path.cwd())}\n", m=MODEL, shipped__gears=MODEL)
    copied = copy_model("mine.yaml", Path("copy"))
    assert [path.name for path in copied] == ["mine.yaml", "overlay.schema.json"]
    assert read_description(copied[0]).description.causes


def test_the_schema_file_is_what_the_classes_say(tmp_path: Path) -> None:
    written = (MODELS / "overlay.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m bayesnet.model.format.overlay_schema"
    write_schema([str(tmp_path / "again.json")], FILE_NAME, schema_text())
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == written


@pytest.fixture(scope="module")
def by_schema() -> Draft202012Validator:
    Draft202012Validator.check_schema(overlay_schema())
    return Draft202012Validator(json.loads(schema_text()))


SOUND = [
    "extends: lbp-runner",
    "{extends: m, source: audit 2026, why: counted, unsafe: true}",
    "{extends: m, causes: {disc: {prevalence: {value: 0.1}}, facet: null}}",
    "{extends: m, causes: {disc: {risk_factors: [{factor: age, relative_risk: null}]}}}",
    "{extends: m, findings: {hum: {asked: {red_flag: null}, label: Hum}}, triage: null}",
    "{extends: m, triage: {rules: {one: {level: null, when: {any: [{finding: hum}]}}}}}",
    MODEL,
]
WRONG = [
    "{extends: [m]}",
    "{extends: m, causes: {disc: {prevalance: {value: 0.1}}}}",
    "{extends: m, causes: {disc: {prevalence: {value: 7}}}}",
    "{extends: m, triage: {default: soonish}}",
    "{extends: m, unsafe: perhaps}",
]


@pytest.mark.parametrize("text", [*SOUND, *WRONG])
def test_editors_take_what_the_reader_takes(text: str, by_schema: Draft202012Validator) -> None:
    data: Any = yaml.safe_load(text)
    assert by_schema.is_valid(data) is (text in SOUND)


PAGE = (ROOT / "docs" / "overlays.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_files_of_the_page_are_overlays(by_schema: Draft202012Validator) -> None:
    assert len(BLOCKS) == 3
    assert all(by_schema.is_valid(yaml.safe_load(text)) for text in BLOCKS)
    Path("clinic.yaml").write_text(BLOCKS[0])
    Path("coded.yaml").write_text(BLOCKS[2].replace("lbp-runner", "clinic.yaml"))
    clinic = read_description(Path("coded.yaml"))
    assert clinic.notices == ()
    causes = clinic.description.causes
    assert causes["facet_joint"].prevalence.source[0].startswith("our clinic")
    assert [each.code for each in causes["zoster"].codings] == ["B02.9", "SK-17"]
    found = clinic.description.findings["rash_on_trunk"].codings
    assert [(each.code, each.source) for each in found] == [
        ("SK-02", causes["zoster"].codings[1].source)
    ]
