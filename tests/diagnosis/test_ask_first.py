"""Which questions a level of urgency hangs on: the most telling ones, and few."""

import numpy as np
from support.models import gearbox

from bayesnet.diagnosis.decisions.ask_first import CLOSED, DECIDES, MOST, most_telling, together
from bayesnet.diagnosis.decisions.policy import rank


def test_a_person_is_asked_the_most_telling_ones_and_another_person_others():
    names = [f"q{at}" for at in range(MOST + 2)]
    telling = {name: np.array([float(at), CLOSED, -float(at)]) for at, name in enumerate(names)}
    found = most_telling(telling)
    columns = np.array([found.get(name, [-1] * 3) for name in names]).T
    first, nobody, last = (
        [name for at, name in sorted(zip(each, names, strict=True)) if at >= 0] for each in columns
    )
    assert first == names[::-1][:MOST]
    assert nobody == []
    assert last == names[:MOST]


def test_what_decides_by_itself_comes_before_all_that_only_adds():
    telling = {
        "adds": np.array([9.0]),
        "decides": np.array([DECIDES]),
        "closed": np.array([CLOSED]),
    }
    found = most_telling(telling)
    assert {name: each.tolist() for name, each in found.items()} == {"adds": [1], "decides": [0]}
    assert most_telling({}) == {}


def test_a_question_on_two_screens_counts_for_both():
    found = together({"a": np.array([0.25, CLOSED])}, {"a": np.array([0.5, CLOSED])})
    assert found["a"].tolist() == [0.75, CLOSED]


def test_once_all_that_comes_first_is_not_known_the_level_no_longer_waits_for_it():
    person = {"ultrasound": True}
    held = gearbox().diagnose(person, "clinician").triage
    named = [each.id for each in held.ask_first]
    assert held.provisional
    assert 0 < len(named) <= MOST
    unsure = gearbox().diagnose({**person, **dict.fromkeys(named)}, "clinician").triage
    assert rank(unsure.level) > rank(held.level)
    assert not set(named) & {each.id for each in unsure.ask_first}


def test_what_alone_could_take_most_away_comes_first():
    """By diagnosing each answer of each question alone."""
    triage = gearbox().diagnose({"ultrasound": True}, "clinician").triage
    named = [each.id for each in triage.ask_first]

    def least(question: str) -> float:
        states = gearbox().network.states(question)
        engine = gearbox().engine
        return min(engine.marginals({question: s})["cracked_case"]["yes"] for s in states)

    assert len(named) > 1
    assert named == sorted(named, key=least)
