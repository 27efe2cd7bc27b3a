"""Measure answers that fit no cause: false alarms among simulated patients, and what is found."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.conflict import Hypothesis, least_conflicts
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.engine import Engine
from bayesnet.errors import NetworkError
from bayesnet.inference.cases import cases_of
from bayesnet.network import Array, Family, Network, NoisyMax
from bayesnet.network.evidence import MISSING, Observed
from bayesnet.tuning.drawing import Codes, draw_many

Column = NDArray[np.intp]

SEED = 20
KNOWN = ("age", "sex")
PARTIAL = (10, 15)
"""Fewest and most findings of a partial history; age and sex are known beside them."""
HISTORIES = ("10 to 15 findings", "everything a person can answer", "that and all tests")


@dataclass(frozen=True)
class HistoryVariables:
    """The variables that conflict is measured on, and those that each kind of history asks."""

    causes: tuple[str, ...]
    findings: tuple[str, ...]
    self_findings: tuple[str, ...]
    risk_factors: tuple[str, ...]

    def shown(self, kind: str, rng: np.random.Generator, drawn: Codes) -> dict[str, Column]:
        """Return {variable: state codes, -1 if not asked} of people with that kind of history."""
        if kind != HISTORIES[0]:
            findings = self.self_findings if kind == HISTORIES[1] else self.findings
            return {name: drawn[name] for name in (*self.risk_factors, *findings)}
        shown = {name: drawn[name] for name in KNOWN if name in self.risk_factors}
        people = len(next(iter(drawn.values())))
        order = rng.random((len(self.self_findings), people)).argsort(axis=0).argsort(axis=0)
        sizes = rng.integers(PARTIAL[0], PARTIAL[1] + 1, people)
        for place, name in zip(order, self.self_findings, strict=True):
            shown[name] = np.where(place < sizes, drawn[name], MISSING)
        return shown


def asked_of(model: DiagnosticModel) -> HistoryVariables:
    """Return the variables that the model may ask about."""
    findings = model.description.findings
    by_self = tuple(name for name, each in findings.items() if each.asked.asked_of == "self")
    risk_factors = tuple(model.description.risk_factors)
    return HistoryVariables(tuple(model.description.causes), tuple(findings), by_self, risk_factors)


@dataclass(frozen=True)
class Alarms:
    """How often simulated people of one kind of history are flagged, in [0, 1].

    conflicting: share whose findings conflict by the model's threshold; pointing: share with a
    finding that points elsewhere; percentiles: what times_less_likely stays under for 98 and for 99
    of 100.
    """

    history: str
    people: int
    conflicting: float
    pointing: float
    percentiles: tuple[float, float]


def false_alarms(model: DiagnosticModel, people: int, seed: int = SEED) -> tuple[Alarms, ...]:
    """Measure how often people drawn from the model are flagged, for each kind of history."""
    rng = np.random.default_rng(seed)
    asked, limit = asked_of(model), model.description.model.conflict_from.value
    drawn = draw_many(model.network, rng, people)
    pointers = [name for name, each in model.description.findings.items() if each.points_to]
    found = []
    for kind in HISTORIES:
        shown = asked.shown(kind, rng, drawn)
        times = times_less_likely(model.cohort_engine, asked, shown)
        pointing = np.any([shown[name] == 1 for name in pointers if name in shown], axis=0)
        shares = float((times >= limit).mean()), float(pointing.mean())
        low, high = np.percentile(times, (98, 99)).tolist()
        found.append(Alarms(kind, people, *shares, (low, high)))
    return tuple(found)


@dataclass(frozen=True)
class LeftOut:
    """People with a cause, judged by a model from which that cause was taken away."""

    cause: str
    people: int
    conflicting: float
    median_times: float


def causes_left_out(
    model: DiagnosticModel, people: int, drawn: int, seed: int = SEED
) -> tuple[LeftOut, ...]:
    """Measure how often conflict notices a cause that was taken out of the model.

    Histories are full ones. people: at most so many with each cause, out of so many drawn; a cause
    that nobody drawn has is left out.
    """
    rng = np.random.default_rng(seed)
    asked, limit = asked_of(model), model.description.model.conflict_from.value
    everyone = draw_many(model.network, rng, drawn)
    found = []
    for cause in asked.causes:
        having = np.flatnonzero(everyone[cause])[:people]
        if not len(having):
            continue
        engine = replace(model.cohort_engine, network=network_without(model.network, cause))
        left = replace(asked, causes=tuple(each for each in asked.causes if each != cause))
        some = {name: codes[having] for name, codes in everyone.items()}
        times = times_less_likely(engine, left, left.shown(HISTORIES[1], rng, some))
        shares = float((times >= limit).mean()), float(np.median(times))
        found.append(LeftOut(cause, len(having), *shares))
    return tuple(found)


def times_less_likely(engine: Engine, asked: HistoryVariables, shown: Codes) -> Array:
    """Measure the conflict of each case's findings under the hypothesis that suits them best.

    Returns how many times less likely they are than by their own frequencies, shape (cases,);
    infinite where they cannot be. shown: {variable: state codes, shape (cases,), -1 if not asked}.
    """
    place = engine.network.position
    cases = len(next(iter(shown.values())))
    codes = np.full((len(engine.network.names), cases), MISSING, dtype=np.intp)
    for name, column in shown.items():
        codes[place(name)] = column
    everyone = Observed(codes, {}, tuple(place(name) for name in shown))
    logs = engine.inference.log_probabilities(cases_of(everyone))
    times, possible = np.full(cases, np.inf), np.flatnonzero(~np.isneginf(logs))
    if len(possible):
        times[possible] = _times_of_possible(engine, asked, everyone.take(possible))
    return times


def _times_of_possible(engine: Engine, asked: HistoryVariables, observed: Observed) -> Array:
    """Measure the same of cases that can be, shape (cases,)."""
    place = engine.network.position
    causes = [place(cause) for cause in asked.causes]
    scores = engine.inference.score(observed, causes)
    absent = observed.codes.copy()
    absent[causes] = 0
    without = Observed(absent, {}, (*observed.columns, *causes))
    none = np.exp(engine.inference.score(without, ()).log_probability - scores.log_probability)
    hypotheses: list[tuple[Hypothesis, Array]] = [
        ({cause: 1}, scores.marginals[cause][:, 1]) for cause in causes
    ]
    hypotheses.append((dict.fromkeys(causes, 0), none))
    findings = [place(name) for name in asked.findings]
    people, logs = cases_of(observed), scores.log_probability
    posteriors = engine.inference.posteriors
    return np.exp(least_conflicts(posteriors, people, findings, hypotheses, logs))


def network_without(network: Network, cause: str) -> Network:
    """Return the network without one cause of noisy families; what is left keeps its numbers."""
    families = [each for each in network.families if each.variable != cause]
    kept = [_relieved(each, cause) if cause in each.parents else each for each in families]
    return Network(tuple(v for v in network.variables if v.name != cause), tuple(kept))


def _relieved(family: Family, cause: str) -> Family:
    if not isinstance(family, NoisyMax):
        raise NetworkError(f"'{family.variable}' has a table over '{cause}', which has to stay")
    kept = [at for at, parent in enumerate(family.parents) if parent != cause]
    parents = tuple(family.parents[at] for at in kept)
    links = tuple(family.links[at] for at in kept)
    return NoisyMax(family.variable, parents, family.leak, links, family.lowest)
