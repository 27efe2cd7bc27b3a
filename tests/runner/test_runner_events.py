"""What counts once: an event that two questions ask about, and a danger sign beside a strain."""

import pytest
from support.models import runner

ONE_EVENT = [
    ("compression_fracture", {"significant_trauma": True}, {"set_off_by": "fall"}),
    ("sacral_stress_fracture", {"training_spike": True}, {"long_effort": True}),
    ("pelvic_femoral_stress_fracture", {"training_spike": True}, {"long_effort": True}),
]


@pytest.mark.parametrize("age", [32, 60])
@pytest.mark.parametrize(("cause", "one", "other"), ONE_EVENT)
def test_an_event_told_twice_counts_once(cause, one, other, age):
    people = [{"age": age, "sex": "male", **said} for said in (one, other, {**one, **other})]
    *alone, both = runner().diagnose_many(people, fields=[cause])[cause]
    assert max(alone) <= both < 1.15 * max(alone)


def test_a_hard_swollen_back_never_speaks_for_a_strain():
    """Else it would account for pain that a broken vertebra may be, and lower the level."""
    story = {"age": 72, "sex": "female", "onset": "sudden_moment", "turning_in_bed": True}
    people = [story, {**story, "hard_swollen_back": True}]
    before, after = runner().diagnose_many(people, fields=["muscle_strain"])["muscle_strain"]
    assert after == pytest.approx(before)
