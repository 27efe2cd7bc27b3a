"""The report: what every diagnosis of the shipped model has to hold."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bayesnet
from bayesnet.errors import EvidenceError, ImpossibleEvidenceError, UnknownNameError
from bayesnet.tape.leaving import decibans

FACET = {
    "leaning_back": True,
    "downhill_running": True,
    "prolonged_standing": True,
    "coughing": False,
    "referral": "buttock",
    "age": 42,
}
LEVELS = ("self_care", "routine", "soon", "urgent", "emergency")


@cache
def model():
    return bayesnet.load_model("lbp-runner")


@cache
def answers():
    """Every askable id with a strategy for its answers."""
    found = {}
    for name, askable in model().known.items():
        if askable.is_number:
            found[name] = st.integers(5, 110)
        elif askable.is_yes_no:
            found[name] = st.booleans()
        else:
            found[name] = st.sampled_from(askable.answer.states)
    return found


@st.composite
def people(draw):
    names = draw(st.lists(st.sampled_from(sorted(answers())), unique=True, max_size=8))
    return {name: draw(answers()[name]) for name in names}


def by_id(report):
    return {cause.id: cause.probability for cause in report.causes}


def test_no_evidence_gives_back_exactly_the_prevalences():
    report = model().diagnose({})
    for cause in report.causes:
        assert cause.probability == pytest.approx(cause.prior, abs=1e-9), cause.id
    assert report.no_identified_cause.probability == pytest.approx(report.no_identified_cause.prior)


def test_there_are_seventeen_causes_and_all_are_reported_in_order():
    report = model().diagnose(FACET)
    assert len(report.causes) == 17
    probabilities = [cause.probability for cause in report.causes]
    assert probabilities == sorted(probabilities, reverse=True)
    assert report.causes[0].id == "facet_joint"


def test_the_report_has_every_key_of_the_contract():
    plain = model().diagnose(FACET).to_dict()
    assert set(plain) >= {
        "schema_version", "model", "triage", "evidence", "causes", "must_not_miss",
        "no_identified_cause", "next_question", "questions", "should_stop", "stop_reason",
        "pathway", "contributors", "explanation", "warnings", "disclaimer",
    }  # fmt: skip
    assert plain["schema_version"] == 1
    assert set(plain["model"]) >= {"id", "version", "sha256"}
    assert set(plain["triage"]) >= {"level", "message", "reasons"}
    assert set(plain["evidence"][0]) >= {"id", "value", "label"}
    assert set(plain["causes"][0]) >= {"id", "label", "probability", "prior", "interval"}
    assert set(plain["no_identified_cause"]) >= {"probability", "prior"}
    assert set(plain["next_question"]) >= {
        "id", "text", "choices", "expected_information_bits", "reason",
    }  # fmt: skip
    assert set(plain["questions"][0]) >= {"id", "expected_information_bits"}
    assert set(plain["pathway"]) >= {
        "id", "label", "urgency", "phases", "avoid", "because", "sources",
    }  # fmt: skip
    phase = plain["pathway"]["phases"][0]
    assert set(phase) >= {"name", "goal", "actions", "exercises"}


@settings(max_examples=40)
@given(people())
def test_any_answers_give_a_sound_report(person):
    try:
        report = model().diagnose(person, audience="clinician")
    except (EvidenceError, ImpossibleEvidenceError):
        return
    assert report.triage.level in LEVELS
    for value in (*by_id(report).values(), report.no_identified_cause.probability):
        assert 0 <= value <= 1
    first = [question for question in report.questions if question.separates]
    assert report.questions[: len(first)] == tuple(first)
    told = [question.separating_bits for question in first]
    assert told == sorted(told, reverse=True)
    rest = [question.expected_information_bits for question in report.questions[len(first) :]]
    assert rest == sorted(rest, reverse=True)
    bits = [question.expected_information_bits for question in report.questions]
    assert all(bit >= 0 and math.isfinite(bit) for bit in bits)
    assert {question.id for question in report.questions}.isdisjoint(person)
    assert report.pathway is not None


@settings(max_examples=15)
@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(person, random):
    shuffled = list(person.items())
    random.shuffle(shuffled)
    try:
        first = model().diagnose(person)
    except (EvidenceError, ImpossibleEvidenceError):
        return
    second = model().diagnose(dict(shuffled))
    assert by_id(first) == pytest.approx(by_id(second), abs=1e-12)
    assert first.triage.level == second.triage.level


def test_unknown_is_not_absent_and_is_not_asked_again():
    asked = model().diagnose({**FACET, "spasm": None})
    never = model().diagnose(FACET)
    absent = model().diagnose({**FACET, "spasm": False})
    assert by_id(asked) == pytest.approx(by_id(never), abs=1e-12)
    assert by_id(absent) != pytest.approx(by_id(never), abs=1e-4)
    assert "spasm" in {question.id for question in never.questions}
    assert "spasm" not in {question.id for question in asked.questions}


def test_a_question_is_worth_what_asking_it_tells_on_average():
    """I = H(causes) - sum over answers of P(answer) H(causes | answer), by brute force."""
    engine = model().engine
    network = model().network
    causes = ["facet_joint", "disc", "nerve_root", "sacroiliac_joint"]
    evidence = {"leaning_back": "yes", "age": "35_to_44"}
    questions = ["coughing", "slump", "training_spike", "referral", "sex", "thigh_thrust"]
    found = engine.information(causes, questions, evidence)

    def entropy(given):
        joint = engine.joint(causes, given).ravel()
        joint = joint[joint > 0]
        return -(joint * np.log2(joint)).sum()

    before = entropy(evidence)
    for question in questions:
        variable = network.variable(question)
        chances = engine.marginals(evidence, [question])[question]
        after = sum(
            chance * entropy({**evidence, question: state})
            for state, chance in zip(variable.states, chances, strict=True)
        )
        assert found[question] == pytest.approx(before - after, abs=1e-9), question


def test_the_ranking_is_about_the_joint_of_all_causes():
    report = model().diagnose(FACET)
    network_evidence = {
        "leaning_back": "yes", "downhill_running": "yes", "prolonged_standing": "yes",
        "coughing": "no", "referral": "buttock", "age": "35_to_44",
    }  # fmt: skip
    names = [question.id for question in report.questions]
    again = model().engine.information(model().description.causes, names, network_evidence)
    for question in report.questions:
        assert question.expected_information_bits == pytest.approx(again[question.id], abs=1e-9)


def test_only_a_clinician_is_asked_for_examination_tests():
    own = {question.asked_of for question in model().diagnose(FACET).questions}
    clinic = {q.asked_of for q in model().diagnose(FACET, audience="clinician").questions}
    assert own == {"self"}
    assert clinic == {"self", "clinician"}
    with pytest.raises(EvidenceError, match="self, clinician"):
        model().diagnose(FACET, audience="doctor")


@pytest.mark.parametrize(
    "flag",
    [
        "saddle_numbness",
        "bladder_change",
        "bowel_change",
        "sexual_dysfunction",
        "progressive_weakness",
    ],
)
def test_one_cauda_equina_item_is_an_emergency_and_nothing_lowers_it(flag):
    for person in ({flag: True}, {**FACET, flag: True, "onset": "sudden_moment", "spasm": True}):
        report = model().diagnose(person)
        assert report.triage.level == "emergency"
        assert report.pathway.urgency == "emergency"
        assert report.next_question is None
        assert report.should_stop
        assert not report.contributors
        assert not any(phase.exercises for phase in report.pathway.phases)


def test_the_interview_does_not_stop_while_a_mandatory_red_flag_is_unasked():
    known = model().known
    mandatory = {name for name, each in known.items() if each.asked.mandatory}
    assert mandatory
    person = {name: None for name in known if name not in mandatory}
    report = model().diagnose(person)
    assert not report.should_stop
    assert report.next_question.id in mandatory
    assert report.warnings
    done = model().diagnose({**person, **dict.fromkeys(mandatory)})
    assert done.should_stop
    assert done.next_question is None
    assert not done.warnings


def test_facet_and_disc_both_live_gives_no_directional_exercise():
    person = {
        "leaning_back": True, "prolonged_standing": True, "downhill_running": True,
        "bending_forward": True, "coughing": True, "prolonged_sitting": True, "age": 45,
    }  # fmt: skip
    report = model().diagnose(person)
    found = by_id(report)
    assert found["facet_joint"] > 0.2
    assert found["disc"] > 0.2
    directions = {
        model().description.exercises[exercise.id].direction
        for phase in report.pathway.phases
        for exercise in phase.exercises
    }
    assert directions.isdisjoint({"flexion", "extension"})


def test_a_derived_finding_agrees_with_its_source_or_says_so():
    leg = by_id(model().diagnose({"leg_pain": True}))
    joint = model().engine.marginals({"referral": [0, 0, 1, 1, 1]}, ["nerve_root"])
    assert leg["nerve_root"] == pytest.approx(joint["nerve_root"][1], abs=1e-12)
    both = by_id(model().diagnose({"leg_pain": True, "referral": "foot"}))
    assert both == pytest.approx(by_id(model().diagnose({"referral": "foot"})), abs=1e-12)
    with pytest.raises(EvidenceError, match="'leg_pain' = no and 'referral' = foot"):
        model().diagnose({"leg_pain": False, "referral": "foot"})


def test_age_is_banded_and_its_range_is_said():
    assert by_id(model().diagnose({"age": 36})) == by_id(model().diagnose({"age": 44}))
    for bad in (400, -1, 3.5, "old", True):
        with pytest.raises(EvidenceError, match="whole number from 5 to 110"):
            model().diagnose({"age": bad})


def test_impossible_evidence_names_the_ids_that_clash():
    with pytest.raises(ImpossibleEvidenceError) as raised:
        model().diagnose({**FACET, "sex": "male", "postmenopausal": True})
    named = {each.split(" ")[0] for each in raised.value.conflicting}
    assert named == {"sex", "postmenopausal"}


def test_unknown_ids_and_values_come_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'leaning_back'"):
        model().diagnose({"leaning_bak": True})
    with pytest.raises(UnknownNameError, match="did you mean 'buttock'"):
        model().diagnose({"referral": "butock"})
    with pytest.raises(EvidenceError, match="yes/no question"):
        model().diagnose({"coughing": "sometimes"})


def test_a_weight_is_the_change_of_odds_when_that_answer_is_left_out():
    person = {**FACET, "sex": "male", "training_spike": True}
    report = model().diagnose(person)
    found = by_id(report)
    seen = set()
    for explained in report.explanation:
        assert explained.weights_unit == "decibans"
        for weight in (*explained.evidence_for, *explained.evidence_against):
            rest = {name: value for name, value in person.items() if name != weight.id}
            without = by_id(model().diagnose(rest))[explained.cause]
            expected = decibans(found[explained.cause], without)
            assert weight.decibans == pytest.approx(expected, abs=1e-6)
            assert weight.sources
            seen.add(weight.id)
    assert {"age", "leaning_back", "training_spike"} <= seen


def test_a_serious_cause_over_its_threshold_must_not_be_missed_whatever_its_rank():
    person = {"age": 62, "cancer_history": True, "weight_loss": True, "night_pain": True}
    report = model().diagnose(person)
    missed = {each.id: each for each in report.must_not_miss}
    assert "malignancy" in missed
    each = missed["malignancy"]
    assert each.probability >= each.threshold
    assert each.times_prior == pytest.approx(each.probability / 0.003, rel=1e-6)
    assert report.triage.level in ("urgent", "emergency")


def test_reported_contributors_come_with_advice():
    report = model().diagnose({"worn_shoes": True, "weak_core": True, "overstriding": False})
    assert {each.id for each in report.contributors} == {"worn_shoes", "weak_core"}
    assert all(each.advice for each in report.contributors)


def test_absence_of_every_red_flag_does_not_rule_serious_causes_out():
    flags = {
        name: False
        for name, each in model().known.items()
        if each.asked.red_flag and each.is_yes_no and each.asked.asked_of == "self"
        and name in model().description.findings
    }  # fmt: skip
    found = by_id(model().diagnose(flags))
    for cause in ("malignancy", "sacral_stress_fracture"):
        prior = model().description.causes[cause].prevalence.value
        assert found[cause] > prior / 2, cause


def test_weights_carry_the_grade_of_their_sources():
    report = model().diagnose({"leaning_back": True, "twisting": True, "age": 42})
    facet = next(each for each in report.explanation if each.cause == "facet_joint")
    grades = {weight.id: weight.grade for weight in facet.evidence_for}
    assert grades["leaning_back"] == "adapted"
    assert grades["twisting"] == "judgement"
    weights = report.to_dict()["explanation"][0]["evidence_for"]
    assert {weight["grade"] for weight in weights} <= {"published", "adapted", "judgement"}


def test_because_marks_what_rests_on_judgement_alone():
    described = model().description
    for evidence in ({}, {"leaning_back": True, "downhill_running": True}, {"hop_test": True}):
        pathway = model().diagnose(evidence).pathway
        assert pathway is not None
        utilities = described.pathways[pathway.id].value
        for label, cause in {c.label: name for name, c in described.causes.items()}.items():
            for reason in (each for each in pathway.because if each.startswith(label)):
                judged = set(utilities[cause].source) == {"expert judgement"}
                assert ("value" in reason) == judged, reason
                assert ("expert judgement" in reason) >= judged, reason


@pytest.mark.parametrize("evidence", [None, ["leaning_back"], "leaning_back", 3])
def test_answers_that_are_no_mapping_are_refused(evidence):
    with pytest.raises(EvidenceError, match="mapping of id to answer"):
        bayesnet.load_model("lbp-runner").diagnose(evidence)


def test_a_number_may_be_of_any_kind_that_is_whole():
    model = bayesnet.load_model("lbp-runner")
    wanted = model.diagnose({"age": 42}).causes
    for age in (42.0, np.int8(42), np.float32(42), np.float64(42)):
        assert model.diagnose({"age": age}).causes == wanted
