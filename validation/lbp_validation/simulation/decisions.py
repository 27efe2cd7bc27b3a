"""Decide about simulated patients: posteriors, triage, pathway, the list not to be missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import EvidenceError
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array
from bayesnet.network.evidence import Observed, encode_table
from bayesnet.tuning.drawing import Codes
from bayesnet.tuning.patients import PRESENT

SELF = "self"
AT_ONCE = 4096
"""Patients whose posteriors are computed at once, which bounds the memory."""
LEAST_WAY = 1e-4
"""Least distance from a prevalence to a threshold, where acting costs next to nothing."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """What a model says of some patients.

    posteriors: {cause, or `no_identified_cause`: shape (patients,)}; levels: positions in LEVELS,
    shape (patients,); pathways: their ids, shape (patients,).
    """

    posteriors: Mapping[str, Array]
    levels: NDArray[np.intp]
    pathways: NDArray[np.object_]

    def leading(self, causes: Sequence[str]) -> NDArray[np.intp]:
        """Return each patient's most probable cause, by its place among `causes`, (patients,)."""
        return np.asarray(np.argmax([self.posteriors[cause] for cause in causes], axis=0))


def questions(model: DiagnosticModel, audience: str) -> tuple[str, ...]:
    """List what such a person can answer: `self`, or `clinician`, who also has the tests."""
    return tuple(
        name
        for name, each in model.known.items()
        if not each.derived_from and (audience != SELF or each.asked.asked_of == SELF)
    )


def decide(model: DiagnosticModel, codes: Codes, audience: str) -> Decisions:
    """Diagnose patients who answered all that this audience can be asked.

    codes: {variable: state codes, shape (patients,)}, the questions among them.
    """
    states = {name: model.network.variable(name).states for name in questions(model, audience)}
    table = {name: np.array(each, dtype=object)[codes[name]] for name, each in states.items()}
    wanted = (*model.description.causes, NONE, "triage", "pathway")
    found = model.diagnose_many(table, audience, fields=wanted)
    if len(found.failed):
        raise EvidenceError(f"a simulated patient: {found['error'][found.failed[0]]}")
    posteriors = {name: found[name] for name in wanted[:-2]}
    levels = np.array([LEVELS.index(level) for level in found["triage"]], dtype=np.intp)
    return Decisions(posteriors, levels, found["pathway"])


def joined(parts: Sequence[Decisions]) -> Decisions:
    """Put what was decided of several groups of patients one after the other."""
    return Decisions(
        {n: np.concatenate([each.posteriors[n] for each in parts]) for n in parts[0].posteriors},
        np.concatenate([each.levels for each in parts]),
        np.concatenate([each.pathways for each in parts]),
    )


def posteriors_of(model: DiagnosticModel, codes: Codes) -> dict[str, Array]:
    """Return {cause, or `no_identified_cause`: posteriors, shape (patients,)}.

    codes: {variable: state codes, shape (patients,)}; -1 stands for not asked.
    """
    observed = encode_table(model.network, model.network.state_names(codes))
    starts = range(0, observed.cases, AT_ONCE)
    groups = [np.arange(start, min(start + AT_ONCE, observed.cases)) for start in starts]
    rows = [posteriors_in(model, observed.take(group))[0] for group in groups]
    return {name: np.concatenate([each[name] for each in rows]) for name in rows[0]}


def any_of(model: DiagnosticModel, codes: Codes, causes: Sequence[str]) -> Array:
    """Return P(at least one of some causes | answers), exact, shape (patients,).

    By Neyman and Pearson (1933) a cut through it finds the most people with such a cause of all
    rules that raise as many false alarms from the same answers.
    """
    places = tuple(model.network.position(name) for name in causes)
    observed = encode_table(model.network, model.network.state_names(codes))
    found = model.cohort_engine.inference.log_probabilities(cases_of(observed))
    return np.clip(-np.expm1(_log_absence(model, observed, places) - found), 0.0, 1.0)


def excess(model: DiagnosticModel, posteriors: Mapping[str, Array], causes: Sequence[str]) -> Array:
    """Sum by how much causes exceed their prevalence, each as a share of the way to its threshold.

    posteriors: {cause: shape (patients,)}, and so is the result: 1 is one cause at its threshold,
    or two half-way.
    """
    found = np.zeros(len(next(iter(posteriors.values()))))
    for name in causes:
        prior = model.description.causes[name].prevalence.value or 0.0
        way = thresholds(model)[name] - prior
        found += np.maximum(posteriors[name] - prior, 0.0) / max(way, LEAST_WAY)
    return found


def listed(model: DiagnosticModel, posteriors: Mapping[str, Array], factor: float = 1.0) -> Codes:
    """Return {serious cause: 1 where it reaches its threshold times a factor, else 0}.

    posteriors: {cause: shape (patients,)}; so is each array of the result.
    """
    return {
        name: (posteriors[name] >= factor * threshold).astype(np.intp)
        for name, threshold in thresholds(model).items()
    }


def thresholds(model: DiagnosticModel) -> dict[str, float]:
    """Return {cause: the probability from which it is acted on}, for the causes that are."""
    return {name: each.value for name, each in model.thresholds.items()}


def posteriors_in(model: DiagnosticModel, observed: Observed) -> tuple[dict[str, Array], Array]:
    """Return {cause, or `no_identified_cause`: posteriors}, and the natural log of P(answers).

    Each of shape (patients,).
    """
    causes = {name: model.network.position(name) for name in model.description.causes}
    engine = model.cohort_engine
    scores = engine.inference.score(observed, tuple(causes.values()))
    found = {name: scores.marginals[variable][:, PRESENT] for name, variable in causes.items()}
    ratio = _log_absence(model, observed, tuple(causes.values())) - scores.log_probability
    found[NONE] = np.minimum(1.0, np.exp(ratio))
    return found, scores.log_probability


def _log_absence(model: DiagnosticModel, observed: Observed, causes: tuple[int, ...]) -> Array:
    """Return the natural log of P(answers, none of these causes), shape (patients,)."""
    absent = observed.codes.copy()
    absent[list(causes)] = 0
    without = Observed(absent, observed.likelihoods, (*observed.columns, *causes))
    return model.cohort_engine.inference.log_probabilities(cases_of(without))
