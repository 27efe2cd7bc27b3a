"""Turn a cohort's answers into evidence on the network; explain contradictory cases."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.column_intake import Cohort, answers_of
from bayesnet.diagnosis.answers.intake import Askable, state_of, take_in
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
    likelihoods: {variable: shape (cases, states)}, 1 for the states that the answers about its
    derived findings allow and 0 for the others; a row of ones carries no information.
    contradictory: whether a case's answers exclude each other, shape (cases,).
    """

    codes: NDArray[np.intp]
    columns: tuple[int, ...]
    likelihoods: Mapping[int, Array]
    contradictory: NDArray[np.bool_]

    def alike(self) -> Iterator[tuple[Observed, NDArray[np.intp]]]:
        """Group the cases without contradiction by the set of variables that have a likelihood.

        Yields the evidence of each group and its cases' positions, shape (cases of the group,):
        cases of one group are computed together.
        """
        variables = list(self.likelihoods)
        said = [(values != 1).any(axis=1) for values in self.likelihoods.values()]
        kind = np.zeros(self.codes.shape[1], dtype=np.int64)
        for each in said:
            kind = 2 * kind + each
        for one in np.unique(kind[~self.contradictory]):
            rows = np.flatnonzero((kind == one) & ~self.contradictory)
            soft = {
                v: self.likelihoods[v][rows]
                for v, each in zip(variables, said, strict=True)
                if each[rows[0]]
            }
            yield Observed(self.codes[:, rows], soft, self.columns), rows


def on_network(
    network: Network, known: Mapping[str, Askable], cohort: Cohort, cases: int
) -> Evidence:
    """Turn the answers of all cases into evidence.

    known: {id: askable}; cohort: {id: answers}; cases: their number. The answer about a derived
    finding becomes a likelihood on the variable that it derives from, in cases where that variable
    is not observed itself.
    """
    codes = np.full((len(network.variables), cases), MISSING, dtype=np.intp)
    for name, answers in cohort.items():
        if not known[name].derived_from:
            variable = network.variable(name)
            states = [variable.index(state_of(known[name], v)) for v in answers.given.values]
            codes[network.position(name)] = answers.given.looked_up(states, MISSING, np.intp)
    contradictory = np.zeros(cases, dtype=np.bool_)
    likelihoods: dict[int, Array] = {}
    for source, allowed in _allowed(network, known, cohort, cases).items():
        own = codes[source]
        given = own != MISSING
        excluded = ~np.take_along_axis(allowed, np.maximum(own, 0)[:, None], axis=1)[:, 0]
        contradictory |= np.where(given, excluded, ~allowed.any(axis=1))
        likelihoods[source] = np.where(given[:, None], 1.0, allowed)
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


def _allowed(
    network: Network, known: Mapping[str, Askable], cohort: Cohort, cases: int
) -> dict[int, NDArray[np.bool_]]:
    """Find the states that answers about derived findings allow, per variable they derive from.

    Returns {position of the variable: shape (cases, states)}.
    """
    found: dict[int, NDArray[np.bool_]] = {}
    for name, answers in cohort.items():
        source = known[name].derived_from
        if source:
            variable = network.position(source)
            states = network.variables[variable].states
            means_yes = np.array([state in known[name].derived_states for state in states])
            rows = [means_yes == value for value in answers.given.values]
            # EMPTY is -1 and so selects the last row, which allows every state.
            table = np.array([*rows, np.ones(len(states), dtype=np.bool_)])
            allowed = table[answers.given.codes]
            found[variable] = found.get(variable, np.True_) & allowed
    return found
