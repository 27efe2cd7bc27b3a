"""Conditions that are felt in the back and lie elsewhere: their signs name them, others do not."""

import pytest
from support.models import runner

PICTURES = {
    "aortic_aneurysm": [
        {"age": 68, "sex": "male", "pulsating_abdomen": True, "unrelated_to_movement": True},
        {"age": 71, "sex": "male", "known_aneurysm": True, "abdominal_pain": True},
    ],
    "kidney_ureter": [
        {"age": 40, "loin_to_groin_colic": True},
        {"age": 40, "flank_pain": True, "severity": "severe", "unrelated_to_movement": True},
        {"age": 30, "sex": "female", "flank_pain": True, "fever": True, "urinary_symptoms": True},
    ],
    "gynaecological": [
        {"age": 29, "sex": "female", "period_linked_pain": True},
        {"age": 35, "sex": "female", "period_linked_pain": True, "abdominal_pain": True},
    ],
    "zoster": [
        {"age": 60, "burning_band": True, "one_sided": True, "rash_on_trunk": False},
        {"age": 40, "rash_on_trunk": True},
    ],
    "arterial_claudication": [
        {"age": 33, "leg_power_loss_at_effort": True, "only_with_sport": True, "one_sided": True},
        {"age": 66, "sex": "male", "smoking": True, "walking_pain_eased_by_standing": True},
    ],
    "paraspinal_compartment": [
        {"age": 30, "sex": "male", "hard_swollen_back": True, "dark_urine": True},
        {"age": 30, "extreme_effort": True, "hard_swollen_back": True, "severity": "severe"},
    ],
}
MECHANICAL = [
    {"bending_forward": True, "prolonged_sitting": True, "coughing": True},
    {"leaning_back": True, "downhill_running": True, "prolonged_standing": True},
    {"onset": "sudden_moment", "twisting": True, "spasm": True, "duration": "under_2_weeks"},
    {"referral": "foot", "pins_and_needles": True, "leg_numbness": True},
]


@pytest.mark.parametrize(
    ("cause", "answers"), [(cause, each) for cause, few in PICTURES.items() for each in few]
)
def test_its_signs_put_it_first_or_second(cause, answers):
    assert cause in [each.id for each in runner().diagnose(answers).causes[:2]]


@pytest.mark.parametrize("answers", MECHANICAL)
def test_pain_that_movement_changes_does_not_raise_them(answers):
    report = runner().diagnose(answers)
    for each in report.causes:
        if each.id in PICTURES:
            assert each.probability < 2 * each.prior
    assert not PICTURES.keys() & {each.id for each in report.must_not_miss}


@pytest.mark.parametrize(
    "answers",
    [{"age": 24, "pulsating_abdomen": True}, {"age": 50, "sex": "male", "dark_urine": True}],
)
def test_a_weak_sign_alone_names_nothing(answers):
    first = runner().diagnose(answers).causes[0]
    assert first.id not in PICTURES
