"""Check that states, bands and numbers fit each other, as a network needs them to."""

import math
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from bayesnet.model.checks.names import check_state_name
from bayesnet.model.format.bands import DECIMALS, Bands, after, step_of, written
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import NO, YES, Choices, RiskFactor, states_of
from bayesnet.model.lookup.scope import Scope, frequencies, unknown_states
from bayesnet.model.problems import Problem
from bayesnet.model.solving.noisy_links import TOLERANCE

MOST_CONDITIONS = 8
"""Factors on which one factor's frequency may depend: the table has a row for each combination of
their states, 256 rows at least with eight factors, and doubles with each further one.
"""


def check_kinds(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in states and bands, and in the kind of each variable's numbers."""
    description = scope.description
    for path, number, states in frequencies(description):
        yield from _right_kind(path, number, states)
    for name, cause in description.causes.items():
        if cause.prevalence.value in (0.0, 1.0):
            message = "a prevalence of 0 or 1 leaves nothing to infer; give one between, or drop it"
            yield Problem(("causes", name, "prevalence", "value"), message)
    for name, factor in description.risk_factors.items():
        yield from _answer(("risk_factors", name, "answer"), factor.answer)
        yield from _risk_factor(("risk_factors", name), factor)
    for name, finding in description.findings.items():
        yield from _answer(("findings", name, "answer"), finding.answer)
        if finding.points_to and states_of(finding.answer) != (NO, YES):
            message = f"only a {YES} or {NO} finding can point elsewhere; drop this or `answer:`"
            yield Problem(("findings", name, "points_to"), message)


def _answer(path: KeyPath, answer: Choices) -> Iterator[Problem]:
    """Check the states, bands and labels of one way of answering."""
    states = states_of(answer)
    if answer.states and answer.bands:
        yield Problem(path, "both `states` and `bands`; keep the one that fits how people answer")
    if len(states) < 2:
        yield Problem(path, "one state only; give at least two, or no `answer:` for yes/no")
    for at, state in enumerate(answer.states):
        yield from check_state_name((*path, "states", at), state)
        if state in answer.states[:at]:
            yield Problem((*path, "states", at), f"'{state}' is listed twice; keep one")
    for state in answer.bands:
        yield from check_state_name((*path, "bands", state), state)
    for state in answer.labels:
        yield from unknown_states((*path, "labels", state), str(path[1]), [state], states)
    yield from _bands(path, answer.bands)


def _bands(path: KeyPath, bands: Bands) -> Iterator[Problem]:
    """Check that the bands of a number ascend without gap or overlap."""
    for name, (first, last) in bands.items():
        if first > last:
            ends = f"[{written(last)}, {written(first)}]"
            message = f"'{name}' runs from {written(first)} down to {written(last)}; write {ends}"
            yield Problem((*path, "bands", name), message)
    if any(first > last for first, last in bands.values()):
        return
    if step_of(bands) < Decimal(1).scaleb(-DECIMALS):
        message = f"bands with more than {DECIMALS} digits after the point; use a larger unit"
        yield Problem((*path, "bands"), message)
        return
    for (before, (_, last)), (name, (first, _)) in pairwise(bands.items()):
        wanted = after(last, bands)
        if Decimal(repr(first)) != wanted:
            kind = "a gap between" if first > wanted else "an overlap or wrong order of"
            message = (
                f"{kind} '{before}', which ends at {written(last)}, and '{name}', which starts at "
                f"{written(first)}; start it at {wanted}"
            )
            yield Problem((*path, "bands", name), message)


def _risk_factor(path: KeyPath, factor: RiskFactor) -> Iterator[Problem]:
    """Check that a risk factor has one frequency, or rows of which the last fits everyone."""
    if (factor.frequency is None) == (not factor.frequency_by):
        both = "both `frequency` and" if factor.frequency else "neither `frequency` nor"
        yield Problem(path, f"{both} `frequency_by`; give exactly one of them")
    rows = factor.frequency_by
    for at, row in enumerate(rows):
        where = (*path, "frequency_by", at)
        last = at == len(rows) - 1
        if last and row.when:
            message = "the last row must fit everyone else; give it an empty `when: {}`"
            yield Problem((*where, "when"), message)
        if not last and not row.when:
            message = "this row fits everyone, so the rows after it never count; move it to the end"
            yield Problem(where, message)
    others = {name for row in rows for name in row.when}
    if len(others) > MOST_CONDITIONS:
        message = f"depends on {len(others)} other factors; keep at most {MOST_CONDITIONS}"
        yield Problem((*path, "frequency_by"), message)


def _right_kind(path: KeyPath, number: Frequency, states: tuple[str, ...]) -> Iterator[Problem]:
    """Check that a number has `value` for yes/no, else `values` for exactly the states."""
    yes_no = states == (NO, YES)
    if number.value is not None and number.values is not None:
        yield Problem(path, "both `value` and `values`; keep exactly one of them")
    elif number.value is None and number.values is None:
        wanted = "`value`" if yes_no else f"`values` for {', '.join(states)}"
        yield Problem(path, f"no number; give {wanted}")
    elif number.value is not None and not yes_no:
        message = f"one `value` for several states; give `values` for {', '.join(states)}"
        yield Problem((*path, "value"), message)
    elif number.values and yes_no:
        message = "`values` for yes and no; give one `value`, the probability of yes"
        yield Problem((*path, "values"), message)
    given = states if number.values is None else tuple(number.values)
    strange = [state for state in given if state not in states]
    for state in strange:
        yield from unknown_states((*path, "values", state), str(path[1]), [state], states)
    total = math.fsum((number.values or {"": 1.0}).values())
    if abs(total - 1) > TOLERANCE:
        message = f"the values add up to {total:.6g}; they must add up to 1"
        yield Problem((*path, "values"), message)
    missing = [state for state in states if state not in given]
    # A misspelt state is said to be unknown, and not once more to be missing.
    if len(missing) > len(strange):
        message = f"no value for {', '.join(missing)}; every state needs one"
        yield Problem((*path, "values"), message)
