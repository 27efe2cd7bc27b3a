"""Two models compared: what differs, and whose urgency, causes and pathway that changes."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support.cases import made_up
from support.models import GEARBOX_FILE, gearbox

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.compared_people import Someone, drawn
from bayesnet.tuning.comparison import Comparison, compare
from bayesnet.tuning.conclusions import conclude_both
from bayesnet.tuning.differences import changed_numbers, changed_places
from bayesnet.tuning.first_questions import first_questions
from bayesnet.tuning.published_cases import Case, published_cases

HEAD = f'extends: "{GEARBOX_FILE}"\nsource: [workshop audit 2026]\n'
DRAWN = 50
PRESENTATIONS = sum(bool(each.textbook) for each in gearbox().causes.values())


def overlaid(folder: Path, text: str) -> DiagnosticModel:
    path = folder / "workshop.yaml"
    path.write_text(HEAD + text)
    return bayesnet.load_model(str(path))


def compared(
    before: DiagnosticModel, after: DiagnosticModel, cases: Sequence[Case] = ()
) -> Comparison:
    told: list[float] = []
    found = compare(before, after, lambda _, share: told.append(share), cases, DRAWN)
    assert told == sorted(told)
    assert told[-1:] in ([], [1.0])
    return found


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> DiagnosticModel:
    """The gearbox where a loose bolt, which is serious, is more than twice as common."""
    return overlaid(
        tmp_path_factory.mktemp("raised"), "causes: {loose_bolt: {prevalence: {value: 0.08}}}\n"
    )


def test_a_model_and_itself():
    found = compared(gearbox(), copy.copy(gearbox()))
    assert found.verdict == "nothing differs"
    assert (found.numbers, found.others, found.changed, found.counts.compared) == ((), (), (), 0)


def test_a_number_with_both_sources(raised: DiagnosticModel):
    (change,) = changed_numbers(gearbox().description, raised.description)
    assert change.name == "loose_bolt.prevalence"
    assert change.before is not None
    assert change.after is not None
    assert (change.before.value, change.after.value) == (0.03, 0.08)
    assert change.before.sources == ("expert judgement",)
    assert change.after.sources == ("workshop audit 2026",)


@pytest.mark.parametrize(
    "part",
    [{"value": 0.04}, {"interval": (0.01, 0.08)}, {"why": "counted"}, {"source": ("a count",)}],
)
def test_each_part_of_a_number_counts(part: dict[str, Any]):
    before = gearbox().description
    bolt = before.causes["loose_bolt"]
    bolt = replace(bolt, prevalence=replace(bolt.prevalence, **part))
    after = replace(before, causes={**before.causes, "loose_bolt": bolt})
    assert [each.name for each in changed_numbers(before, after)] == ["loose_bolt.prevalence"]
    assert changed_places(before, after) == ()


def test_lowered_and_raised_are_apart_and_turn_round(raised: DiagnosticModel):
    there, back = compared(gearbox(), raised), compared(raised, gearbox())
    assert there.counts.compared == PRESENTATIONS + DRAWN
    assert there.counts.urgency_raised > 0
    assert there.counts.urgency_lowered == 0
    assert there.counts.listed_gained > 0
    assert there.counts.listed_lost == 0
    assert back.counts.urgency_raised == 0
    assert back.counts.urgency_lowered > 0
    assert there.most_moved[0].after > there.most_moved[0].before
    assert f"raised in {there.counts.urgency_raised};" in there.verdict


def test_a_person_is_concluded_of_as_alone(raised: DiagnosticModel):
    found = compared(gearbox(), raised)
    moved = {each.id: each for each in found.changed if each.kind == "textbook"}
    assert moved
    for name, each in moved.items():
        for model, said in ((gearbox(), each.before), (raised, each.after)):
            report = model.diagnose(raised.causes[name].textbook)
            assert said.first == report.causes[0].id
            assert said.probability == pytest.approx(report.causes[0].probability, abs=1e-12)
            assert said.level == report.triage.level
            assert said.pathway == (report.pathway and report.pathway.id)
            assert set(said.listed) == {listed.id for listed in report.must_not_miss}


def test_added_and_removed_numbers_and_places(tmp_path: Path):
    after = overlaid(tmp_path, "causes: {soft_mount: null}\n").description
    before = gearbox().description
    removed = changed_numbers(before, after)
    assert {each.after for each in removed} == {None}
    assert "soft_mount.prevalence" in {each.name for each in removed}
    assert "causes.soft_mount (removed)" in changed_places(before, after)
    assert {each.before for each in changed_numbers(after, before)} == {None}
    assert "causes.soft_mount (added)" in changed_places(after, before)


def test_words_are_a_place_and_no_number():
    before = gearbox().description
    whine = replace(before.findings["whine"], label="Howl")
    after = replace(before, findings={**before.findings, "whine": whine})
    assert changed_numbers(before, after) == ()
    assert changed_places(before, after) == ("findings.whine.label (changed)",)


def test_codes_are_places_one_by_one():
    said = gearbox().description
    bearing = said.causes["worn_bearing"]
    first, second = bearing.codings
    other = replace(first, code="B8"), replace(second, display="Damage")
    causes = {**said.causes, "worn_bearing": replace(bearing, codings=other)}
    at = "causes.worn_bearing.codings"
    assert changed_places(said, replace(said, causes=causes)) == (
        f"{at}: http://workshop.example/faults B8 (added)",
        f"{at}: urn:oid:2.999.1 12 (changed)",
        f"{at}: http://workshop.example/faults B7 (removed)",
    )
    assert changed_numbers(said, replace(said, causes=causes)) == ()


def test_who_cannot_be_compared_is_named(tmp_path: Path):
    none = "risk_factors: {recent_repair: {frequency: {value: 0, interval: [0, 0.01]}}}\n"
    after = overlaid(tmp_path, none)
    found = compared(gearbox(), after)
    assert "textbook loose_bolt" in found.not_compared
    assert len(found.not_compared) == found.counts.not_compared
    assert found.counts.compared + found.counts.not_compared == PRESENTATIONS + DRAWN
    assert found.verdict.endswith(f"; {found.counts.not_compared} not compared")


def test_an_answer_to_what_a_model_does_not_ask_is_not_heard(tmp_path: Path):
    after = overlaid(
        tmp_path,
        "findings: {clunk: {label: Clunk, asked: {question: Does it clunk?, group: aggravating}, "
        "background: {value: 0.1, sample_size: 50}, "
        "causes: {soft_mount: {value: 0.9, sample_size: 50}}}}\n"
        "causes: {soft_mount: {textbook: {clunk: true}}}\n",
    )
    found = compared(gearbox(), after)
    assert found.counts.not_compared == 0
    assert ("soft_mount", "soft_mount") in {(each.id, each.cause) for each in found.most_moved}


def test_a_rule_that_goes_lowers_whom_it_raised():
    description = gearbox().description
    assert description.triage is not None
    rules = replace(description.triage, rules={})
    after = DiagnosticModel(
        replace(gearbox().compiled, description=replace(description, triage=rules))
    )
    found = compared(gearbox(), after)
    assert found.numbers == ()
    assert all(each.startswith("triage.rules.") for each in found.others)
    assert found.counts.urgency_lowered > 0
    assert found.counts.urgency_raised == 0


def test_the_kinds_of_people_add_up_to_all(raised: DiagnosticModel):
    told = [
        made_up("one", {"whine": True}, "soft_mount"),
        made_up("two", {"clunk": True}, "loose_bolt"),
    ]
    found = compared(gearbox(), raised, told)
    assert {kind: each.compared for kind, each in found.by_kind.items()} == {
        "textbook": PRESENTATIONS,
        "case": len(told),
        "drawn": DRAWN,
    }
    for name in found.counts.__struct_fields__:
        parts = [getattr(each, name) for each in found.by_kind.values()]
        assert sum(parts) == getattr(found.counts, name)


def test_cases_are_right_where_what_was_confirmed_comes_first(raised: DiagnosticModel):
    answers = gearbox().causes["soft_mount"].textbook
    first = gearbox().diagnose(answers).causes[0].id
    last = gearbox().diagnose(answers).causes[-1].id
    told = [made_up("right", answers, first), made_up("wrong", answers, last)]
    of_nobody = [made_up("unknown", answers, "not a cause")]
    found = compared(gearbox(), raised, [*told, *of_nobody]).confirmed_first
    after = raised.diagnose(answers).causes[0].id
    assert (found.cases, found.before, found.after) == (2, 1, (after in (first, last)))


def test_what_comes_first_is_asked_of_people_who_deny_every_screen(tmp_path: Path):
    after = overlaid(tmp_path, "findings: {getting_worse: {asked: {cost: 50}}}\n")
    found = first_questions(gearbox(), after)
    kinds = [each.who for each in found]
    assert len({tuple(each.items()) for each in kinds}) == len(kinds) > 1
    first, gates = gearbox().description.interview.first, gearbox().description.interview.gates
    denied = {line: False for gate in gates.values() for line in gate.lines}
    for each in found:
        assert set(each.who) == set(first)
        for model, asked in ((gearbox(), each.before), (after, each.after)):
            question = model.diagnose({**denied, **each.who}).next_question
            assert asked == (question and question.id)
    assert {each.before for each in found} != {each.after for each in found}
    assert "first question other for" in compared(gearbox(), after).verdict


def test_drawn_people_are_the_same_however_many():
    assert list(drawn(gearbox(), 45))[:30] == list(drawn(gearbox(), 30))
    assert list(drawn(gearbox(), 0)) == []


def test_who_cannot_be_right_is_lost_and_the_others_keep_their_places():
    people = [
        Someone("case", "a", {"whine": True}),
        Someone("case", "b", {"whine": "perhaps"}),
        Someone("case", "c", {"whine": False}),
    ]
    found = conclude_both(gearbox(), gearbox(), people, lambda done, share: None)
    assert [each.who.id for each in found.pairs] == ["a", "c"]
    assert [each.id for each in found.lost] == ["b"]


def test_cases_come_along_with_the_model_that_they_are_for():
    runner = bayesnet.load_model("lbp-runner")
    over = bayesnet.load_model("lbp-runner+primary-care")
    cases = published_cases((*runner.compiled.origin, *over.compiled.origin))
    assert len({each.id for each in cases}) == len(cases) > 30
    assert {name for each in cases for name in each.evidence} <= set(runner.known)
    assert published_cases(gearbox().compiled.origin) == ()
