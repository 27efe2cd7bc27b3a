"""Decide about simulated patients: posteriors, triage, pathway, the list not to be missed.

The same functions as in `diagnose_many`, but no next question is sought, which would take longest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.column_intake import Answers, with_implied
from bayesnet.diagnosis.answers.columns import EMPTY, Column
from bayesnet.diagnosis.cohort.decisions import choose_pathways, triage_ranks
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array
from bayesnet.network.evidence import Observed, encode_table
from bayesnet.tuning.drawing import Codes
from bayesnet.tuning.patients import PRESENT

SELF = "self"
AT_ONCE = 4096
"""Patients whose posteriors are computed at once, which bounds the memory."""


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


def decide(model: DiagnosticModel, codes: Codes, asked: Sequence[str]) -> Decisions:
    """Decide about patients of whom these questions were answered.

    codes: {variable: state codes, shape (patients,)}; asked: the questions among them.
    """
    posteriors = posteriors_of(model, {name: codes[name] for name in asked})
    cohort = {name: _answers(model, name, codes[name]) for name in asked}
    answers = with_implied(model.known, cohort)
    # Whether answers conflict raises nothing above routine, and would take long to work out.
    unlooked = np.zeros(len(posteriors[NONE]), dtype=np.bool_)
    levels = triage_ranks(
        model.description, model.known, answers, posteriors, model.thresholds, unlooked
    )
    pathways, levels = choose_pathways(model.description, posteriors, levels, model.thresholds)
    return Decisions(posteriors, levels, pathways)


def posteriors_of(model: DiagnosticModel, codes: Codes) -> dict[str, Array]:
    """Return {cause, or `no_identified_cause`: posteriors, shape (patients,)}.

    codes: {variable: state codes, shape (patients,)}; -1 stands for not asked.
    """
    observed = encode_table(model.network, model.network.state_names(codes))
    rows = [
        _posteriors(model, observed.take(np.arange(start, min(start + AT_ONCE, observed.cases))))
        for start in range(0, observed.cases, AT_ONCE)
    ]
    return {name: np.concatenate([each[name] for each in rows]) for name in rows[0]}


def any_serious(model: DiagnosticModel, codes: Codes) -> Array:
    """Return P(at least one cause that is acted on | answers), exact, shape (patients,).

    By Neyman and Pearson (1933) a cut through it finds the most people with such a cause of all
    rules that raise as many false alarms from the same answers.
    """
    serious = tuple(model.network.position(name) for name in thresholds(model))
    observed = encode_table(model.network, model.network.state_names(codes))
    found = model.cohort_engine.inference.log_probabilities(cases_of(observed))
    return np.clip(-np.expm1(_log_absence(model, observed, serious) - found), 0.0, 1.0)


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


def level_shares(
    levels: NDArray[np.intp], weights: Array, among: NDArray[np.bool_]
) -> dict[str, float]:
    """Return {level of triage: its weighted share among some patients}."""
    counts = np.bincount(levels[among], weights[among], minlength=len(LEVELS))
    return dict(zip(LEVELS, (counts / counts.sum()).tolist(), strict=True))


def _posteriors(model: DiagnosticModel, observed: Observed) -> dict[str, Array]:
    causes = {name: model.network.position(name) for name in model.description.causes}
    engine = model.cohort_engine
    scores = engine.inference.score(observed, tuple(causes.values()))
    found = {name: scores.marginals[variable][:, PRESENT] for name, variable in causes.items()}
    ratio = _log_absence(model, observed, tuple(causes.values())) - scores.log_probability
    found[NONE] = np.minimum(1.0, np.exp(ratio))
    return found


def _log_absence(model: DiagnosticModel, observed: Observed, causes: tuple[int, ...]) -> Array:
    """Return the natural log of P(answers, none of these causes), shape (patients,)."""
    absent = observed.codes.copy()
    absent[list(causes)] = 0
    without = Observed(absent, {}, (*observed.columns, *causes))
    return model.cohort_engine.inference.log_probabilities(cases_of(without))


def _answers(model: DiagnosticModel, name: str, codes: NDArray[np.intp]) -> Answers:
    """Return state codes as a cohort's answers, where -1 means not asked too."""
    askable = model.known[name]
    states = model.network.variable(name).states
    values = (False, True) if askable.is_yes_no else states
    nobody = np.zeros(len(codes), dtype=np.bool_)
    return Answers(Column(values, codes), nobody, Column((), np.full(len(codes), EMPTY)))
