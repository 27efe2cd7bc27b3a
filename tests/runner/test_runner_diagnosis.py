"""What the model of low back pain in runners must do, whatever its numbers are tuned to."""

import pytest
from lbp_validation.cases.textbook import broken_promises
from support.models import runner, textbook

from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.report.records import Report

CAUDA_EQUINA = (
    "saddle_numbness",
    "bladder_change",
    "bowel_change",
    "sexual_dysfunction",
    "progressive_weakness",
)
FACET = {
    "leaning_back": True,
    "downhill_running": True,
    "prolonged_standing": True,
    "coughing": False,
    "referral": "buttock",
    "age": 42,
}


def by_id(report: Report) -> dict[str, float]:
    return {cause.id: cause.probability for cause in report.causes}


def test_no_evidence_gives_back_exactly_the_prevalences() -> None:
    report = runner().diagnose({})
    for cause in report.causes:
        assert cause.probability == pytest.approx(cause.prior, abs=1e-9), cause.id
    none = report.no_identified_cause
    assert none.probability == pytest.approx(none.prior, abs=1e-9)
    assert report.triage.level == "self_care"
    assert not report.must_not_miss


def test_textbook_presentations_find_their_causes() -> None:
    causes = runner().description.causes
    assert [name for name, cause in causes.items() if not cause.textbook] == []
    broken = {name: broken_promises(name, textbook(name)) for name in causes}
    assert {name: promises for name, promises in broken.items() if promises} == {}


@pytest.mark.parametrize("flag", CAUDA_EQUINA)
def test_one_cauda_equina_item_is_an_emergency_and_nothing_lowers_it(flag: str) -> None:
    for person in ({flag: True}, {**FACET, flag: True, "onset": "sudden_moment", "spasm": True}):
        report = runner().diagnose(person)
        assert report.triage.level == "emergency"
        assert report.pathway is not None
        assert report.pathway.urgency == "emergency"
        waits = [each.id for each in report.triage.ask_first]
        assert waits in ([], ["cauda_equina_new"])
        assert (report.next_question is None) == (not waits)
        assert not any(phase.exercises for phase in report.pathway.phases)


def test_a_history_of_cancer_with_weight_loss_and_night_pain_must_not_be_missed() -> None:
    person = {"age": 62, "cancer_history": True, "weight_loss": True, "night_pain": True}
    report = runner().diagnose(person)
    assert "malignancy" in {each.id for each in report.must_not_miss}
    assert rank(report.triage.level) >= rank("urgent")


def test_the_questions_do_not_stop_while_a_mandatory_red_flag_is_unasked() -> None:
    known = runner().known
    mandatory = {name for name, each in known.items() if each.asked.mandatory}
    assert {"saddle_numbness", "bladder_change", "fever", "cancer_history"} <= mandatory
    person = {name: None for name in known if name not in mandatory}
    report = runner().diagnose(person)
    assert not report.should_stop
    assert report.next_question is not None
    assert {each.id for each in report.next_question.items} <= mandatory


def test_absence_of_every_red_flag_does_not_rule_serious_causes_out() -> None:
    described = runner().description
    flags = {
        name: False
        for name, each in runner().known.items()
        if each.asked.red_flag and each.is_yes_no and each.asked.asked_of == "self"
        and name in described.findings
    }  # fmt: skip
    found = by_id(runner().diagnose(flags))
    for cause in ("malignancy", "sacral_stress_fracture"):
        prior = described.causes[cause].prevalence.value
        assert prior is not None
        assert found[cause] > prior / 3, cause


@pytest.mark.parametrize("one", ["getting_worse", "constant_pain", "vertebral_tenderness"])
def test_improbable_causes_do_not_add_up_to_an_alarm(one: str) -> None:
    report = runner().diagnose({"age": 25, one: True})
    assert not report.must_not_miss
    assert rank(report.triage.level) < rank("urgent")


def test_contributors_that_can_be_changed_come_with_advice() -> None:
    report = runner().diagnose({"worn_shoes": True, "weak_core": True, "overstriding": False})
    assert {each.id for each in report.contributors} == {"worn_shoes", "weak_core"}
    assert all(each.advice for each in report.contributors)


def test_no_man_has_passed_the_menopause_or_given_birth() -> None:
    for never in ("postmenopausal", "recent_childbirth"):
        chances = runner().engine.marginals({"sex": "male"}, [never])[never]
        assert chances.tolist() == [1.0, 0.0]


def test_age_takes_from_signs_what_evidence_says_it_takes() -> None:
    """A straight leg raise tells less of a root, long stiffness less of inflammation, in age."""
    model = runner()

    def ratio(cause: str, finding: dict[str, str], age: str) -> float:
        given, without = ({cause: state, "age": age} for state in ("yes", "no"))
        ((name, state),) = finding.items()
        at = model.network.variable(name).states.index(state)
        yes, no = (model.engine.marginals(each, [name])[name][at] for each in (given, without))
        return float(yes / no)

    raise_, stiff = {"straight_leg_raise": "yes"}, {"morning_stiffness": "over_30_min"}
    young, old = "20_to_34", "70_and_over"
    assert ratio("nerve_root", raise_, old) < 0.9 * ratio("nerve_root", raise_, young)
    inflamed = "axial_spondyloarthritis"
    assert ratio(inflamed, stiff, "55_to_69") < 0.9 * ratio(inflamed, stiff, young)
