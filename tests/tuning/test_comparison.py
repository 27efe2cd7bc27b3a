"""Two models compared: what differs, and whose urgency, causes and pathway that changes."""

import copy
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.models import GEARBOX_FILE, gearbox

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.comparison import DRAWN, Comparison, compare
from bayesnet.tuning.differences import changed_numbers, changed_places

HEAD = f'extends: "{GEARBOX_FILE}"\nsource: [workshop audit 2026]\n'


def overlaid(folder: Path, text: str) -> DiagnosticModel:
    path = folder / "workshop.yaml"
    path.write_text(HEAD + text)
    return bayesnet.load_model(str(path))


def compared(before: DiagnosticModel, after: DiagnosticModel) -> Comparison:
    told: list[float] = []
    found = compare(before, after, lambda _, share: told.append(share))
    assert told == sorted(told)
    assert told[-1:] in ([], [1.0])
    return found


@pytest.fixture
def raised(tmp_path: Path) -> DiagnosticModel:
    """The gearbox where a loose bolt, which is serious, is ten times as common."""
    return overlaid(tmp_path, "causes: {loose_bolt: {prevalence: {value: 0.3}}}\n")


def test_a_model_and_itself():
    found = compared(gearbox(), copy.copy(gearbox()))
    assert found.verdict == "nothing differs"
    assert (found.numbers, found.others, found.changed, found.counts.compared) == ((), (), (), 0)


def test_a_number_with_both_sources(raised: DiagnosticModel):
    (change,) = changed_numbers(gearbox().description, raised.description)
    assert change.name == "loose_bolt.prevalence"
    assert change.before is not None
    assert change.after is not None
    assert (change.before.value, change.after.value) == (0.03, 0.3)
    assert change.before.sources == ("expert judgement",)
    assert change.after.sources == ("workshop audit 2026",)


def test_lowered_and_raised_are_apart_and_turn_round(raised: DiagnosticModel):
    there, back = compared(gearbox(), raised), compared(raised, gearbox())
    presentations = sum(bool(each.textbook) for each in gearbox().causes.values())
    assert there.counts.compared == presentations + DRAWN
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
            assert said.probability == report.causes[0].probability
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


def test_who_cannot_be_compared_is_named(tmp_path: Path):
    """A finding that never comes with the only cause of it: its textbook is impossible."""
    text = GEARBOX_FILE.read_text()
    assert text
    after = overlaid(tmp_path, "findings: {whine: {asked: {question: 'Does it howl?'}}}\n")
    found = compared(gearbox(), after)
    assert found.numbers == ()
    assert found.others == tuple(each for each in found.others if "whine" in each or "model" in each)
    assert found.counts.not_compared == 0
    assert found.changed == ()
