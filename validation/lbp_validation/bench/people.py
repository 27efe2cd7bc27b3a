"""List people for the benchmark of the runner model: evidence as data."""

from collections.abc import Mapping
from types import MappingProxyType

from bayesnet.diagnosis.answers.intake import Askable

Answers = Mapping[str, bool | str | int]

FACET: Answers = MappingProxyType(
    {
        "leaning_back": True,
        "downhill_running": True,
        "prolonged_standing": True,
        "coughing": False,
        "referral": "buttock",
        "age": 42,
    }
)

TEN_FINDINGS: Answers = MappingProxyType(
    {
        "bending_forward": True,
        "prolonged_sitting": True,
        "rising_from_sitting": True,
        "coughing": True,
        "leaning_back": True,
        "night_pain": True,
        "one_sided": True,
        "pins_and_needles": True,
        "dimple_tenderness": True,
        "running_impact": True,
    }
)

AGE_AND_SEX: Answers = MappingProxyType({"age": 42, "sex": "female"})

# Of a person who answered everything: what was not a plain no.
NOT_NO: Answers = MappingProxyType(
    {
        **TEN_FINDINGS,
        **AGE_AND_SEX,
        "main_pain": "buttock",
        "referral": "thigh",
        "morning_stiffness": "under_30_min",
        "duration": "6_to_12_weeks",
        "getting_worse": True,
        "spasm": True,
        "twisting": True,
        "downhill_running": True,
        "hamstring_tightness": True,
        "training_spike": True,
        "weak_gluteals": True,
        "worn_shoes": True,
        "previous_low_back_pain": True,
        "prolonged_desk_sitting": True,
        "thigh_thrust": True,
        "slump": True,
        "faber": True,
    }
)


def everything_answered(known: Mapping[str, Askable]) -> Answers:
    """Answer everything: NOT_NO, and no (or the least state) to all else."""
    return {
        name: NOT_NO.get(name, False if each.is_yes_no else next(iter(each.answer.states), ""))
        for name, each in known.items()
        if not each.derived_from
    }


def people(known: Mapping[str, Askable]) -> dict[str, Answers]:
    """Return {who: answers}."""
    return {
        "facet example, 6 answers": FACET,
        "10 findings present, age, sex": {**TEN_FINDINGS, **AGE_AND_SEX},
        "10 findings present": TEN_FINDINGS,
        "everything answered": everything_answered(known),
    }
