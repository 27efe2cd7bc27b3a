"""Overlays: only what differs, laid over a base by the same keys and ids."""

from pathlib import Path

import pytest
from support.reader import MODEL, changed, read

from bayesnet.model.reading.reader import ReadModel
from bayesnet.model.store import CACHE_VARIABLE, load_compiled

pytestmark = pytest.mark.usefixtures("in_folder")

AUDIT = 'extends: m.yaml\nsource: ["audit 2026, n=212"]\nwhy: counted\n'


def overlaid(text: str, base: str = MODEL) -> ReadModel:
    """Read an overlay of the small model."""
    return read({"clinic.yaml": text, "m.yaml": base})


def test_an_overlay_of_nothing_is_its_base() -> None:
    base, same = read(MODEL), overlaid("extends: m.yaml\n")
    assert (same.sha256, same.nodes, same.description) == (
        base.sha256,
        base.nodes,
        base.description,
    )
    assert [each.id for each in same.origin] == ["gearbox", "clinic"]
    assert [each.id for each in base.origin] == ["gearbox"]


def test_the_checksum_is_of_what_is_said() -> None:
    assert read(MODEL + "# a note\n").sha256 == read(MODEL).sha256
    assert read(changed(("label: Hum", "label: Humming"))).sha256 != read(MODEL).sha256


def test_a_number_takes_its_source_and_interval_along() -> None:
    causes = "causes: {worn_bearing: {prevalence: {value: 0.3}}}\n"
    number = overlaid(AUDIT + causes).description.causes["worn_bearing"].prevalence
    assert (number.value, number.interval) == (0.3, (0.16, 0.42))
    assert (number.source, number.why) == (("audit 2026, n=212",), "counted")
    own = "{value: 0.3, sample_size: 50, source: [fig-2, fig-1]}"
    number = (
        overlaid(AUDIT + causes.replace("{value: 0.3}", own))
        .description.causes["worn_bearing"]
        .prevalence
    )
    assert (number.interval, number.sample_size) == (None, 50)
    assert (number.source, number.why) == (("fig-2", "fig-1"), "")


def test_words_change_without_a_source() -> None:
    read_ = overlaid("extends: m.yaml\nfindings: {hum: {label: Summen}}\n")
    hum, before = read_.description.findings["hum"], read(MODEL).description.findings["hum"]
    assert hum.label == "Summen"
    assert hum.background == before.background


def test_rows_are_known_by_what_they_are_about() -> None:
    rows = """\
causes:
  worn_bearing:
    risk_factors:
      - {factor: hours, state: over_1000, relative_risk: 1.2}
      - {factor: old_oil, relative_risk: null}
  cracked_gear:
    risk_factors: [{factor: old_oil, relative_risk: 1.3, interval: [1.0, 1.8]}]
risk_factors:
  old_oil:
    frequency_by: [{when: {hours: over_1000}, value: 0.45}]
"""
    found = overlaid(AUDIT + rows).description
    (row,) = found.causes["worn_bearing"].risk_factors
    assert (row.factor, row.relative_risk, row.sample_size) == ("hours", 1.2, 20)
    assert [each.factor for each in found.causes["cracked_gear"].risk_factors] == [
        "worn_bearing",
        "old_oil",
    ]
    shares = found.risk_factors["old_oil"].frequency_by
    assert [each.value for each in shares] == [0.45, 0.2]


def test_a_new_row_of_a_frequency_comes_before_the_others() -> None:
    rows = """\
risk_factors:
  tow:
    label: Tow
    asked: {question: "Does it tow?", group: history}
    frequency: {value: 0.1, interval: [0.05, 0.2]}
  old_oil:
    frequency_by: [{when: {tow: yes}, value: 0.5, interval: [0.3, 0.7]}]
"""
    shares = overlaid(AUDIT + rows).description.risk_factors["old_oil"].frequency_by
    assert [each.value for each in shares] == [0.5, 0.4, 0.2]


def test_a_condition_is_replaced_as_a_whole() -> None:
    rule = "triage: {rules: {seizing: {when: {finding: hum}, unless: null}}}\nunsafe: true\n"
    found = overlaid(AUDIT + rule).description.triage
    assert found is not None
    when = found.rules["seizing"].when
    assert (when.finding, when.any) == ("hum", ())
    assert found.rules["seizing"].source == ("audit 2026, n=212",)


def test_a_removed_cause_takes_its_rows_along() -> None:
    found = overlaid("extends: m.yaml\ncauses: {cracked_gear: null}\n").description
    assert list(found.causes) == ["worn_bearing"]
    assert found.shared["vibration"].causes == {}


def test_something_of_ones_own() -> None:
    own = """\
causes:
  dry_seal:
    label: Dry seal
    about: A seal without oil.
    prevalence: {value: 0.05, interval: [0.02, 0.1]}
findings:
  squeak:
    label: Squeak
    asked: {question: "Does it squeak?", group: aggravating}
    background: {value: 0.1, interval: [0.05, 0.2]}
    causes:
      dry_seal: {value: 0.6, interval: [0.4, 0.8]}
      worn_bearing: {value: 0.2, interval: [0.1, 0.4]}
triage:
  rules:
    squeaking: {level: emergency, when: {finding: squeak}, reason: It may seize.}
pathways: {stop: {value: {dry_seal: {value: 3}}}}
"""
    found = overlaid(AUDIT + own)
    assert {"dry_seal", "squeak"} <= {node.name for node in found.nodes}
    assert found.description.pathways["stop"].value["dry_seal"].why == "counted"
    assert found.description.triage is not None
    assert list(found.description.triage.rules) == ["seizing", "squeaking"]


def test_overlays_stack_and_may_have_files_of_their_own() -> None:
    files = {
        "top.yaml": "extends: mid\ninclude: [top_words.yaml]\nmodel: {id: top, version: '3'}\n",
        "top_words.yaml": "findings: {hum: {label: Brummen}}\n",
        "mid.yaml": AUDIT + "findings: {hum: {label: Summen, background: {value: 0.12}}}\n",
        "m.yaml": MODEL,
    }
    with pytest.raises(Exception, match=r"top.yaml:1:10: .*did you mean 'mid.yaml'"):
        read(files)
    found = read({**files, "top.yaml": files["top.yaml"].replace("mid\n", "./mid.yaml\n")})
    hum = found.description.findings["hum"]
    assert (hum.label, hum.background.value) == ("Brummen", 0.12)
    assert [(each.id, each.version) for each in found.origin] == [
        ("gearbox", "1"),
        ("mid", ""),
        ("top", "3"),
    ]
    assert [path.name for path in found.files] == [
        "top.yaml",
        "top_words.yaml",
        "mid.yaml",
        "m.yaml",
    ]


def test_each_part_knows_its_own_file() -> None:
    found = overlaid(AUDIT + "findings:\n  hum:\n    background: {value: 0.2}\n").root
    number = ("findings", "hum", "background")
    assert str(found.place((*number, "value"))) == "clinic.yaml:6:18"
    assert str(found.place((*number, "source"))) == "clinic.yaml:2:9"
    assert found.place(("findings", "heat", "background")).file == "m.yaml"


def test_a_changed_base_is_seen_through_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    Path("m.yaml").write_text(MODEL)
    Path("clinic.yaml").write_text("extends: m.yaml\n")
    before = load_compiled(Path("clinic.yaml"))
    assert load_compiled(Path("clinic.yaml")) == before
    Path("m.yaml").write_text(changed(("label: Hum", "label: Humming")))
    assert load_compiled(Path("clinic.yaml")).description.findings["hum"].label == "Humming"
