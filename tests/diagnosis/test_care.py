"""Care as decisions: thresholds, pathways, exercises, exemptions, and what a runner may read."""

import re
from functools import cache
from itertools import combinations

import msgspec
import numpy as np
import pytest

import bayesnet
from bayesnet.diagnosis.decisions.pathways import NONE, Circumstances, choose_pathway
from bayesnet.diagnosis.decisions.thresholds import action_thresholds
from bayesnet.diagnosis.decisions.triage import Facts, triage

# Sensible for a conservative clinician; the values of the pathways must imply them.
EXPECTED = {
    "cauda_equina": (0.005, 0.015),
    "spinal_infection": (0.005, 0.015),
    "malignancy": (0.015, 0.03),
    "compression_fracture": (0.03, 0.07),
    "sacral_stress_fracture": (0.06, 0.12),
    "axial_spondyloarthritis": (0.08, 0.15),
    "pars_stress_injury": (0.08, 0.15),
}
FACET = ("leaning_back", "downhill_running", "prolonged_standing", "eased_by_bending_forward")
DISC = ("bending_forward", "prolonged_sitting", "rising_from_sitting", "coughing")
BOTH_LIVE = [
    (*facet, *disc)
    for some in (2, 3)
    for facet in combinations(FACET, some)
    for disc in combinations(DISC, 2)
][::4]
CLAUDICATION = {
    "age": 68,
    "duration": "over_12_weeks",
    "both_legs": True,
    "walking": True,
    "eased_by_sitting": True,
    "referral": "below_knee",
    "getting_worse": False,
    "leg_weakness": False,
    "progressive_weakness": False,
    "saddle_numbness": False,
    "bladder_change": False,
    "bowel_change": False,
    "sexual_dysfunction": False,
}


@cache
def model():
    return bayesnet.load_model("lbp-runner")


def prior():
    causes = model().description.causes
    return {
        **{name: cause.prevalence.value for name, cause in causes.items()},
        NONE: model().prior_none,
    }


def test_thresholds_follow_from_the_values_of_the_pathways():
    assert set(model().thresholds) == set(EXPECTED)
    for name, (low, high) in EXPECTED.items():
        threshold = model().thresholds[name]
        assert low < threshold.value < high, (name, threshold.value)
        assert threshold.otherwise == "calm_and_neutral"
        # At the threshold both are worth the same to a person who may have this cause or none.
        p = threshold.value
        assert p * threshold.benefit == pytest.approx((1 - p) * threshold.harm)


def test_more_to_gain_lowers_a_threshold_and_no_other():
    description = model().description
    pathway = description.pathways["bone_stress"]
    utility = pathway.value["sacral_stress_fracture"]
    dearer = {**pathway.value, "sacral_stress_fracture": msgspec.structs.replace(utility, value=40)}
    pathways = {
        **description.pathways,
        "bone_stress": msgspec.structs.replace(pathway, value=dearer),
    }
    changed = action_thresholds(msgspec.structs.replace(description, pathways=pathways), prior())
    for name, threshold in model().thresholds.items():
        assert (changed[name].value < threshold.value) == (name == "sacral_stress_fracture")


def test_a_cause_over_its_threshold_is_listed_in_words_and_raises_triage():
    report = model().diagnose({"running_impact": True, "walking": True, "main_pain": "buttock"})
    missed = {each.id: each for each in report.must_not_miss}["sacral_stress_fracture"]
    assert missed.threshold == model().thresholds["sacral_stress_fracture"].value
    said = "stop running and have an MRI from 9 % probability of sacral stress fracture"
    assert missed.reason.startswith(f"{said}: acting gains about 25 good weeks")
    assert any(said in each for each in report.pathway.because)
    held = {each.rule for each in report.triage.reasons}
    assert "probable_sacral_stress_fracture" in held


def test_some_stress_fracture_stops_a_run_that_a_strain_would_allow():
    nothing = dict.fromkeys(prior(), 0.0)
    strain = {**nothing, "muscle_strain": 0.4, NONE: 0.4}
    with_fracture = {**strain, "sacral_stress_fracture": 0.15, NONE: 0.3}

    def chosen(probabilities):
        circumstances = Circumstances(probabilities, "self_care", model().thresholds)
        return choose_pathway(model().description, circumstances).id

    assert chosen(strain) == "strain_recovery"
    assert chosen(with_fracture) == "bone_stress"


@pytest.mark.parametrize("findings", BOTH_LIVE, ids=lambda each: "+".join(each))
def test_facet_and_disc_both_live_no_direction_and_first_what_separates_them(findings):
    report = model().diagnose({**dict.fromkeys(findings, True), "age": 40})
    assert {"facet_joint", "disc"} <= {e.id for e in report.causes if e.probability >= 0.17}
    exercises = model().description.exercises
    given = {each.id for phase in report.pathway.phases for each in phase.exercises}
    assert not {exercises[each].direction for each in given} & {"flexion", "extension"}
    assert not model().description.pathways[report.pathway.id].direction
    assert any("contradict each other" in each for each in report.pathway.because)
    seen = {**dict.fromkeys(findings, "yes"), "age": "35_to_44"}
    questions = [each.id for each in report.questions]
    told = model().engine.information(["facet_joint", "disc"], questions, seen)
    enough = {each: bits for each, bits in told.items() if bits >= 0.02}
    assert told[questions[0]] == max(told.values()) >= 0.02
    assert {each.id for each in report.questions if each.separates} == set(enough)
    assert set(questions[: len(enough)]) == set(enough)
    for each in report.questions:
        assert each.separating_bits == pytest.approx(told[each.id], abs=1e-12)
    worth = {each: bits / model().known[each].asked.cost for each, bits in enough.items()}
    assert worth[report.next_question.id] == max(worth.values())
    assert "about facet joint pain and disc pain" in report.next_question.reason
    assert "care for one of them harms the other" in report.next_question.reason


def test_a_question_separates_as_much_as_asking_it_would():
    """I = H(facet, disc) + H(answer) - H(facet, disc, answer), from their joint posterior."""
    seen = dict.fromkeys(BOTH_LIVE[0], "yes")
    report = model().diagnose(dict.fromkeys(seen, True), audience="clinician")
    for question in (*report.questions[:4], *report.questions[-2:]):
        joint = model().engine.joint(["facet_joint", "disc", question.id], seen)
        told = entropy(joint.sum(axis=2)) + entropy(joint.sum(axis=(0, 1))) - entropy(joint)
        assert question.separating_bits == pytest.approx(told, abs=1e-9)


def entropy(joint):
    chances = joint[joint > 0]
    return -(chances * np.log2(chances)).sum()


@pytest.mark.parametrize("person", [{}, {"coughing": True, "prolonged_sitting": True}])
def test_nothing_is_separated_while_nothing_is_at_odds(person):
    report = model().diagnose(person)
    assert {each.separating_bits for each in report.questions} == {None}
    assert not any(each.separates for each in report.questions)
    assert "about the causes" in report.next_question.reason


def test_no_value_buys_a_direction_at_odds():
    description = model().description
    opening = description.pathways["facet_opening"]
    bribed = {
        name: msgspec.structs.replace(each, value=500.0) for name, each in opening.value.items()
    }
    pathways = {
        **description.pathways,
        "facet_opening": msgspec.structs.replace(opening, value=bribed),
    }
    changed = msgspec.structs.replace(description, pathways=pathways)
    probabilities = {**dict.fromkeys(prior(), 0.01), "facet_joint": 0.8, "disc": 0.18}
    chosen = choose_pathway(changed, Circumstances(probabilities, "self_care", {}))
    assert chosen.id != "facet_opening"
    probabilities["disc"] = 0.14
    assert (
        choose_pathway(changed, Circumstances(probabilities, "self_care", {})).id == "facet_opening"
    )


def test_every_exercise_and_phase_says_when_to_start_go_on_and_stop():
    for name, exercise in model().description.exercises.items():
        assert all((exercise.dose, exercise.progression, exercise.stop_if)), name
        assert "stop" not in exercise.dose, name
    for name, pathway in model().description.pathways.items():
        for phase in pathway.phases:
            assert all((phase.enter_when, phase.move_on_when)), (name, phase.name)
        returns = [phase for phase in pathway.phases if phase.name == "Return to run"]
        assert len(returns) <= 1
        assert all(len(phase.move_on_when) > 20 for phase in returns)


def test_exemptions_need_every_answer():
    """A narrowed canal is no emergency, and is soon seen to once every other sign is denied."""
    picture = ("age", "duration", "eased_by_sitting", "leg_weakness")
    denied = [n for n, value in CLAUDICATION.items() if value is False and n != "leg_weakness"]
    silent, unsure = (
        [{key: CLAUDICATION[key] for key in CLAUDICATION if key != name} for name in names]
        for names in (picture, denied)
    )
    flagged = [
        {**CLAUDICATION, name: True}
        for name in ("leg_weakness", "saddle_numbness", "bladder_change")
    ]
    emergencies = [{"both_legs": True}, *silent, *flagged]
    urgent = [*unsure, {**CLAUDICATION, "getting_worse": True}]
    persons = [CLAUDICATION, *emergencies, *urgent]
    many = model().diagnose_many({n: [p.get(n) for p in persons] for n in CLAUDICATION})
    assert many["triage"][1 : 1 + len(emergencies)].tolist() == ["emergency"] * len(emergencies)
    assert many["triage"][1 + len(emergencies) :].tolist() == ["urgent"] * len(urgent)
    for row, person in enumerate(persons[:3]):
        report = model().diagnose(person)
        assert many["triage"][row] == report.triage.level
        assert ("both_legs" in {each.rule for each in report.triage.reasons}) == (row > 0)
    for person, rule in [(p, "both_legs") for p in silent] + [
        (p, "both_legs_on_walking") for p in urgent
    ]:
        urgency = triage(model().description, Facts(person, {}, model().known, {}))
        assert rule in {each.rule for each in urgency.reasons}, person
    urgency = triage(model().description, Facts(CLAUDICATION, {}, model().known, {}))
    assert urgency.level == "soon"


# What would send someone off to test bone by hopping; warnings against it are meant to be there.
WARNED = re.compile(r"(?i)\b(do not|don't|never|no|avoid|not)\b[^.;]*\bhop")
HOP = re.compile(r"(?i)\bhop(s|ping|ped)?\b|\bhop[ _-]test")


def people():
    """A runner for each textbook picture, each emergency of one finding, and all contributors."""
    described = model().description
    known = model().known
    own = {name for name, each in known.items() if each.asked.asked_of == "self"}
    for cause in described.causes.values():
        yield {name: value for name, value in cause.textbook.items() if name in own}
    for name in sorted(own):
        facts = Facts({name: True}, {}, known, {})
        if known[name].is_yes_no and triage(described, facts).level == "emergency":
            yield {name: True}
    risky = described.risk_factors.items()
    yield {name: True for name, factor in risky if factor.modifiable and name in own}
    yield {}


def test_a_runner_is_never_asked_a_clinicians_test_or_told_to_hop():
    known = model().known
    for evidence in people():
        report = model().diagnose(evidence)
        asked = [*report.questions, *filter(None, [report.next_question])]
        assert all(each.asked_of == "self" for each in asked), evidence
        assert all(known[each.id].asked.asked_of == "self" for each in asked), evidence
        assert_no_hop(report.to_dict(), report.pathway.avoid)
        if report.triage.level == "emergency":
            assert report.triage.message == "Go to an emergency department now."
            assert not report.questions


def test_nothing_that_may_be_advised_has_a_hop_in_it():
    described = model().description
    for pathway in described.pathways.values():
        assert_no_hop(msgspec.to_builtins(pathway), pathway.avoid)
    assert_no_hop(msgspec.to_builtins(described.exercises), ())
    rules = described.triage.rules.values()
    assert_no_hop([words for rule in rules for words in (rule.reason, rule.message)], ())
    assert_no_hop(list(described.triage.messages.values()), ())
    assert_no_hop([factor.modifiable for factor in described.risk_factors.values()], ())


def assert_no_hop(held, avoided):
    for text in texts(held):
        hops = HOP.search(text) and text not in avoided
        assert not hops or WARNED.search(text), text


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
