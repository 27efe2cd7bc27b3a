"""Care as decisions: thresholds, the choice of a pathway, and causes at odds over it."""

from itertools import combinations

import msgspec
import numpy as np
import pytest
from support.models import gearbox

from bayesnet.diagnosis.decisions.pathways import NONE, Circumstances, choose_pathway
from bayesnet.diagnosis.decisions.thresholds import action_thresholds

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


def test_thresholds_follow_from_the_values_of_the_pathways():
    """Against the pathway followed otherwise, by people with none of the causes acted on."""
    described = gearbox().description
    spared = prior()
    for name in gearbox().thresholds:
        spared[NONE] /= 1 - spared.pop(name)

    def expected(pathway):
        utilities = described.pathways[pathway].value
        return sum(p * utilities[name].value for name, p in spared.items() if name in utilities)

    assert set(gearbox().thresholds) == {
        name for name, cause in described.causes.items() if cause.serious
    }
    for name, threshold in gearbox().thresholds.items():
        assert threshold.pathway == described.causes[name].act_by
        assert threshold.otherwise == "grease_and_listen"
        otherwise = described.pathways[threshold.otherwise].value[name].value
        benefit = described.pathways[threshold.pathway].value[name].value - otherwise
        harm = expected(threshold.otherwise) - expected(threshold.pathway)
        assert threshold.benefit == pytest.approx(benefit)
        assert threshold.harm == pytest.approx(harm)
        # At the threshold both are worth the same to one who may have this cause or none.
        p = threshold.value
        assert p * threshold.benefit == pytest.approx((1 - p) * threshold.harm)


def test_more_to_gain_lowers_a_threshold_and_no_other():
    changed = action_thresholds(with_value("bolt_check", loose_bolt=40.0), prior())
    for name, threshold in gearbox().thresholds.items():
        assert (changed[name].value < threshold.value) == (name == "loose_bolt")


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


def test_a_pathway_that_harms_a_likely_cause_gives_way():
    nothing = dict.fromkeys(prior(), 0.0)
    mount = {**nothing, "soft_mount": 0.6, NONE: 0.3}

    def chosen(probabilities):
        circumstances = Circumstances(probabilities, "self_care", gearbox().thresholds)
        return choose_pathway(gearbox().description, circumstances).id

    assert chosen(mount) == "new_mount"
    assert chosen({**mount, "loose_bolt": 0.3}) == "bolt_check"


@pytest.mark.parametrize("findings", BOTH_LIVE, ids=lambda each: "+".join(each))
def test_two_causes_at_odds_no_direction_and_first_what_separates_them(findings):
    report = gearbox().diagnose(dict.fromkeys(findings, True))
    live = gearbox().description.model.live_from.value
    assert set(AT_ODDS) <= {each.id for each in report.causes if each.probability >= live}
    exercises = gearbox().description.exercises
    given = {each.id for phase in report.pathway.phases for each in phase.exercises}
    assert {exercises[each].direction for each in given} == {"neutral"}
    assert not gearbox().description.pathways[report.pathway.id].direction
    assert any("contradict each other" in each for each in report.pathway.because)
    least = gearbox().description.model.stop_below_bits
    questions = [each.id for each in report.questions]
    seen = dict.fromkeys(findings, "yes")
    each = gearbox().engine.information_each(AT_ODDS, questions, seen)
    told = {q: sum(each[cause][q] for cause in AT_ODDS) for q in questions}
    enough = {each: bits for each, bits in told.items() if bits >= least}
    assert told[questions[0]] == max(told.values()) >= least
    assert {each.id for each in report.questions if each.separates} == set(enough)
    assert set(questions[: len(enough)]) == set(enough)
    for each in report.questions:
        assert each.separating_bits == pytest.approx(told[each.id], abs=1e-12)
    worth = {each: bits / gearbox().known[each].asked.cost for each, bits in enough.items()}
    assert worth[report.next_question.id] == max(worth.values())
    assert "about worn bearing and slipping belt" in report.next_question.reason
    assert "care for one of them harms the other" in report.next_question.reason


def test_a_question_separates_as_much_as_asking_it_would():
    """I = H(cause) + H(answer) - H(both), from their joint posterior, for each cause at odds."""
    seen = dict.fromkeys(BOTH_LIVE[0], "yes")
    report = gearbox().diagnose(dict.fromkeys(seen, True), audience="clinician")
    for question in (*report.questions[:4], *report.questions[-2:]):
        told = 0.0
        for cause in AT_ODDS:
            joint = gearbox().engine.joint([cause, question.id], seen)
            told += entropy(joint.sum(axis=1)) + entropy(joint.sum(axis=0)) - entropy(joint)
        assert question.separating_bits == pytest.approx(told, abs=1e-9)


def entropy(joint):
    chances = joint[joint > 0]
    return -(chances * np.log2(chances)).sum()


@pytest.mark.parametrize("person", [{}, {"squeal_cold": True, "squeal_wet": True}])
def test_nothing_is_separated_while_nothing_is_at_odds(person):
    report = gearbox().diagnose(person)
    assert {each.separating_bits for each in report.questions} == {None}
    assert not any(each.separates for each in report.questions)
    assert "about the causes" in report.next_question.reason


def test_no_value_buys_a_direction_at_odds():
    bribed = dict.fromkeys(gearbox().description.pathways["loosen"].value, 500.0)
    changed = with_value("loosen", **bribed)
    probabilities = {**dict.fromkeys(prior(), 0.01), "worn_bearing": 0.8, "slipping_belt": 0.26}
    chosen = choose_pathway(changed, Circumstances(probabilities, "self_care", {}))
    assert chosen.id != "loosen"
    probabilities["slipping_belt"] = 0.24
    assert choose_pathway(changed, Circumstances(probabilities, "self_care", {})).id == "loosen"
