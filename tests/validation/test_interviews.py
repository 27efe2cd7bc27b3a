"""Interviews of simulated people: who is asked, and what is said of where it stopped."""

import pytest
from lbp_validation.simulation.interviews import Interviewed, as_text, interview, outcome, people
from support.models import gearbox


@pytest.fixture(scope="module")
def group() -> list[Interviewed]:
    return [interview(gearbox(), answers, causes) for answers, causes in people(gearbox(), 4, 2)]


def test_people_come_as_they_are_and_then_some_with_a_serious_cause() -> None:
    found = list(people(gearbox(), 3, 2))
    again = list(people(gearbox(), 4, 2))
    assert [answers for answers, _ in found[:3]] == [answers for answers, _ in again[:3]]
    causes = gearbox().description.causes
    for _, own in found[3:]:
        assert any(causes[name].serious for name in own)


def test_an_interview_goes_to_its_stop(group: list[Interviewed]) -> None:
    for each in group:
        assert each.session.should_stop
        assert each.early
        assert each.questions <= gearbox().description.interview.most_questions
        assert each.lines >= each.questions or each.session.report.triage.level == "emergency"


def test_an_outcome_is_of_everybody_and_loses_nothing_against_itself(
    group: list[Interviewed],
) -> None:
    found = outcome(gearbox(), group)
    assert found.people == len(group) == 6
    assert found.lost >= -1e-9
    assert found.lost <= found.worth + 1e-9 or found.worth < 0
    caught, emergencies = found.emergencies
    assert 0 <= caught <= emergencies
    assert "6 people" in as_text("All", found)
