"""The triage of the shipped model: what each rule is there for, and whom it spares."""

import pytest
from support.models import runner

from bayesnet.diagnosis.decisions.policy import rank

FIRST_DAYS = {"age": 38, "onset": "sudden_moment", "duration": "under_2_weeks"}
NO_FLAG = dict.fromkeys(
    (
        "cancer_history",
        "significant_trauma",
        "fever",
        "saddle_numbness",
        "bladder_change",
        "bowel_change",
        "sexual_dysfunction",
        "progressive_weakness",
        "unrelated_to_movement",
    ),
    False,
)
WELL = {**NO_FLAG, "systemically_unwell": False, "weight_loss": False}
MARKERS = {"raised_inflammatory_markers": True}

AT_LEAST = {
    "bone stress in one who no longer runs": (
        "urgent",
        "bone_stress_with_risk",
        {"age": 24, "main_pain": "buttock", "walking": True, "low_energy_availability": True},
    ),
    "bone stress after a birth": (
        "urgent",
        "bone_stress_with_risk",
        {"age": 36, "main_pain": "buttock", "walking": True, "recent_childbirth": True},
    ),
    "sudden pain of back and belly at 70": (
        "emergency",
        "sudden_belly_and_back_pain_later_in_life",
        {"age": 70, "onset": "sudden_moment", "abdominal_pain": True},
    ),
    "sudden constant pain at 68": (
        "urgent",
        "sudden_constant_pain_later_in_life",
        {"age": 68, "onset": "sudden_moment", "constant_pain": True},
    ),
    "a limping child": (
        "urgent",
        "young_with_hip_pain",
        {"age": 13, "main_pain": "hip", "walking": True},
    ),
    "a young child whom it hurts to walk": (
        "urgent",
        "child_with_pain_on_walking",
        {"age": 11, "main_pain": "back", "walking": True},
    ),
    "buttock pain on walking after a race": (
        "soon",
        "bone_stress_signs",
        {"age": 35, "main_pain": "buttock", "walking": True, "training_spike": True},
    ),
    "legs that fail on walking, other signs not asked": (
        "urgent",
        "both_legs_on_walking",
        {
            "age": 66,
            "duration": "over_12_weeks",
            "both_legs": True,
            "walking": True,
            "eased_by_bending_forward": True,
            "leg_weakness": False,
        },
    ),
    "the same with a reflex lost, and worse from week to week": (
        "urgent",
        "both_legs_on_walking",
        {
            "age": 66,
            "duration": "over_12_weeks",
            "both_legs": True,
            "prolonged_standing": True,
            "eased_by_sitting": True,
            "leg_weakness": False,
            "reflex_loss": True,
            "getting_worse": True,
        },
    ),
    "new weakness with pain to the foot": (
        "urgent",
        "new_weakness",
        {"age": 45, "leg_weakness": True, "duration": "under_2_weeks", "referral": "foot"},
    ),
    "raised markers": ("urgent", "raised_markers", {"age": 40, **MARKERS}),
    "raised markers in new pain that resists care": (
        "emergency",
        "raised_markers_in_pain_that_goes_on",
        {"age": 40, **MARKERS, "duration": "2_to_6_weeks", "failed_care": True},
    ),
    "a weak defence and growing pain": (
        "urgent",
        "infection_risk_and_unremitting_pain",
        {"age": 33, "immunosuppression": True, "getting_worse": True},
    ),
    "tuberculosis in the house and pain that grows": (
        "urgent",
        "infection_risk_and_unremitting_pain",
        {"age": 30, "tuberculosis_exposure": True, "getting_worse": True},
    ),
    "ill with diabetes": (
        "emergency",
        "unwell_with_infection_risk",
        {"systemically_unwell": True, "diabetes": True},
    ),
    "pain into the leg": (
        "routine",
        "pain_into_the_leg",
        {"age": 42, "main_pain": "buttock", "leg_pain": True},
    ),
    "constant nights and weakness that grows worse": (
        "emergency",
        "cancer_features_with_nerve_signs",
        {"constant_pain": True, "night_pain": True, "leg_weakness": True, "getting_worse": True},
    ),
}
BELOW = {
    "a fresh strain that hurts day and night": (
        "urgent",
        {**FIRST_DAYS, **WELL, "constant_pain": True, "night_pain": True},
    ),
    "a fresh sciatica that hurts day and night": (
        "emergency",
        {**FIRST_DAYS, **WELL, "constant_pain": True, "night_pain": True, "leg_weakness": True},
    ),
    "a teenager's obvious strain that wakes": (
        "urgent",
        {
            **FIRST_DAYS,
            **WELL,
            "age": 16,
            "night_pain": True,
            "leg_weakness": False,
            "getting_worse": False,
        },
    ),
    "tired, with night pain": ("emergency", {"systemically_unwell": True, "night_pain": True}),
    "both thighs ache and every sign is denied": (
        "emergency",
        {
            **NO_FLAG,
            "both_legs": True,
            "referral": "thigh",
            "leg_numbness": False,
            "pins_and_needles": False,
            "burning_leg_pain": False,
            "getting_worse": False,
            "leg_weakness": False,
        },
    ),
    "care that failed in pain that rest eases": (
        "urgent",
        {**NO_FLAG, "age": 56, "failed_care": True, "night_pain": True, "eased_by_rest": True},
    ),
}

EXEMPT = (
    "a fresh strain that hurts day and night",
    "a teenager's obvious strain that wakes",
    "both thighs ache and every sign is denied",
)


@pytest.mark.parametrize("who", AT_LEAST)
def test_no_less_urgent_and_by_the_rule_that_is_there_for_it(who):
    level, rule, person = AT_LEAST[who]
    triage = runner().diagnose(person, "clinician").triage
    assert rank(triage.level) >= rank(level)
    assert (rule, level) in {(each.rule, each.level) for each in triage.reasons}


@pytest.mark.parametrize("who", BELOW)
def test_less_urgent(who):
    level, person = BELOW[who]
    assert rank(runner().diagnose(person, "clinician").triage.level) < rank(level)


@pytest.mark.parametrize("who", EXEMPT)
def test_spared_only_when_every_answer_is_known(who):
    level, person = BELOW[who]
    silent = {name: value for name, value in person.items() if value is not False}
    assert rank(runner().diagnose(silent, "clinician").triage.level) >= rank(level)


def test_the_message_is_that_of_the_first_reason():
    person = {"age": 58, "cancer_history": True, "abdominal_pain": True, "constant_pain": True}
    triage = runner().diagnose(person).triage
    rules = runner().description.triage.rules
    held = [each.rule for each in triage.reasons if each.level == triage.level]
    assert held[0] == "fixed_pain_with_belly_pain"
    assert "cancer_history" in held
    assert triage.message == rules[held[0]].message
