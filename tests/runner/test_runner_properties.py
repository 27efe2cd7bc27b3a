"""What no set of answers may break: what is advised follows from how urgent it is."""

from collections.abc import Iterable
from functools import cache
from itertools import combinations

import numpy as np
from support.models import runner

from bayesnet.diagnosis.cohort.result import CohortResult
from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.model.format.pathways import levels_of
from bayesnet.tuning.histories import Table, columns_of, draw_histories

Answers = dict[str, object]

EMERGENCIES = (
    "saddle_numbness",
    "urine_retention",
    "progressive_weakness",
    "known_aneurysm",
    "chest_pain",
    "pregnancy_danger",
)
"""Whatever else is said; others are emergencies only while they are new."""
WORSE = (*EMERGENCIES, "high_energy_trauma", "cold_foot", "fever", "rash_on_trunk", "foot_drop")
"""Signs that a rule of triage stands behind: said as well, they never make it less urgent."""
DECIDED = ("triage", "pathway", *runner().description.causes)
DRAWN = 60
"""Enough for each sign to be said by several; the validation looks at many more."""


@cache
def flags() -> tuple[str, ...]:
    """What a runner can say yes to."""
    asked = runner().known.items()
    return tuple(
        name
        for name, each in asked
        if each.is_yes_no and not each.derived_from and each.asked.asked_of == "self"
    )


@cache
def drawn() -> Table:
    """People who answered everything, the same every time."""
    (table,) = draw_histories(runner(), DRAWN, seed=12)
    asked = [name for name in columns_of(runner(), "self") if not name.startswith("true_")]
    return {name: table[name] for name in asked}


def decided(people: Iterable[Answers] | Table) -> CohortResult:
    table = people if isinstance(people, dict) else list(people)
    return runner().diagnose_many(table, fields=DECIDED)


@cache
def drawn_decided() -> CohortResult:
    return decided(drawn())


def assert_advice_is_that_of_the_level(result: CohortResult) -> None:
    """The pathway is one of its level's, which is the urgency that a report gives it."""
    pathways = runner().description.pathways
    columns = (result[name] for name in ("triage", "pathway", "error"))
    for level, pathway, error in zip(*columns, strict=True):
        assert error is not None or level in levels_of(pathways[pathway])


def test_single_flags_get_a_pathway_of_their_level():
    result = decided({name: True} for name in flags())
    assert not len(result.failed)
    assert_advice_is_that_of_the_level(result)


def test_pairs_of_flags_get_a_pathway_of_their_level():
    pairs = list(combinations(flags(), 2))
    some = np.random.default_rng(12).choice(len(pairs), 60, replace=False)
    result = decided(dict.fromkeys(pairs[at], True) for at in some)
    assert len(result.failed) < 6
    assert_advice_is_that_of_the_level(result)


def test_people_with_full_histories_get_a_pathway_of_their_level():
    result = drawn_decided()
    assert not len(result.failed)
    assert_advice_is_that_of_the_level(result)


def test_worse_answers_never_make_it_less_urgent_and_an_emergency_sign_is_one():
    """Each person says one more sign, yes, whatever it was before."""
    table = {name: column.copy() for name, column in drawn().items()}
    signs = [WORSE[row % len(WORSE)] for row in range(DRAWN)]
    for row, sign in enumerate(signs):
        table[sign][row] = "yes"
    before, after = drawn_decided(), decided(table)
    possible = np.array([error is None for error in after["error"]])
    assert {signs[row] for row in np.flatnonzero(possible)} == set(WORSE)
    for row in np.flatnonzero(possible):
        assert rank(after["triage"][row]) >= rank(before["triage"][row]), signs[row]
        assert after["triage"][row] == "emergency" or signs[row] not in EMERGENCIES, signs[row]


def test_nothing_is_advised_that_triage_forbids():
    """Of flags whose rules and causes forbid something, at each level that leaves advice open."""
    people = ({"high_energy_trauma": True}, {"pregnant": True, "sex": "female"}, {"fever": True})
    forbidden = set()
    for person in people:
        report = runner().diagnose(person)
        forbidden |= set(report.triage.forbids)
        written = {text for phase in report.pathway.phases if phase.name not in cleared(report)
                   for text in phase.actions}  # fmt: skip
        assert report.pathway.urgency == report.triage.level
        assert not written & texts_that_involve(report.triage.forbids)
    assert forbidden


def cleared(report) -> set[str]:
    """The phases that begin once somebody has allowed what triage forbade."""
    phases = runner().description.pathways[report.pathway.id].phases
    return {phase.name for phase in phases if phase.cleared}


def texts_that_involve(tags) -> set[str]:
    """All actions of the model that involve one of these tags."""
    described = runner().description
    blocks = [each.actions for each in described.advice.values()]
    blocks += [phase.actions for each in described.pathways.values() for phase in each.phases]
    actions = [action for block in blocks for action in block if not isinstance(action, str)]
    return {action.text for action in actions if set(action.involves) & set(tags)}


def test_the_same_answers_in_any_order_and_by_any_door_give_the_same_report():
    table = drawn()
    result = drawn_decided()
    row = 0
    person = {name: str(column[row]) for name, column in table.items()}
    report = runner().diagnose(person)
    turned = runner().diagnose(dict(reversed(person.items())))
    assert turned.causes == report.causes
    assert turned.triage.level == report.triage.level
    assert turned.pathway == report.pathway
    assert [each.id for each in turned.questions] == [each.id for each in report.questions]
    assert result["triage"][row] == report.triage.level
    assert result["pathway"][row] == report.pathway.id
    for cause in report.causes:
        assert abs(result[cause.id][row] - cause.probability) < 1e-9
