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

LogProbabilities = Callable[[Sequence[Case]], Array]
"""Log P of each of some cases, shape (cases,)."""
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
    log_probabilities: LogProbabilities,
    cases: Sequence[Case],
    findings: Sequence[int],
    hypotheses: Sequence[tuple[Hypothesis, Array]],
    log_evidence: Array,
) -> Array:
    """`Conflict.least` of each of some cases, shape (cases,); 0 without findings.

    hypotheses: each with its posteriors, shape (cases,). A finding may be observed in some cases
    and not in others. All that has to be known is the probability of parts of the cases.
    """
    said = [[v for v in findings if v in case.hard or v in case.soft] for case in cases]
    known = [case.without(findings) for case in cases]
    parts: list[Case] = []
    for case, rest, own in zip(cases, known, said, strict=True):
        parts.append(rest)
        parts += [rest.with_states(each) for each, _ in hypotheses]
        parts += [case.without([f for f in findings if f != v]) for v in own]
    distinct = {case.key: case for case in parts}
    logs = dict(zip(distinct, log_probabilities(list(distinct.values())), strict=True))
    found = iter([logs[case.key] for case in parts])
    least = np.zeros(len(cases))
    for row, own in enumerate(said):
        base = next(found)
        prior = np.array([next(found) for _ in hypotheses])
        alone = np.array([next(found) for _ in own])
        if not own or np.isneginf(log_evidence[row]):
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = np.log([float(after[row]) for _, after in hypotheses]) - (prior - base)
        gain = np.where(np.isnan(gain), -np.inf, gain)
        least[row] = (alone - base).sum() - (log_evidence[row] - base) - gain.max()
    return np.where(np.isnan(least), 0.0, least)


def chance_of(case: Case, finding: int, marginal: Array) -> float:
    """P(what is observed of a finding) from its marginal."""
    if finding in case.hard:
        return float(marginal[case.hard[finding]])
    told = float((marginal * case.soft[finding]).sum()) if finding in case.soft else 1.0
    return told * math.exp(case.scales.get(finding, 0.0))
