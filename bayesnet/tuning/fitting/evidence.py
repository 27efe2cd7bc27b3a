"""Cases with confirmed causes as evidence on a model's network; what cannot be used is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.column_evidence import on_network, why_contradictory
from bayesnet.diagnosis.answers.column_intake import first_mistakes, take_in_column
from bayesnet.diagnosis.answers.columns import people_of
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import Observed
from bayesnet.tuning.fitting.likelihood import Cases


@dataclass(frozen=True, eq=False)
class Confirmed:
    """Cases that can be used.

    truth: of each cause in the model's order 1 where a case has it, 0 where not, -1 where that is
    not known, shape (cases, causes). rows: where each stood in the table. errors: {row: why it
    cannot be used}.
    """

    cases: Cases
    truth: NDArray[np.int8]
    rows: NDArray[np.intp]
    errors: Mapping[int, str]


def confirmed(
    model: DiagnosticModel,
    evidence: Mapping[str, Any],
    truth: NDArray[np.int8],
    errors: Mapping[int, str],
) -> Confirmed:
    """Read cases: their answers, as `DiagnosticModel.diagnose_many` takes them, and their causes.

    errors: {row: why it cannot be used}, of what is known already. Raises UnknownNameError for a
    column that the model does not ask.
    """
    people = people_of(evidence, model.known)
    count = len(truth)
    cohort = {
        name: take_in_column(model.known, name, column) for name, column in people.columns.items()
    }
    found = on_network(model.network, model.known, cohort, count)
    codes = found.codes.copy()
    for place, cause in enumerate(model.description.causes):
        codes[model.network.position(cause)] = truth[:, place]
    said = dict(errors)
    for row, message in enumerate(first_mistakes(cohort, count)):
        if message is not None:
            said.setdefault(row, message)
    for row in np.flatnonzero(found.contradictory).tolist():
        said.setdefault(row, why_contradictory(model.known, cohort, row))
    observed = Observed(codes, found.likelihoods)
    inference = model.cohort_engine.inference
    usable = np.array([row for row in range(count) if row not in said], dtype=np.intp)
    logs = inference.log_probabilities(cases_of(observed, usable.tolist()))
    for row in usable[np.isneginf(logs)].tolist():
        said[row] = str(inference.impossible(cases_of(observed, [row])[0]))
    rows = usable[~np.isneginf(logs)]
    cases = Cases(model.network.names, observed.take(rows))
    return Confirmed(cases, truth[rows], rows, said)


def joined(parts: list[Confirmed], names: tuple[str, ...]) -> Confirmed:
    """Put consecutive parts of a table together; names: of the network's variables."""
    said = [part.cases.observed.likelihoods for part in parts]
    sizes = {v: values.shape[1] for each in said for v, values in each.items()}
    likelihoods = {
        v: np.concatenate(
            [
                each.get(v, np.ones((len(part.rows), states)))
                for part, each in zip(parts, said, strict=True)
            ]
        )
        for v, states in sizes.items()
    }
    codes = np.concatenate([part.cases.observed.codes for part in parts], axis=1)
    starts = np.cumsum([0, *(len(part.rows) + len(part.errors) for part in parts)])[:-1]
    errors = {
        int(start) + row: message
        for start, part in zip(starts, parts, strict=True)
        for row, message in part.errors.items()
    }
    rows = np.concatenate([start + part.rows for start, part in zip(starts, parts, strict=True)])
    truth = np.concatenate([part.truth for part in parts])
    return Confirmed(Cases(names, Observed(codes, likelihoods)), truth, rows, errors)
