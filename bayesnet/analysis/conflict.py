"""Conflict in evidence: whether any hypothesis makes the findings likelier together than apart.

Jensen, Chamberlain, Nordahl and Jensen (1991): conf(e) = log [prod P(e_i) / P(e)] is over 0 where
findings that a model ties together disagree. A hypothesis h accounts for that where
conf(e) + log [P(h) / P(h | e)] = log [prod P(e_i) / P(e | h)] is not over 0. Evidence for which
it stays far over 0 under every hypothesis is likely to come from something the model lacks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.inference import Inference
from bayesnet.inference.plan import Request
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed

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


def conflict(
    inference: Inference,
    observed: Observed,
    findings: Sequence[int],
    hypotheses: Sequence[tuple[Hypothesis, float]],
    log_evidence: float,
) -> Conflict:
    """The conflict among the findings of one case, which must be possible.

    findings: observed variables; what is observed of others is known throughout, as risk
    factors are. hypotheses: each with its posterior P(h | all of the evidence), on variables
    that are not observed. log_evidence: natural log of P(all of the evidence). What is left to
    compute is one propagation without the findings.
    """
    known = _without(observed, findings)
    variables = tuple(sorted({variable for named, _ in hypotheses for variable in named}))
    before = inference.posterior(known, Request(wanted=tuple(findings), kept=variables))
    marginals = before.marginals(findings)
    chances = [_chances(marginals[finding], observed, finding)[0] for finding in findings]
    prior = before.expectations([_indicators(inference, named) for named, _ in hypotheses])[0]
    after = np.array([probability for _, probability in hypotheses])
    together = log_evidence - float(before.collected.log_z[0] + known.log_scale[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.log(np.array(chances))
        gain = np.log(after) - np.log(prior)
    return Conflict(own, together, together + np.where(np.isnan(gain), -np.inf, gain))


def least_conflicts(
    inference: Inference,
    observed: Observed,
    findings: Sequence[int],
    hypotheses: Sequence[tuple[Hypothesis, Array]],
    log_evidence: Array,
) -> Array:
    """`Conflict.least` of each of some cases, shape (cases,); 0 without findings.

    What `conflict` takes, for the cases of a table, `columns` said: a finding may be observed in
    some of them and not in others; posteriors and log_evidence have shape (cases,).
    """
    known = _without(observed, findings)
    alone = [next(iter(named)) for named, _ in hypotheses if len(named) == 1]
    scores = inference.score(known, sorted({*findings, *alone}))
    least = np.full(observed.cases, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        for named, after in hypotheses:
            if len(named) == 1:
                ((variable, state),) = named.items()
                before = np.log(scores.marginals[variable][:, state])
            else:
                before = inference.score(_with(known, named), ()).log_probability
                before = before - scores.log_probability
            loss = before - np.log(after)
            least = np.fmin(least, np.where(np.isnan(loss), np.inf, loss))
        least = least + scores.log_probability - log_evidence
        some = np.zeros(observed.cases, dtype=np.bool_)
        for finding in findings:
            seen = _seen(observed, finding)
            some |= seen
            chance = _chances(scores.marginals[finding], observed, finding)
            least = least + np.where(seen, np.log(chance), 0.0)
    return np.where(some | np.isnan(least), least, 0.0)


def beside_the_others(inference: Inference, observed: Observed, findings: Sequence[int]) -> Array:
    """Log P(e_i | all other evidence) for each finding of one case, shape (findings,).

    findings: observed leaves, or variables with a likelihood. One that is far less likely beside
    the others than by itself clashes with them. All share one propagation.
    """
    rows = observed.take(np.zeros(len(findings) + 1, dtype=np.intp))
    for row, finding in enumerate(findings, start=1):
        if finding in rows.likelihoods:
            rows.likelihoods[finding][row] = 1.0
        else:
            rows.codes[finding, row] = MISSING
    log_z = inference.posterior_many(rows, Request()).collected.log_z + rows.log_scale
    return np.asarray(log_z[0] - log_z[1:])


def _without(observed: Observed, findings: Sequence[int]) -> Observed:
    """The cases with nothing said of the findings."""
    codes = observed.codes.copy()
    codes[list(findings)] = MISSING
    dropped = set(findings)
    likelihoods = {v: each for v, each in observed.likelihoods.items() if v not in dropped}
    return Observed(codes, likelihoods, tuple(v for v in observed.columns if v not in dropped))


def _with(observed: Observed, hypothesis: Hypothesis) -> Observed:
    """The cases with the hypothesis observed in each."""
    codes = observed.codes.copy()
    for variable, state in hypothesis.items():
        codes[variable] = state
    return Observed(codes, observed.likelihoods, (*observed.columns, *hypothesis))


def _seen(observed: Observed, finding: int) -> NDArray[np.bool_]:
    """Which cases say something of the finding."""
    seen: NDArray[np.bool_] = np.asarray(observed.codes[finding] != MISSING)
    if finding in observed.likelihoods:
        seen = np.logical_or(seen, np.ptp(observed.likelihoods[finding], axis=1) > 0)
    return seen


def _chances(marginals: Array, observed: Observed, finding: int) -> Array:
    """P(what is observed of the finding) from its posteriors, shape (cases,)."""
    codes = observed.codes[finding]
    picked = marginals[np.arange(len(codes)) % len(marginals), np.maximum(codes, 0)]
    if finding not in observed.likelihoods:
        return np.asarray(picked)
    weighed = (marginals * observed.likelihoods[finding]).sum(axis=1)
    return np.asarray(np.where(codes == MISSING, weighed, picked))


def _indicators(inference: Inference, hypothesis: Hypothesis) -> dict[int, Array]:
    sizes = {v: len(inference.network.variables[v].states) for v in hypothesis}
    return {v: np.eye(sizes[v])[state] for v, state in hypothesis.items()}
