"""The report of a diagnosis: posteriors, questions, explanation and what is refused."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.models import BEARING, gearbox

from bayesnet.analysis.leave_one_out import decibans
from bayesnet.errors import EvidenceError, ImpossibleEvidenceError, UnknownNameError

LEVELS = ("self_care", "routine", "soon", "urgent", "emergency")


@cache
def answers():
    """Every askable id with a strategy for its answers."""
    found = {}
    for name, askable in gearbox().known.items():
        if askable.is_number:
            found[name] = st.integers(0, 9000)
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
    report = gearbox().diagnose({})
    for cause in report.causes:
        assert cause.probability == pytest.approx(cause.prior, abs=1e-9), cause.id
    assert report.no_identified_cause.probability == pytest.approx(report.no_identified_cause.prior)


def test_all_causes_are_reported_the_most_probable_first():
    report = gearbox().diagnose(BEARING)
    assert {cause.id for cause in report.causes} == set(gearbox().description.causes)
    probabilities = [cause.probability for cause in report.causes]
    assert probabilities == sorted(probabilities, reverse=True)
    assert report.causes[0].id == "worn_bearing"


def test_the_report_has_every_key_of_the_contract():
    plain = gearbox().diagnose(BEARING).to_dict()
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


def test_every_id_among_the_sources_has_its_study():
    plain = gearbox().diagnose({**BEARING, "knock": True}).to_dict()
    figures = gearbox().description.figures
    named = [*plain["pathway"]["sources"]]
    for each in plain["triage"]["reasons"]:
        named += each["sources"]
    for each in plain["explanation"]:
        for weight in (*each["evidence_for"], *each["evidence_against"]):
            named += weight["sources"]
    ids = {name for name in named if name in figures}
    assert len(ids) > 2
    assert plain["citations"].keys() == ids
    for name, each in plain["citations"].items():
        assert each["citation"] == figures[name].citation


@examples(20)
@given(people())
def test_any_answers_give_a_sound_report(person):
    try:
        report = gearbox().diagnose(person, audience="clinician")
    except (EvidenceError, ImpossibleEvidenceError):
        return
    assert report.triage.level in LEVELS
    for value in (*by_id(report).values(), report.no_identified_cause.probability):
        assert 0 <= value <= 1
    gains = [question.expected_gain for question in report.questions]
    assert gains == sorted(gains, reverse=True)
    bits = [question.expected_information_bits for question in report.questions]
    assert all(bit >= 0 and math.isfinite(bit) for bit in bits)
    assert {question.id for question in report.questions}.isdisjoint(person)
    assert report.pathway is not None


@examples(15)
@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(person, random):
    shuffled = list(person.items())
    random.shuffle(shuffled)
    try:
        first = gearbox().diagnose(person)
    except (EvidenceError, ImpossibleEvidenceError):
        return
    second = gearbox().diagnose(dict(shuffled))
    assert by_id(first) == pytest.approx(by_id(second), abs=1e-12)
    assert first.triage.level == second.triage.level


def test_unknown_is_not_absent_and_is_not_asked_again():
    asked = gearbox().diagnose({**BEARING, "rattle_idle": None})
    never = gearbox().diagnose(BEARING)
    absent = gearbox().diagnose({**BEARING, "rattle_idle": False})
    assert by_id(asked) == pytest.approx(by_id(never), abs=1e-12)
    assert by_id(absent) != pytest.approx(by_id(never), abs=1e-4)
    assert "rattle_idle" in {question.id for question in never.questions}
    assert "rattle_idle" not in {question.id for question in asked.questions}


def test_a_question_is_worth_what_asking_it_tells_on_average():
    """I = H(causes) - sum over answers of P(answer) H(causes | answer), by brute force."""
    engine = gearbox().engine
    network = gearbox().network
    causes = ["worn_bearing", "slipping_belt", "worn_teeth", "soft_mount"]
    evidence = {"whine": "yes", "hours": "3001_to_6000"}
    questions = ["squeal_cold", "oil_test", "old_oil", "felt_at", "drive", "stethoscope"]
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


def test_the_ranking_adds_up_what_is_told_of_each_cause():
    report = gearbox().diagnose(BEARING)
    network_evidence = {
        "whine": "yes", "whine_under_load": "yes", "quiet_downhill": "yes",
        "squeal_cold": "no", "felt_at": "floor", "hours": "3001_to_6000",
    }  # fmt: skip
    names = [question.id for question in report.questions]
    causes = gearbox().description.causes
    again = gearbox().engine.information_each(causes, names, network_evidence)
    for question in report.questions:
        told = sum(again[cause][question.id] for cause in causes)
        assert question.expected_information_bits == pytest.approx(told, abs=1e-9)


def test_only_a_clinician_is_asked_for_examination_tests():
    own = {question.asked_of for question in gearbox().diagnose(BEARING).questions}
    clinic = {q.asked_of for q in gearbox().diagnose(BEARING, audience="clinician").questions}
    assert own == {"self"}
    assert clinic == {"self", "clinician"}
    with pytest.raises(EvidenceError, match="self, clinician"):
        gearbox().diagnose(BEARING, audience="doctor")


@pytest.mark.parametrize("flag", ["smoke", "gear_jumps"])
def test_an_emergency_asks_nothing_advises_nothing_else_and_nothing_lowers_it(flag):
    for person in ({flag: True}, {**BEARING, flag: True, "old_oil": True, "onset": "gradual"}):
        report = gearbox().diagnose(person)
        assert report.triage.level == "emergency"
        assert report.pathway.urgency == "emergency"
        assert report.next_question is None
        assert report.should_stop
        assert not report.questions
        assert not report.contributors
        assert not report.warnings
        assert not any(phase.exercises for phase in report.pathway.phases)


def test_the_interview_does_not_stop_while_a_mandatory_red_flag_is_unasked():
    known = gearbox().known
    mandatory = {name for name, each in known.items() if each.asked.mandatory}
    assert mandatory
    person = {name: None for name in known if name not in mandatory}
    report = gearbox().diagnose(person)
    assert not report.should_stop
    assert {each.id for each in report.next_question.items} <= mandatory
    assert report.warnings
    done = gearbox().diagnose({**person, **dict.fromkeys(mandatory)})
    assert done.should_stop
    assert done.next_question is None
    assert not done.warnings


def test_a_derived_finding_agrees_with_its_source_or_says_so():
    felt = by_id(gearbox().diagnose({"felt": True}))
    joint = gearbox().engine.marginals({"felt_at": [0, 0, 1, 1]}, ["soft_mount"])
    assert felt["soft_mount"] == pytest.approx(joint["soft_mount"][1], abs=1e-12)
    both = by_id(gearbox().diagnose({"felt": True, "felt_at": "seat"}))
    assert both == pytest.approx(by_id(gearbox().diagnose({"felt_at": "seat"})), abs=1e-12)
    with pytest.raises(EvidenceError, match="'felt' = no and 'felt_at' = seat"):
        gearbox().diagnose({"felt": False, "felt_at": "seat"})


def test_a_number_is_banded_and_its_range_is_said():
    assert by_id(gearbox().diagnose({"hours": 1001})) == by_id(gearbox().diagnose({"hours": 3000}))
    for bad in (9001, -1, 3.5, "many", True):
        with pytest.raises(EvidenceError, match="whole number from 0 to 9000"):
            gearbox().diagnose({"hours": bad})


def test_impossible_evidence_names_the_ids_that_clash():
    with pytest.raises(ImpossibleEvidenceError) as raised:
        gearbox().diagnose({**BEARING, "drive": "automatic", "new_clutch": True})
    named = {each.split(" ")[0] for each in raised.value.conflicting}
    assert named == {"drive", "new_clutch"}


def test_unknown_ids_and_values_come_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'rattle_idle'"):
        gearbox().diagnose({"ratle_idle": True})
    with pytest.raises(UnknownNameError, match="did you mean 'floor'"):
        gearbox().diagnose({"felt_at": "flor"})
    with pytest.raises(EvidenceError, match="yes/no question"):
        gearbox().diagnose({"squeal_cold": "sometimes"})


def test_a_weight_is_the_change_of_odds_when_that_answer_is_left_out():
    person = {**BEARING, "drive": "manual", "old_oil": True}
    report = gearbox().diagnose(person)
    found = by_id(report)
    seen = set()
    for explained in report.explanation:
        assert explained.weights_unit == "decibans"
        for weight in (*explained.evidence_for, *explained.evidence_against):
            rest = {name: value for name, value in person.items() if name != weight.id}
            without = by_id(gearbox().diagnose(rest))[explained.cause]
            expected = decibans(found[explained.cause], without)
            assert weight.decibans == pytest.approx(expected, abs=1e-6)
            assert weight.sources
            seen.add(weight.id)
    assert {"hours", "whine", "old_oil"} <= seen


def test_a_serious_cause_over_its_threshold_must_not_be_missed_whatever_its_rank():
    report = gearbox().diagnose({"oil_puddle": True, "squeal_cold": True, "squeal_wet": True})
    missed = {each.id: each for each in report.must_not_miss}
    assert report.causes[0].id not in missed
    each = missed["cracked_case"]
    assert each.probability >= each.threshold == gearbox().thresholds["cracked_case"].value
    prior = gearbox().description.causes["cracked_case"].prevalence.value
    assert each.times_prior == pytest.approx(each.probability / prior, rel=1e-9)


def test_reported_contributors_come_with_advice():
    report = gearbox().diagnose({"old_oil": True, "rough_road": True, "towing": False})
    assert {each.id for each in report.contributors} == {"old_oil", "rough_road"}
    assert all(each.advice for each in report.contributors)


def test_weights_carry_the_grade_of_their_sources():
    report = gearbox().diagnose(BEARING)
    bearing = next(each for each in report.explanation if each.cause == "worn_bearing")
    grades = {weight.id: weight.grade for weight in bearing.evidence_for}
    assert grades["whine"] == "adapted"
    assert grades["whine_under_load"] == "judgement"
    weights = report.to_dict()["explanation"][0]["evidence_for"]
    assert {weight["grade"] for weight in weights} <= {"published", "adapted", "judgement"}


def test_because_marks_what_rests_on_judgement_alone():
    described = gearbox().description
    for evidence in ({}, BEARING, {"recent_repair": True, "rattle_idle": True}):
        pathway = gearbox().diagnose(evidence).pathway
        assert pathway is not None
        utilities = described.pathways[pathway.id].value
        for label, cause in {c.label: name for name, c in described.causes.items()}.items():
            for reason in (each for each in pathway.because if each.startswith(label)):
                judged = set(utilities[cause].source) == {"expert judgement"}
                assert ("value" in reason) == judged, reason
                assert ("expert judgement" in reason) >= judged, reason


@pytest.mark.parametrize("evidence", [["whine"], "whine", 3])
def test_answers_that_are_no_mapping_are_refused(evidence):
    with pytest.raises(EvidenceError, match="mapping of id to answer"):
        gearbox().diagnose(evidence)


def test_a_number_may_be_of_any_kind_that_is_whole():
    wanted = gearbox().diagnose({"hours": 42}).causes
    for hours in (42.0, np.int8(42), np.float32(42), np.float64(42)):
        assert gearbox().diagnose({"hours": hours}).causes == wanted
