"""Conflict in evidence: whether any hypothesis makes the findings likelier together than apart.

Jensen, Chamberlain, Nordahl and Jensen (1991): conf(e) = log [prod P(e_i) / P(e)] is over 0 where
findings that a model ties together disagree. A hypothesis h accounts for that where
conf(e) + log [P(h) / P(h | e)] = log [prod P(e_i) / P(e | h)] is not over 0. Evidence for which
it stays far over 0 under every hypothesis is likely to come from something the model lacks.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.network import Array

Posteriors = Callable[[Sequence[Case], Sequence[int]], tuple[Mapping[int, Array], Array]]
"""Of some cases the posteriors of variables, each of shape (cases, states), and each log P."""
Hypothesis = Mapping[int, int]
"""{variable: its state}; variables that are not named are as they come."""


@dataclass(frozen=True, eq=False)
class Conflict:
    """How likely findings e are by themselves and under each hypothesis, in nats.

    own: log P(e_i), shape (findings,). together: log P(e). under: log P(e | h), shape
    (hypotheses,), -inf where they rule each other out. All given what else is known.
    """

    own: Array
    together: float
    under: Array

    @property
    def overall(self) -> float:
        """conf(e): over 0 where the findings are less likely together than apart."""
        return float(self.own.sum()) - self.together

    @property
    def best(self) -> int:
        """Index of the hypothesis that makes the findings likeliest; the first among equals."""
        return int(self.under.argmax())

    @property
    def least(self) -> float:
        """Log [prod P(e_i) / P(e | h)] under the best hypothesis; 0 without findings."""
        return float(self.own.sum() - self.under[self.best]) if len(self.own) else 0.0


@dataclass(frozen=True, eq=False)
class Before:
    """What a case says before its findings are looked at.

    log_z: log of the probability of the rest. marginals: {finding: shape (states,)}. chances:
    P(h) of each hypothesis.
    """

    log_z: float
    marginals: Mapping[int, Array]
    chances: Array


def conflict(
    case: Case,
    found: Before,
    findings: Sequence[int],
    posteriors: Sequence[float],
    log_evidence: float,
) -> Conflict:
    """Compute the conflict among the findings of one case, which must be possible.

    posteriors: P(h | all of the evidence) of each hypothesis of `found`. log_evidence: natural
    log of P(all of the evidence).
    """
    own = np.array([chance_of(case, v, found.marginals[v]) for v in findings])
    together = log_evidence - found.log_z
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.log(np.array(posteriors)) - np.log(found.chances)
        logs = np.log(own)
    return Conflict(logs, together, together + np.where(np.isnan(gain), -np.inf, gain))


def least_conflicts(
    posteriors: Posteriors,
    cases: Sequence[Case],
    findings: Sequence[int],
    hypotheses: Sequence[tuple[Hypothesis, Array]],
    log_evidence: Array,
) -> Array:
    """`Conflict.least` of each of some cases, shape (cases,); 0 without findings.

    hypotheses: each with its posteriors, shape (cases,). A finding may be observed in some cases
    and not in others. What is known before any finding is worked out once for those it is alike,
    of the findings that they have: all findings would make each tape many times as wide.
    """
    named = [each for each, _ in hypotheses]
    least = np.zeros(len(cases))
    for said, rows in _by_findings(cases, findings, log_evidence).items():
        known = {row: cases[row].without(said) for row in rows}
        distinct = {each.key: each for each in known.values()}
        found = _before(posteriors, list(distinct.values()), said, named)
        before = dict(zip(distinct, found, strict=True))
        for row, rest in known.items():
            after = [float(each[row]) for _, each in hypotheses]
            logs = float(log_evidence[row])
            least[row] = conflict(cases[row], before[rest.key], said, after, logs).least
    return np.where(np.isnan(least), 0.0, least)


def _by_findings(
    cases: Sequence[Case], findings: Sequence[int], log_evidence: Array
) -> dict[tuple[int, ...], list[int]]:
    """Return {findings: the places of the possible cases that have these, at least one, of all}."""
    found: dict[tuple[int, ...], list[int]] = {}
    for row, case in enumerate(cases):
        said = tuple(v for v in findings if v in case.hard or v in case.soft)
        if said and not np.isneginf(log_evidence[row]):
            found.setdefault(said, []).append(row)
    return found


def _before(
    posteriors: Posteriors,
    known: Sequence[Case],
    findings: Sequence[int],
    hypotheses: Sequence[Hypothesis],
) -> list[Before]:
    """Compute what each of some cases without findings says of the hypotheses."""
    about = [next(iter(each)) for each in hypotheses if len(each) == 1]
    marginals, log_z = posteriors(known, list(dict.fromkeys([*findings, *about])))
    chances = np.empty((len(hypotheses), len(known)))
    for at, named in enumerate(hypotheses):
        if len(named) == 1:
            ((variable, state),) = named.items()
            chances[at] = marginals[variable][:, state]
        else:
            _, together = posteriors([case.with_states(named) for case in known], ())
            # Of an impossible case nothing is read.
            with np.errstate(invalid="ignore"):
                chances[at] = np.minimum(1.0, np.exp(together - log_z))
    return [
        Before(float(log_z[row]), {v: marginals[v][row] for v in findings}, chances[:, row])
        for row in range(len(known))
    ]


def chance_of(case: Case, finding: int, marginal: Array) -> float:
    """P(what is observed of a finding) from its marginal."""
    if finding in case.hard:
        return float(marginal[case.hard[finding]])
    told = float((marginal * case.soft[finding]).sum()) if finding in case.soft else 1.0
    return told * math.exp(case.scales.get(finding, 0.0))
