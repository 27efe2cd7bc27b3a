"""What happens exactly at a limit, between equals, and for what is almost nothing."""

from pathlib import Path

import numpy as np
import pytest
from support.cli import GEARBOX

import bayesnet
from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.decisions.conditions import People, holds, one_answer
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import EvidenceError, ModelFileError
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.format.variables import Choices, QuestionSpec

NUMBER = "interval: [0.05, 0.9], source: [expert judgement], why: a guess"


def finding(name: str, value: float, background: float = 0.1) -> str:
    """A yes/no finding of the worn bearing, as a part of a model file."""
    return f"""\
  {name}:
    label: {name}
    asked: {{question: "{name}?", group: tests}}
    background: {{value: {background}, {NUMBER}}}
    causes:
      worn_bearing: {{value: {value}, {NUMBER}}}
"""


def load(text: str, folder: Path) -> DiagnosticModel:
    (folder / "m.yaml").write_text(text)
    return bayesnet.load_model(folder / "m.yaml")


# ---- Triage ----------------------------------------------------------------------------------

HOURS = Choices(unit="hours", bands={"few": (0, 59), "some": (60, 99), "many": (100, 200)})
ASKED = QuestionSpec(question="How many?", group="history")
KNOWN = {"hours": Askable("hours", "Hours", ASKED, HOURS)}


def person_with(answers: dict[str, int | str], **probabilities: float) -> People:
    """A table of one row."""
    columns = {name: one_answer(value) for name, value in answers.items()}
    posteriors = {name: np.array([p]) for name, p in probabilities.items()}
    return People(KNOWN, columns, {}, posteriors, {}, np.array([False]))


@pytest.mark.parametrize(
    ("value", "below_60", "from_60"),
    [
        (59, True, False),
        (60, False, True),
        (61, False, True),
        ("few", True, False),
        ("some", False, True),
        (0, True, False),
        (200, False, True),
    ],
)
def test_a_limit_belongs_to_those_above_it(value: int | str, below_60: bool, from_60: bool) -> None:
    person = person_with({"hours": value})
    assert holds(Condition(finding="hours", below=60), person)[0] == below_60
    assert holds(Condition(finding="hours", at_least=60), person)[0] == from_60


def test_a_band_is_below_a_limit_that_its_end_is_below() -> None:
    person = person_with({"hours": "few"})
    assert not holds(Condition(finding="hours", below=59), person)[0]
    assert holds(Condition(finding="hours", below=59.5), person)[0]
    assert not holds(Condition(finding="hours", at_least=0.5), person)[0]


def test_a_probability_at_its_limit_is_over_it() -> None:
    condition = Condition(cause="worn", probability_over=0.25)
    below = float(np.nextafter(0.25, 0))
    assert holds(condition, person_with({}, worn=0.25))[0]
    assert not holds(condition, person_with({}, worn=below))[0]


# ---- Two findings that derive from one -------------------------------------------------------

PLACE = """\
  place:
    label: Place
    asked: {question: "Where?", group: tests}
    answer: {states: [front, side, rear]}
    background: {values: {front: 0.5, side: 0.3, rear: 0.2}, sample_size: 20,
      source: [expert judgement], why: a guess}
    causes:
      worn_bearing: {values: {front: 0.2, side: 0.2, rear: 0.6}, sample_size: 20,
        source: [expert judgement], why: a guess}
derived:
  not_front:
    label: Not in front
    asked: {question: "Beside or behind?", group: tests}
    derived_from: place
    states: [side, rear]
  not_rear:
    label: Not behind
    asked: {question: "In front or beside?", group: tests}
    derived_from: place
    states: [front, side]
"""


def test_two_derived_answers_both_count(tmp_path: Path) -> None:
    model = load(GEARBOX + PLACE, tmp_path)
    for first, second, place in (
        ({"not_front": True}, {"not_rear": True}, "side"),
        ({"not_front": True}, {"not_rear": False}, "rear"),
        ({"not_front": False}, {"not_rear": True}, "front"),
    ):
        wanted = model.diagnose({"place": place}).causes[0].probability
        for answers in ({**first, **second}, {**second, **first}):
            found = model.diagnose(answers).causes[0].probability
            assert found == pytest.approx(wanted, abs=1e-12)
            table = model.diagnose_many({name: [value] for name, value in answers.items()})
            assert table["worn_bearing"][0] == pytest.approx(wanted, abs=1e-12)


def test_two_derived_answers_that_leave_nothing_contradict_each_other(tmp_path: Path) -> None:
    model = load(GEARBOX + PLACE, tmp_path)
    answers = {"not_front": False, "not_rear": False}
    with pytest.raises(EvidenceError, match="contradict each other"):
        model.diagnose(answers)
    table = model.diagnose_many({name: [value] for name, value in answers.items()})
    assert "contradict each other" in table["error"][0]


# ---- What is almost nothing ------------------------------------------------------------------


def test_evidence_of_a_twentieth_of_a_decibel_is_mentioned_and_less_is_not(tmp_path: Path) -> None:
    # Ten times the logarithm of 1.02 is 0.086; of 1.01 it is 0.043.
    model = load(GEARBOX + finding("told", 0.102) + finding("left_out", 0.101), tmp_path)
    report = model.diagnose({"told": True, "left_out": True, "whine": True})
    (explained,) = report.explanation
    assert [each.id for each in explained.evidence_for] == ["whine", "told"]
    assert explained.evidence_for[1].decibans == pytest.approx(10 * np.log10(1.02), abs=1e-9)


def test_a_number_counts_from_a_billionth_of_the_variance(tmp_path: Path) -> None:
    surely = "source: [expert judgement], why: a guess"
    text = GEARBOX + finding("slight", 0.5, 0.5).replace(
        f"worn_bearing: {{value: 0.5, {NUMBER}}}",
        f"worn_bearing: {{value: 0.7, interval: [0.69994, 0.70006], {surely}}}",
    ).replace(
        f"background: {{value: 0.5, {NUMBER}}}",
        f"background: {{value: 0.5, interval: [0.499999, 0.500001], {surely}}}",
    )
    found = load(text, tmp_path).sensitivity({"slight": True}, "worn_bearing", most=10)
    shares = {each.path[:3]: each.share for each in found.numbers}
    assert found.uncertain == len(shares) == 2
    assert 1e-9 < shares["findings", "slight", "causes"] < 5e-8
    assert shares["causes", "worn_bearing", "prevalence"] == pytest.approx(1)


# ---- Risk factors that explain as many as there are, and hardly more -------------------------

FACTOR = """\
  {name}:
    label: {name}
    asked: {{question: "{name}?", group: history}}
    frequency: {{value: 0.5, interval: [0.4, 0.6], source: [expert judgement], why: a guess}}
"""


def with_factors(ratio: float) -> str:
    """Two factors of half the people; at a ratio of 2.8974 they explain a tenth."""
    rows = "".join(
        f"      - {{factor: {name}, relative_risk: {ratio}, interval: [1, 9],"
        " source: [expert judgement], why: a guess}\n"
        for name in ("dust", "heat")
    )
    factors = "".join(FACTOR.format(name=name) for name in ("dust", "heat"))
    text = GEARBOX.replace(
        "value: 0.2, interval: [0.1, 0.3]", "value: 0.1, interval: [0.05, 0.3]", 1
    )
    return text.replace(
        "findings:\n", f"    risk_factors:\n{rows}risk_factors:\n{factors}findings:\n", 1
    )


def test_factors_may_explain_all_cases_and_no_more(tmp_path: Path) -> None:
    model = load(with_factors(2.89), tmp_path)
    assert model.diagnose({}).causes[0].probability == pytest.approx(0.1, abs=1e-12)
    with pytest.raises(ModelFileError, match=r"explain 10 of 100 people, more than its prev"):
        load(with_factors(2.91), tmp_path)
