"""Safety rules under overlays: stricter is taken, looser only where the file says so."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.budget import examples
from support.models import GEARBOX_FILE
from support.reader import problems, read

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.overlays.covering import covers, exempts_more
from bayesnet.model.overlays.looser import looser
from bayesnet.model.reading.reader import read_description

pytestmark = pytest.mark.usefixtures("in_folder")

NAMES = "abc"
single = st.sampled_from(
    [Condition(finding=name, absent=absent) for name in NAMES for absent in (False, True)]
)


def grouped(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    counted = several.flatmap(
        lambda of: st.integers(1, len(of)).map(lambda count: Condition(count=count, of=of))
    )
    return st.one_of(
        several.map(lambda any_: Condition(any=any_)),
        several.map(lambda all_: Condition(all=all_)),
        counted,
    )


conditions = st.recursive(single, grouped, max_leaves=6)


def holds(condition: Condition, answers: Mapping[str, bool | None]) -> bool:
    """Evaluate a condition by its definition; None: not answered."""
    if condition.finding is not None:
        return answers[condition.finding] is (not condition.absent)
    parts = [holds(each, answers) for each in (*condition.any, *condition.all, *condition.of)]
    needed = 1 if condition.any else len(parts) if condition.all else condition.count or 1
    return sum(parts) >= needed


@given(conditions, conditions)
@examples(40)
def test_what_covers_another_holds_wherever_it_does(wide: Condition, narrow: Condition) -> None:
    for values in product((True, False, None), repeat=len(NAMES)):
        answers = dict(zip(NAMES, values, strict=True))
        if covers(wide, narrow) and holds(narrow, answers):
            assert holds(wide, answers)


A, B, C = (Condition(finding=name) for name in NAMES)
WIDER = [
    (Condition(any=(A, B)), A),
    (Condition(any=(C, B, A)), Condition(any=(A, B))),
    (A, Condition(all=(A, B))),
    (Condition(all=(A, B)), Condition(all=(C, B, A))),
    (Condition(count=2, of=(A, B, C)), Condition(all=(A, B))),
    (Condition(count=1, of=(A, B, C)), Condition(count=2, of=(A, B, C))),
    (Condition(any=(Condition(all=(A, B)), C)), Condition(all=(A, B))),
    (
        Condition(all=(A, Condition(any=(B, C)))),
        Condition(all=(A, B)),
    ),
    (Condition(finding="age", at_least=40), Condition(finding="age", at_least=50)),
    (Condition(finding="age", below=60), Condition(finding="age", below=50, at_least=20)),
    (
        Condition(finding="heat", equals=("warm", "hot")),
        Condition(finding="heat", equals=("hot",)),
    ),
    (
        Condition(cause="worn", probability_over=0.1),
        Condition(cause="worn", probability_over=0.2),
    ),
]


@pytest.mark.parametrize(("wide", "narrow"), WIDER)
def test_a_wider_condition_is_seen_to_be_one(wide: Condition, narrow: Condition) -> None:
    assert covers(wide, narrow)
    assert not covers(narrow, wide)
    assert exempts_more(wide, narrow)
    assert not exempts_more(narrow, wide)


def test_exempting_nobody_exempts_no_more() -> None:
    assert not exempts_more(None, A)
    assert exempts_more(A, None)


def test_a_probability_and_a_threshold_are_not_compared() -> None:
    limit = Condition(cause="worn", probability_over=0.1)
    assert not covers(limit, Condition(cause="worn", over_threshold=True))
    assert not covers(Condition(cause="worn", over_threshold=True), limit)


HEAD = f"extends: {GEARBOX_FILE}\nsource: [expert judgement]\nwhy: for the test\n"
LOOSER = {
    "denied further": (
        "triage: {rules: {knocked: {denied: self_care}}}",
        "triage rule 'knocked' falls to self_care when denied",
    ),
    "level": (
        "triage: {rules: {knocked: {level: routine, confirm: null, denied: null}}}",
        "triage rule 'knocked' falls from soon to routine",
    ),
    "condition added": (
        "triage: {rules: {knocked: {when: {all: [{finding: knock}, {finding: smoke}]}}}}",
        "triage rule 'knocked' may hold in fewer cases",
    ),
    "finding taken out": (
        "triage: {rules: {fire_signs: {when: {any: [{finding: smoke}]}}}}",
        "triage rule 'fire_signs' may hold in fewer cases",
    ),
    "exempts": (
        "triage: {rules: {crack_signs: {unless: {finding: recent_repair}}}}",
        "triage rule 'crack_signs' exempts more people",
    ),
    "denied": (
        "triage: {rules: {fire_signs: {confirm: getting_worse, denied: soon}}}",
        "triage rule 'fire_signs' can be denied by 'getting_worse'",
    ),
    "rule forbids": (
        "triage: {rules: {knocked: {forbids: []}}}",
        "triage rule 'knocked' no longer forbids towing",
    ),
    "level forbids": (
        "triage: {forbids: {urgent: []}}",
        "urgent no longer forbids towing",
    ),
    "threshold": (
        "triage: {thresholds: {cracked_case: {soon: {harm: 5}}}}",
        "the probability from which 'cracked_case' is soon rises from 0.1 to 0.122",
    ),
    "threshold's level": (
        "triage: {thresholds: {cracked_case: {urgent: null}}}",
        "'cracked_case' no longer raises the level to urgent",
    ),
    "thresholds": (
        "triage: {thresholds: {worn_teeth: null}}",
        "the thresholds of 'worn_teeth' are removed",
    ),
    "screen": (
        "triage: {thresholds: {burning_clutch: {screen: [smoke, burning_smell]}}}",
        "'towing' is no longer asked before the alarm for 'burning_clutch'",
    ),
    "screen longer": (
        "triage: {thresholds: {burning_clutch: {screen: [smoke, burning_smell, towing, knock]}}}",
        "'knock' holds back the alarm for 'burning_clutch'",
    ),
    "threshold forbids": (
        "triage: {thresholds: {cracked_case: {forbids: []}}}",
        "'cracked_case' no longer forbids driving",
    ),
    "scope": ("triage: {scope: {taxi: null}}", "`triage: scope: taxi` is removed"),
    "serious": (
        "causes: {loose_bolt: {serious: null}}",
        "the cause 'loose_bolt' counts as serious no longer",
    ),
    "benefit": (
        "pathways: {bolt_check: {value: {loose_bolt: {value: 10}}}}",
        "acting on 'loose_bolt' is worth 10 and no longer",
    ),
    "harm": (
        "causes: {slipping_belt: {harmed_by: null}}",
        "loosening no longer counts as harm for 'slipping_belt'",
    ),
    "asked when": (
        "findings: {smoke: {asked: {when: {finding: towing}}}}",
        "fewer people are asked for 'smoke'",
    ),
    "red flag": (
        "findings: {smoke: {asked: {red_flag: null}}}",
        "'smoke' is a red flag no longer",
    ),
    "derived": (
        "derived: {felt: {states: [seat]}}",
        "a yes to 'felt' follows from other answers than before",
    ),
    "conflict": ("model: {conflict_from: {value: 9}}", "that findings fit no cause is noticed"),
    "live": ("model: {live_from: {value: 0.9}}", "exercise that harms a cause is left out later"),
    "involves": (
        "exercises: {short_drive: {involves: null}}",
        "the exercise 'short_drive' no longer counts as driving",
    ),
    "rule removed": ("triage: {rules: {knocked: null}}", "triage rule 'knocked' is removed"),
}


@pytest.fixture(scope="module")
def gearbox_alone() -> ModelDescription:
    return read_description(GEARBOX_FILE).description


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """{what is done: what is said of it}, of a stack in which each overlay does one thing."""
    folder, base = tmp_path_factory.mktemp("stack"), str(GEARBOX_FILE)
    for at, (line, _) in enumerate(LOOSER.values()):
        text = HEAD.replace(str(GEARBOX_FILE), base) + f"{line}\nunsafe: true\n"
        base = str(folder / f"step{at}.yaml")
        Path(base).write_text(text)
    said = read_description(Path(base)).looser
    return {
        name: [each for each in said if each.endswith(f"(step{at})")]
        for at, name in enumerate(LOOSER)
    }


@pytest.mark.parametrize("name", LOOSER)
def test_what_is_looser_with_unsafe_is_told(name: str, told: Mapping[str, list[str]]) -> None:
    assert any(each.startswith(LOOSER[name][1]) for each in told[name]), told[name]


@pytest.mark.parametrize(
    ("name", "place"), [("rule removed", "4:18"), ("threshold", "4:38"), ("red flag", "4:28")]
)
def test_what_is_looser_is_refused_on_its_line(name: str, place: str) -> None:
    line, said = LOOSER[name]
    (found,) = problems({"m.yaml": f"{HEAD}{line}\n"})
    assert found.startswith(f"m.yaml:{place}: {said}")
    assert "or write `unsafe: true` at the top of this file" in found


STRICTER = """\
triage:
  rules:
    knocked: {level: urgent, when: {any: [{finding: knock}, {finding: oil_puddle}]}}
    smell: {unless: null}
    rattling: {level: routine, when: {finding: rattle_idle}, reason: It rattles.}
  thresholds:
    cracked_case: {soon: {benefit: 40}}
findings: {rattle_idle: {asked: {red_flag: true, mandatory: true}}}
pathways: {bolt_check: {value: {loose_bolt: {value: 900}}}}
"""


def test_what_is_stricter_is_taken(gearbox_alone: ModelDescription) -> None:
    read_ = read({"m.yaml": f"{HEAD}{STRICTER}"})
    assert read_.looser == ()
    assert looser(gearbox_alone, read_.description) == []
    assert len(looser(read_.description, gearbox_alone)) >= 7


def test_a_red_flag_that_only_a_clinician_is_asked_for(gearbox_alone: ModelDescription) -> None:
    smoke = gearbox_alone.findings["smoke"]
    asked = replace(smoke.asked, asked_of="clinician")
    findings = {**gearbox_alone.findings, "smoke": replace(smoke, asked=asked)}
    (found,) = looser(gearbox_alone, replace(gearbox_alone, findings=findings))
    assert found.message == "only a clinician is asked for 'smoke'"


def test_other_bands_of_a_number_are_looser(gearbox_alone: ModelDescription) -> None:
    hours = gearbox_alone.risk_factors["hours"]
    bands = {band: (first, last + 1) for band, (first, last) in hours.answer.bands.items()}
    moved = replace(hours, answer=replace(hours.answer, bands=bands))
    factors = {**gearbox_alone.risk_factors, "hours": moved}
    (found,) = looser(gearbox_alone, replace(gearbox_alone, risk_factors=factors))
    assert found.message == "the bands of 'hours' are other numbers than before"


def test_removing_a_serious_cause_is_looser_and_told_once() -> None:
    (found,) = problems({"m.yaml": f"{HEAD}causes: {{burning_clutch: null}}\n"})
    assert "the cause 'burning_clutch', which raises the urgency, is removed; a safety" in found


def test_an_unsafe_base_stays_told_of() -> None:
    files = {
        "top.yaml": "extends: mid.yaml\n",
        "mid.yaml": f"{HEAD}triage: {{rules: {{knocked: null}}}}\nunsafe: true\n",
    }
    assert read(files).looser == ("triage rule 'knocked' is removed (mid)",)


def test_unsafe_without_need_is_noticed() -> None:
    (notice,) = read({"m.yaml": f"{HEAD}unsafe: true\n"}).notices
    assert str(notice) == "m.yaml:4:1: warning: no safety rule is looser; delete `unsafe: true`"


def test_another_version_of_the_base_is_noticed_with_what_is_replaced() -> None:
    text = HEAD.replace("gearbox.yaml", "gearbox.yaml@1.1")
    text += "causes: {dry_bushing: {prevalence: {value: 0.2}}}\n"
    found = read({"m.yaml": text})
    (notice,) = found.notices
    assert notice.message.startswith(f"made for {GEARBOX_FILE} 1.1, and the base is 1.2")
    assert notice.remedy is not None
    assert notice.remedy.startswith("look at what is replaced (")
    assert "dry_bushing.prevalence: 0.15 in the base, 0.2 here" in notice.remedy
    assert found.origin[-1].made_for == "1.1"
    for same in ("@1.2", "@1"):
        assert read({"m.yaml": text.replace("@1.1", same)}).notices == ()
