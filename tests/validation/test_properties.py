"""What no set of answers may break, counted over drawn people."""

import numpy as np
from lbp_validation.advice.properties import properties, some_answers
from lbp_validation.advice.properties_part import properties_part
from support.models import gearbox

from bayesnet.diagnosis.model import DiagnosticModel

PEOPLE = 60


def test_the_fixture_model_breaks_none():
    found = properties(gearbox(), PEOPLE, 1, lambda words: None)
    assert [each.broken for each in found] == [0] * len(found)
    assert all(each.people for each in found)


def test_no_two_properties_have_the_same_name():
    part = properties_part(gearbox(), PEOPLE, 1, lambda words: None)
    names = [goal.asked for goal in part.goals]
    assert len(set(names)) == len(names) > 2


def test_people_tell_a_part_and_the_same_people_come_again():
    first, again = (some_answers(gearbox(), PEOPLE, np.random.default_rng(3)) for _ in range(2))
    told = [sum(value is not None for value in column) for column in first.values()]
    assert 0 < sum(told) < PEOPLE * len(first)
    assert all((first[name] == again[name]).all() for name in first)


def test_a_level_that_falls_with_a_danger_sign_is_found(monkeypatch):
    """Decisions that take a danger sign for reassurance, and any pathway at any level."""
    model = gearbox()
    signs = [name for name, each in model.known.items() if each.asked.red_flag]
    pathway = next(iter(model.description.pathways))

    def wrong(self, table, audience="self", keep=(), fields=None):
        rows = table if isinstance(table, list) else _rows(table)
        danger = [any(row.get(sign) == "yes" for sign in signs) for row in rows]
        levels = np.array(["routine" if each else "urgent" for each in danger], dtype=object)
        nothing = np.full(len(rows), None, dtype=object)
        pathways = np.full(len(rows), pathway, dtype=object)
        return {"triage": levels, "pathway": pathways, "error": nothing}

    monkeypatch.setattr(DiagnosticModel, "diagnose_many", wrong)
    part = properties_part(model, PEOPLE, 1, lambda words: None)
    assert not all(goal.reached for goal in part.goals)
    fell = next(goal for goal in part.goals if "lowers" in goal.asked)
    assert not fell.reached


def _rows(table):
    people = len(next(iter(table.values())))
    return [{name: column[row] for name, column in table.items()} for row in range(people)]
