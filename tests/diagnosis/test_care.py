"""Care as decisions: thresholds, the choice of a pathway, and causes at odds over it."""

from itertools import combinations

import msgspec
import numpy as np
import pytest
from support.models import gearbox

from bayesnet.diagnosis.decisions.care import choose_pathway
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.thresholds import action_thresholds
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import stakes_of

AT_ODDS = ("worn_bearing", "slipping_belt")
BEARING = ("whine", "whine_under_load", "quiet_downhill")
BELT = ("squeal_cold", "squeal_wet")
BOTH_LIVE = [(*bearing, *BELT) for some in (2, 3) for bearing in combinations(BEARING, some)]


def prior():
    causes = gearbox().description.causes
    return {
        **{name: cause.prevalence.value for name, cause in causes.items()},
        NONE: gearbox().prior_none,
    }


def with_value(pathway, **values):
    """The gearbox's description with some values of a pathway set anew."""
    description = gearbox().description
    former = description.pathways[pathway]
    changed = {
        name: msgspec.structs.replace(former.value[name], value=value)
        for name, value in values.items()
    }
    pathways = {
        **description.pathways,
        pathway: msgspec.structs.replace(former, value={**former.value, **changed}),
    }
    return msgspec.structs.replace(description, pathways=pathways)


def test_a_threshold_that_triage_leaves_out_follows_from_the_values_of_the_pathways():
    """Against the pathway followed otherwise, by people with none of the causes acted on."""
    described = gearbox().description
    assert described.triage is not None
    spared = prior()
    for name, cause in described.causes.items():
        if cause.act_by is not None:
            spared[NONE] /= 1 - spared.pop(name)

    def expected(pathway):
        utilities = described.pathways[pathway].value
        return sum(p * utilities[name].value for name, p in spared.items() if name in utilities)

    threshold = gearbox().thresholds["loose_bolt"]
    assert "loose_bolt" not in described.triage.thresholds
    assert (threshold.pathway, threshold.level) == ("bolt_check", "soon")
    assert threshold.otherwise == "grease_and_listen"
    otherwise = described.pathways[threshold.otherwise].value["loose_bolt"].value
    benefit = described.pathways[threshold.pathway].value["loose_bolt"].value - otherwise
    harm = expected(threshold.otherwise) - expected(threshold.pathway)
    assert threshold.benefit == pytest.approx(benefit)
    # At the threshold both are worth the same to one who may have this cause or none.
    p = threshold.value
    assert p * threshold.benefit == pytest.approx((1 - p) * threshold.harm)
    assert threshold.harm == pytest.approx(harm)


def test_stated_thresholds_are_harm_by_harm_and_benefit_the_lowest_first():
    stated = gearbox().description.triage.thresholds
    for cause, steps in gearbox().policy.scale.steps.items():
        if cause in stated:
            given = stakes_of(stated[cause])
            assert [each.level for each in steps] == list(given)
            assert [each.value for each in steps] == [
                each.harm / (each.harm + each.benefit) for each in given.values()
            ]
        assert [each.value for each in steps] == sorted(each.value for each in steps)
        assert gearbox().thresholds[cause] == steps[0]


def test_more_to_gain_lowers_a_threshold_and_no_other():
    changed = action_thresholds(with_value("bolt_check", loose_bolt=40.0), prior())
    for name, threshold in gearbox().thresholds.items():
        assert (changed[name][0].value < threshold.value) == (name == "loose_bolt")


def test_a_cause_over_its_threshold_is_listed_in_words_and_raises_triage():
    report = gearbox().diagnose({"recent_repair": True, "rattle_idle": True})
    missed = {each.id: each for each in report.must_not_miss}["loose_bolt"]
    threshold = gearbox().thresholds["loose_bolt"]
    assert missed.threshold == threshold.value
    said = f"have the bolts looked at from {threshold.value:.2g}".split(" from ")[0]
    assert missed.reason.startswith(said)
    assert "probability of loose bolt" in missed.reason
    assert "good hours" in missed.reason
    assert any(each.startswith(said) for each in report.pathway.because)
    assert "probable_loose_bolt" in {each.rule for each in report.triage.reasons}


def chosen(model, probabilities, level="soon"):
    """The pathway of a person with these probabilities at a level."""
    columns = {name: np.array([p]) for name, p in probabilities.items()}
    person = People(model.known, {}, {}, columns, model.policy.limits, np.array([False]))
    return choose_pathway(model.policy, person, level, ()).id


def test_a_pathway_that_harms_a_likely_cause_gives_way():
    mount = {**dict.fromkeys(prior(), 0.0), "soft_mount": 0.6, NONE: 0.3}
    assert chosen(gearbox(), mount) == "new_mount"
    assert chosen(gearbox(), {**mount, "loose_bolt": 0.3}) == "bolt_check"


@pytest.mark.parametrize("findings", BOTH_LIVE, ids=lambda each: "+".join(each))
def test_two_causes_at_odds_no_direction(findings):
    report = gearbox().diagnose(dict.fromkeys(findings, True))
    live = gearbox().description.model.live_from.value
    assert set(AT_ODDS) <= {each.id for each in report.causes if each.probability >= live}
    exercises = gearbox().description.exercises
    given = {each.id for phase in report.pathway.phases for each in phase.exercises}
    assert {exercises[each].direction for each in given} == {"neutral"}
    assert not gearbox().description.pathways[report.pathway.id].direction
    assert any("contradict each other" in each for each in report.pathway.because)


def test_no_value_buys_a_direction_at_odds():
    bribed = dict.fromkeys(gearbox().description.pathways["loosen"].value, 500.0)
    description = with_value("loosen", **bribed)
    changed = DiagnosticModel(msgspec.structs.replace(gearbox().compiled, description=description))
    probabilities = {**dict.fromkeys(prior(), 0.01), "worn_bearing": 0.8, "slipping_belt": 0.26}
    assert chosen(changed, probabilities, "self_care") != "loosen"
    probabilities["slipping_belt"] = 0.24
    assert chosen(changed, probabilities, "self_care") == "loosen"


def test_answers_rule_a_pathway_out_alone_and_in_a_table():
    """Tightening is not for a belt that never squeals cold, however likely the belt is."""
    belt = {"squeal_wet": True, "quiet_when_warm": True}
    silent = {**belt, "squeal_cold": False}
    assert gearbox().diagnose(belt).pathway.id == "tighten"
    report = gearbox().diagnose(silent)
    assert report.pathway.id != "tighten"
    assert "tighten" not in [each.id for each in report.pathway.alternatives]
    many = gearbox().diagnose_many([belt, silent])
    assert many["pathway"].tolist() == ["tighten", report.pathway.id]
