"""Turn a cohort's answers into evidence on the network; explain contradictory cases."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.column_intake import Cohort, answers_of
from bayesnet.diagnosis.answers.intake import Askable, state_of, take_in, told
from bayesnet.diagnosis.answers.soft import SoftAnswer
from bayesnet.errors import EvidenceError
from bayesnet.inference.cases import Case, cases_of
from bayesnet.inference.impossible_evidence import impossible, only, smallest_conflict
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Observed


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence of a cohort on the network; variables are given by their positions.

    codes: positions of the observed states, shape (variables, cases), -1 where not observed.
    columns: variables for which the table has a column.
    likelihoods: {variable: shape (cases, states)}, the product of what soft answers and those about
    its derived findings tell, the largest as 1; a row of ones carries no information.
    contradictory: whether a case's answers exclude each other, shape (cases,).
    """

    codes: NDArray[np.intp]
    columns: tuple[int, ...]
    likelihoods: Mapping[int, Array]
    contradictory: NDArray[np.bool_]

    def consistent(self) -> Iterator[tuple[Observed, NDArray[np.intp]]]:
        """Yield the evidence of the cases without contradiction, if there are any.

        Beside it stand their positions, shape (cases without contradiction,).
        """
        rows = np.flatnonzero(~self.contradictory)
        if len(rows):
            yield Observed(self.codes, self.likelihoods, self.columns).take(rows), rows


def on_network(
    network: Network, known: Mapping[str, Askable], cohort: Cohort, cases: int
) -> Evidence:
    """Turn the answers of all cases into evidence.

    known: {id: askable}; cohort: {id: answers}; cases: their number. Soft answers become a
    likelihood, and so does the answer about a derived finding, on the variable that it derives
    from, in cases where that variable is not observed itself.
    """
    codes = np.full((len(network.variables), cases), MISSING, dtype=np.intp)
    for name, answers in cohort.items():
        if not known[name].derived_from:
            variable = network.variable(name)
            states = [
                MISSING if isinstance(v, SoftAnswer) else variable.index(state_of(known[name], v))
                for v in answers.given.values
            ]
            codes[network.position(name)] = answers.given.looked_up(states, MISSING, np.intp)
    contradictory = np.zeros(cases, dtype=np.bool_)
    likelihoods: dict[int, Array] = {}
    for source, weights in _likelihoods(network, known, cohort).items():
        own, most = codes[source], weights.max(axis=1, keepdims=True)
        given = own != MISSING
        excluded = np.take_along_axis(weights, np.maximum(own, 0)[:, None], axis=1)[:, 0] == 0.0
        contradictory |= np.where(given, excluded, most[:, 0] == 0.0)
        scaled = weights / np.where(most > 0.0, most, 1.0)
        likelihoods[source] = np.where(given[:, None], 1.0, scaled)
    columns = [network.position(known[name].derived_from or name) for name in cohort]
    return Evidence(codes, tuple(dict.fromkeys(columns)), likelihoods, contradictory)


def why_contradictory(known: Mapping[str, Askable], cohort: Cohort, case: int) -> str:
    """Explain which answers of a contradictory case exclude each other.

    case: the position of one of `Evidence.contradictory`.
    """
    try:
        take_in(known, answers_of(cohort, case))
    except EvidenceError as error:
        return str(error)
    raise AssertionError("only for a case that contradicts itself")


def why_impossible(inference: Inference, observed: Observed) -> dict[int, str]:
    """Explain each impossible case: {case: message that names a smallest conflicting subset}.

    observed: cases whose evidence has probability 0. Each is searched by itself, since another
    case's conflict need not be the one that this case alone would name. What one search has learnt
    answers most queries of the others.
    """
    conflicts: set[frozenset[Hashable]] = set()
    asked: dict[Hashable, bool] = {}

    def is_possible(case: Case) -> bool:
        said = _said(case)
        # Whatever holds what is impossible is impossible.
        if any(each <= said for each in conflicts):
            return False
        if said not in asked:
            asked[said] = inference.is_possible(case)
        return asked[said]

    found = {}
    for row, case in enumerate(cases_of(observed)):
        conflict = only(case, smallest_conflict(is_possible, case))
        found[row] = str(impossible(inference.network, is_possible, conflict))
        conflicts.add(_said(conflict))
    return found


def _said(case: Case) -> frozenset[Hashable]:
    """Return what a case says of each variable, as a set of which parts can be told."""
    return frozenset((*case.hard.items(), *((v, each.tobytes()) for v, each in case.soft.items())))


def _likelihoods(
    network: Network, known: Mapping[str, Askable], cohort: Cohort
) -> dict[int, Array]:
    """Multiply what answers tell by weights of each variable, {its position: (cases, states)}.

    In the order of the model, as for one person, so that the bits are the same.
    """
    found: dict[int, Array] = {}
    for name in (each for each in known if each in cohort):
        column = cohort[name].given
        rows = [told(known, name, value) for value in column.values]
        if all(row is None for row in rows):
            continue
        variable = network.position(known[name].derived_from or name)
        nothing = np.ones(len(network.variables[variable].states))
        # EMPTY is -1 and so selects the last row, which tells nothing.
        table = np.array([*(nothing if row is None else row for row in rows), nothing])
        found[variable] = found.get(variable, 1.0) * table[column.codes]
    return found
