"""What is known in one case, as it is drawn into the graph of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.variables import YES


@dataclass(frozen=True)
class Case:
    """One case: answers in words by id, and the probability of each cause, now and before."""

    answers: Mapping[str, str]
    now: Mapping[str, float]
    before: Mapping[str, float]


def case_of(model: DiagnosticModel, answers: Mapping[str, Any]) -> Case:
    """Read answers as `diagnose` does; raises what it raises.

    An answer about a finding that is derived from another is shown beside that.
    """
    intake = take_in(model.known, answers)
    found = model.engine.marginals(intake.evidence)
    causes = model.description.causes
    said: dict[str, str] = {}
    for item in intake.items:
        shown = model.known[item.id].derived_from or item.id
        label = model.known[item.id].label
        words = item.label if shown != item.id else item.label.removeprefix(f"{label}: ")
        said[shown] = f"{said[shown]}; {words}" if shown in said else words
    return Case(
        said,
        {name: float(found[name][YES]) for name in causes},
        {name: cause.prevalence.value or 0.0 for name, cause in causes.items()},
    )
