"""A number set in an overlay: it is added there, and the base stays as it is."""

from pathlib import Path

import pytest
from support.reader import MODEL

from bayesnet.errors import EvidenceError
from bayesnet.model.editing.addresses import addressed
from bayesnet.model.editing.new_number import NewNumber
from bayesnet.model.editing.setting import set_number

pytestmark = pytest.mark.usefixtures("in_folder")

NEW = '], source: ["audit 2026, n=212"]}'
EMPTY = "extends: m.yaml  # the workshop's\n"


def set_in(text: str, name: str, value: str) -> str:
    """The overlay with the number set, which the model then has."""
    Path("m.yaml").write_text(MODEL)
    Path("shop.yaml").write_text(text)
    done = set_number(Path("shop.yaml"), name, NewNumber(value=value, source="audit 2026, n=212"))
    assert done.file == Path("shop.yaml")
    number = addressed(done.after.description, name).number
    assert number is not None
    assert number.source == ("audit 2026, n=212",)
    return done.changed.decode()


ADDED = {
    "prevalence": (
        "worn_bearing.prevalence", "0.25",
        "causes:\n  worn_bearing:\n    prevalence: {value: 0.25, interval: [0.13, 0.36",
    ),
    "finding": (
        "hum.worn_bearing", "0.75",
        "findings:\n  hum:\n    causes:\n      worn_bearing: {value: 0.75, interval: [0.56, 0.92",
    ),
    "ratio": (
        "worn_bearing.old_oil", "2.1",
        "causes:\n  worn_bearing:\n    risk_factors:\n"
        "      - {factor: old_oil, relative_risk: 2.1, "
        "interval: [1.3, 3.2",
    ),
    "row": (
        "old_oil.frequency.over_1000", "0.45",
        "risk_factors:\n  old_oil:\n    frequency_by:\n"
        "      - {when: {hours: over_1000}, value: 0.45, "
        "interval: [0.34, 0.55",
    ),
    "utility": (
        "stop.worn_bearing", "60",
        "pathways:\n  stop:\n    value:\n      worn_bearing: {value: 60, source: "
        '["audit 2026, n=212"]}\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value", "lines"), ADDED.values(), ids=ADDED)
def test_what_an_overlay_does_not_say_is_added(name: str, value: str, lines: str) -> None:
    end = "" if lines.endswith("\n") else f"{NEW}\n"
    assert set_in(EMPTY, name, value) == f"{EMPTY}{lines}{end}"


def test_a_row_joins_those_that_are_there() -> None:
    text = """\
extends: m.yaml
causes:
  worn_bearing:
    risk_factors:
      - {factor: hours, state: over_1000, relative_risk: 1.2, source: [fig-1]}
findings: {}
"""
    row = 'relative_risk: 2.1, interval: [1.3, 3.2], source: ["audit 2026, n=212"]}\n'
    changed = set_in(text, "worn_bearing.old_oil", "2.1")
    assert changed == text.replace("[fig-1]}\n", f"[fig-1]}}\n      - {{factor: old_oil, {row}")
    changed = set_in(changed, "worn_bearing.old_oil", "2.2")
    assert changed.count("old_oil") == 1
    assert "relative_risk: 2.2" in changed


def test_what_it_says_already_is_changed_in_place() -> None:
    text = f"{EMPTY}source: [fig-1]\ncauses: {{worn_bearing: {{prevalence: {{value: 0.3}}}}}}\n"
    changed = set_in(text, "worn_bearing.prevalence", "0.25")
    assert changed == text.replace("{value: 0.3}", f"{{value: 0.25, interval: [0.13, 0.36{NEW}")


def test_a_safety_rule_is_not_made_looser_by_it() -> None:
    with pytest.raises(EvidenceError, match=r"would not load: acting on 'worn_bearing' is worth 4"):
        set_in(EMPTY, "stop.worn_bearing", "40")
