"""What is concluded of one person is what the whole report says."""

import pytest
from lbp_validation.conclusion import conclude
from support.models import gearbox

from bayesnet.diagnosis.report.records import PathwayResult
from bayesnet.errors import UnknownNameError

PEOPLE = (
    {},
    {"smoke": True},
    {"knock": True, "getting_worse": None},
    {"ultrasound": True},
    {"oil_puddle": True, "onset": "sudden", "hours": 7000, "towing": True},
    {"exhaust_smell": True, "new_clutch": True, "gear_jumps": False},
)


def advised(pathway: PathwayResult | None) -> object:
    """Return what a pathway advises; its values have their last bits from the executor."""
    return pathway and (pathway.id, pathway.urgency, pathway.phases, pathway.avoid)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda each: "+".join(each) or "nothing")
def test_it_says_what_the_report_says(person: dict[str, object]) -> None:
    report, found = gearbox().diagnose(person), conclude(gearbox(), person)
    assert advised(found.pathway) == advised(report.pathway)
    assert [each.id for each in found.must_not_miss] == [each.id for each in report.must_not_miss]
    told, whole = found.triage, report.triage
    assert (told.level, told.message, told.provisional) == (
        whole.level,
        whole.message,
        whole.provisional,
    )
    assert (told.ask_first, told.forbids) == (whole.ask_first, whole.forbids)
    assert [each.id for each in found.causes] == [each.id for each in report.causes]
    for mine, its in zip(found.causes, report.causes, strict=True):
        assert mine.probability == pytest.approx(its.probability, abs=1e-12)
        assert mine.interval is None


def test_an_answer_that_implies_others_counts_for_no_cause_at_all_too() -> None:
    """An answer to a derived question is a likelihood, in whichever way it is asked about."""
    derived = next(name for name, each in gearbox().known.items() if each.derived_from)
    report, found = gearbox().diagnose({derived: True}), conclude(gearbox(), {derived: True})
    assert advised(found.pathway) == advised(report.pathway)
    assert found.pathway is not None
    assert report.pathway is not None
    assert found.pathway.expected_value == pytest.approx(report.pathway.expected_value, abs=1e-9)


def test_it_raises_what_a_diagnosis_raises() -> None:
    with pytest.raises(UnknownNameError):
        conclude(gearbox(), {"no_such_thing": True})
