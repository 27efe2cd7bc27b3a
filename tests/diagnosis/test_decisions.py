"""Triage, the list not to be missed, and the choice of a pathway: each rule by itself."""

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.diagnosis.decisions.pathways import may_act
from bayesnet.diagnosis.decisions.policy import rank
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
