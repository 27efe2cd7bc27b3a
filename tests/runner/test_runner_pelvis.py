"""What the runner model must make of the pelvis, the hip and of broken bone at each age."""

import pytest
from support.models import runner

BONE = ("sacral_stress_fracture", "pelvic_femoral_stress_fracture")
YOUNG_WOMAN = {"age": "20_to_34", "sex": "female"}
LEADS = {
    "sacral_stress_fracture": {
        **YOUNG_WOMAN,
        "long_effort": "yes",
        "weight_bearing": "limp",
        "sacral_tenderness": "yes",
        "running_impact": "yes",
    },
    "pelvic_femoral_stress_fracture": {
        **YOUNG_WOMAN,
        "previous_stress_fracture": "yes",
        "groin_pain": "yes",
        "weight_bearing": "limp",
        "running_impact": "yes",
    },
    "gluteal_tendinopathy": {
        "age": "45_to_54",
        "sex": "female",
        "main_pain": "hip",
        "lying_on_side": "yes",
        "outer_hip_tenderness": "yes",
    },
    "proximal_hamstring": {
        "main_pain": "buttock",
        "prolonged_sitting": "yes",
        "sit_bone_tenderness": "yes",
        "hill_increase": "yes",
    },
    "pelvic_girdle_pain": {**YOUNG_WOMAN, "pregnant": "yes", "turning_in_bed": "yes"},
}


def chances(evidence: dict[str, str]) -> dict[str, float]:
    causes = list(runner().description.causes)
    found = runner().engine.marginals(evidence, causes)
    return {cause: float(found[cause][1]) for cause in causes}


def chance(cause: str, **evidence: str) -> float:
    return chances(evidence)[cause]


@pytest.mark.parametrize("cause", LEADS)
def test_the_usual_picture_leads_to_the_cause(cause: str) -> None:
    found = chances(LEADS[cause])
    assert max(found, key=found.__getitem__) == cause


@pytest.mark.parametrize("cause", BONE)
def test_risks_of_bone_stress_multiply(cause: str) -> None:
    factors = ("low_energy_availability", "previous_stress_fracture")
    none = chance(cause, **dict.fromkeys(factors, "no"))
    each = [chance(cause, **{**dict.fromkeys(factors, "no"), name: "yes"}) for name in factors]
    both = chance(cause, **dict.fromkeys(factors, "yes"))
    assert both / none > 0.8 * (each[0] / none) * (each[1] / none)


def test_pain_on_impact_with_missed_periods_raises_bone_stress_many_times() -> None:
    person = {**YOUNG_WOMAN, "running_impact": "yes", "low_energy_availability": "yes"}
    prior = chance("sacral_stress_fracture")
    assert chance("sacral_stress_fracture", **person) > 5 * prior


def test_a_strain_of_the_young_without_a_fall_is_no_broken_vertebra() -> None:
    person = {
        "age": "20_to_34",
        "significant_trauma": "no",
        "onset": "sudden_moment",
        "duration": "under_2_weeks",
        "nearly_every_motion": "yes",
        "turning_in_bed": "yes",
        "spasm": "yes",
    }
    found = chances(person)
    assert max(found, key=found.__getitem__) == "muscle_strain"
    assert found["compression_fracture"] < chance("compression_fracture")


def test_broken_vertebrae_grow_more_common_with_every_band_of_age() -> None:
    ages = runner().engine.network.variable("age").states[1:]
    shares = [chance("compression_fracture", age=age) for age in ages]
    assert shares == sorted(shares)


def test_a_fall_says_most_of_a_broken_vertebra_in_the_young() -> None:
    def ratio(age: str) -> float:
        with_it, without = (
            chance("compression_fracture", age=age, significant_trauma=answer)
            for answer in ("yes", "no")
        )
        return with_it / without

    assert ratio("20_to_34") > ratio("45_to_54") > ratio("70_and_over") > 1


def test_pelvic_girdle_pain_is_of_pregnancy_and_birth() -> None:
    prior = chance("pelvic_girdle_pain")
    assert chance("pelvic_girdle_pain", pregnant="yes") > 20 * prior
    assert chance("pelvic_girdle_pain", recent_childbirth="yes") > 5 * prior
    assert chance("pelvic_girdle_pain", sex="male") < 0.1 * prior
