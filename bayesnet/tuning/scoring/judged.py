"""Diagnose cases whose causes were confirmed: what the model says of each, beside what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.cohort.result import ERROR
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING
from bayesnet.tuning.patients import PRESENT

Truth = NDArray[np.int8]
"""State codes of causes, MISSING where it is not known; shape (cases, causes)."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Cases that were diagnosed.

    rows: where they stand in their table, from 1, shape (cases,); probability: of each cause in the
    model's order, shape (cases, causes); truth: what is known of it; levels: the urgency told, as
    positions in LEVELS, shape (cases,).
    """

    rows: NDArray[np.intp]
    probability: Array
    truth: Truth
    levels: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Tell of which causes it is known whether a case has them, shape (cases, causes)."""
        return np.asarray(self.truth != MISSING)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Tell which causes were confirmed, shape (cases, causes)."""
        return np.asarray(self.truth == PRESENT)

    def take(self, rows: NDArray[Any]) -> "Judged":
        """Return the cases at these positions, or those that are flagged."""
        return Judged(self.rows[rows], self.probability[rows], self.truth[rows], self.levels[rows])

    def moved(self, rows: int) -> "Judged":
        """Return the cases as they stand after so many other rows."""
        return Judged(self.rows + rows, self.probability, self.truth, self.levels)


def judge(
    model: DiagnosticModel,
    evidence: Any,
    truth: Truth,
    errors: Mapping[int, str],
    audience: str = "self",
) -> tuple[Judged, dict[int, str]]:
    """Diagnose some cases: those that can be used, and {position: why a case cannot be}.

    evidence: a table of cases, as `diagnose_many` takes it; truth: shape (cases, causes); errors:
    cases that are known to be of no use. Raises what `diagnose_many` raises.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> truth = np.full((2, len(model.causes)), MISSING, dtype=np.int8)
        >>> judged, errors = judge(model, {"age": [42, -3]}, truth, {})
        >>> judged.rows.tolist(), list(errors)
        ([1], [1])
    """
    causes = list(model.description.causes)
    result = model.diagnose_many(evidence, audience, fields=[*causes, "triage"])
    result = result.with_errors(errors)
    failed = {int(row): str(result[ERROR][row]) for row in result.failed}
    sound = np.ones(len(result), dtype=np.bool_)
    sound[list(failed)] = False
    ranks = [LEVELS.index(level) for level in result["triage"][sound]]
    judged = Judged(
        np.flatnonzero(sound) + 1,
        np.column_stack([result[cause][sound] for cause in causes]),
        truth[sound],
        np.array(ranks, dtype=np.intp),
    )
    return judged, failed


def joined(parts: Sequence[Judged]) -> Judged:
    """Put cases one after the other; at least one part."""
    return Judged(
        np.concatenate([each.rows for each in parts]),
        np.concatenate([each.probability for each in parts]),
        np.concatenate([each.truth for each in parts]),
        np.concatenate([each.levels for each in parts]),
    )
