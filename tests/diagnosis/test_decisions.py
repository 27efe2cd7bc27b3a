"""Triage, the list not to be missed, and the choice of a question: each rule by itself."""

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.diagnosis.decisions.discriminating_questions import Discrimination
from bayesnet.diagnosis.decisions.pathways import may_act
from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.decisions.questions import conduct
from bayesnet.model.format.pathways import levels_of

PEOPLE = (
    {"knock": True, "oil_puddle": True, "onset": "sudden"},
    {"recent_repair": True, "rattle_idle": True},
    {"burning_smell": True, "towing": True},
    {"whine": True, "hours": 4000},
    {"oil_puddle": True, "squeal_cold": True},
)


@pytest.fixture
def model():
    return gearbox()


@pytest.mark.parametrize("number", range(len(PEOPLE)))
def test_exactly_the_causes_at_their_threshold_must_not_be_missed(model, number):
    report = model.diagnose(PEOPLE[number])
    expected = set()
    for cause in report.causes:
        threshold = model.thresholds.get(cause.id)
        if threshold is not None and cause.probability >= threshold.value:
            expected.add(cause.id)
    assert {each.id for each in report.must_not_miss} == expected
    assert bool(expected) == (number != 3)


def test_a_pathway_is_one_that_the_triage_allows_and_has_its_urgency(model):
    for person in PEOPLE:
        found = model.diagnose(person)
        assert found.pathway.urgency == found.triage.level
        allowed = levels_of(model.description.pathways[found.pathway.id])
        assert found.triage.level in allowed


def test_the_next_question_tells_most_for_its_cost(model):
    known = model.known
    assert known["play_test"].asked.cost > known["squeal_cold"].asked.cost == 1.0
    bits = {"play_test": 0.11, "squeal_cold": 0.10, "rattle_idle": 0.01}
    chosen = conduct(known, bits, (), 0.02)
    assert [question.id for question in chosen.questions] == [
        "play_test",
        "squeal_cold",
        "rattle_idle",
    ]
    assert chosen.next_question.id == "squeal_cold"
    assert "for what it costs to ask" in chosen.next_question.reason
    assert chosen.questions[0].separating_bits is None
    assert conduct(known, {"rattle_idle": 0.01}, (), 0.02).should_stop
    flag = conduct(known, {"rattle_idle": 0.01, "burning_smell": 0.001}, ("burning_smell",), 0.02)
    assert (flag.next_question.id, flag.should_stop) == ("burning_smell", False)


def test_what_the_urgency_hangs_on_comes_before_what_separates_and_leaves_the_ranking(model):
    bits = {"play_test": 0.11, "burning_smell": 0.001, "smoke": 0.003}
    apart = Discrimination({"worn_bearing": "Bearing", "slipping_belt": "Belt"}, {"play_test": 0.2})
    plain = conduct(model.known, bits, ("burning_smell", "smoke"), 0.02, apart)
    found = conduct(
        model.known, bits, ("burning_smell", "smoke"), 0.02, apart, ("burning_smell", "smoke")
    )
    assert plain.next_question.id == "play_test"
    assert found.next_question.id == "smoke"
    assert found.questions == plain.questions


def test_a_pathway_acts_from_the_thresholds_of_its_causes(model):
    calm, urgent = np.array([rank("soon")]), np.array([rank("urgent")])
    shares = np.zeros((5, len(model.policy.scale.causes), 1))
    own = model.policy.scale.causes.index("loose_bolt")
    assert not may_act(model.policy, "bolt_check", calm, shares)[0]
    assert may_act(model.policy, "bolt_check", urgent, shares)[0]
    assert may_act(model.policy, "loosen", calm, shares)[0]
    shares[:, own] = 1.0
    assert may_act(model.policy, "bolt_check", calm, shares)[0]
    assert not may_act(model.policy, "tow", calm, shares)[0]


def test_what_separates_causes_at_odds_is_asked_first(model):
    bits = {"play_test": 0.11, "squeal_cold": 0.10, "rattle_idle": 0.09, "burning_smell": 0.3}
    at_odds = {"worn_bearing": "Worn bearing", "slipping_belt": "Slipping belt"}

    def asked(told):
        return conduct(model.known, bits, ("burning_smell",), 0.02, Discrimination(at_odds, told))

    found = asked(
        {"play_test": 0.03, "squeal_cold": 0.019, "rattle_idle": 0.025, "burning_smell": 0.0}
    )
    assert [each.id for each in found.questions] == [
        "play_test",
        "rattle_idle",
        "burning_smell",
        "squeal_cold",
    ]
    assert [each.separates for each in found.questions] == [tuple(at_odds)] * 2 + [()] * 2
    assert [each.separating_bits for each in found.questions] == [0.03, 0.025, 0.0, 0.019]
    assert found.next_question.id == "rattle_idle"
    assert found.next_question.expected_information_bits == 0.09
    reason = found.next_question.reason
    assert "about worn bearing and slipping belt for what it costs" in reason
    assert "care for one of them harms the other" in reason
    # What tells too little is not chosen for being cheap.
    dear = asked(
        {"play_test": 0.021, "squeal_cold": 0.019, "rattle_idle": 0.0, "burning_smell": 0.0}
    )
    assert dear.next_question.id == dear.questions[0].id == "play_test"
    # Where nothing separates them, all causes are asked about.
    none = asked(dict.fromkeys(bits, 0.001))
    assert [each.id for each in none.questions] == [
        "burning_smell",
        "play_test",
        "squeal_cold",
        "rattle_idle",
    ]
    assert none.next_question.id == "burning_smell"
    assert "about the causes" in none.next_question.reason
