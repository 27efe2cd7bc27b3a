"""Answers that do not go together are named, count all the same, and change nothing else."""

from support.models import gearbox, runner

TOGETHER = {"quiet_when_warm": True, "getting_worse": True, "duration": "days"}


def test_a_contradiction_is_named_first_among_the_warnings() -> None:
    report = gearbox().diagnose(TOGETHER)
    (found,) = report.contradictions
    assert found.id == "warm_and_louder"
    assert set(found.findings) == set(TOGETHER)
    assert report.warnings[0] == found.message


def test_answers_that_go_together_are_none() -> None:
    for left_out in TOGETHER:
        some = {name: value for name, value in TOGETHER.items() if name != left_out}
        assert gearbox().diagnose(some).contradictions == ()


def test_the_runner_model_names_the_ones_that_people_give() -> None:
    for given in (
        {"main_pain": "leg", "leg_pain": False},
        {"main_pain": "leg", "referral": "none"},
        {"sex": "male", "period_linked_pain": True},
        {"constant_pain": True, "eased_by_rest": True, "unrelated_to_movement": True},
    ):
        assert len(runner().diagnose(given).contradictions) == 1, given
    assert not runner().diagnose({"main_pain": "leg", "referral": "foot"}).contradictions
