"""Tables of drawn people: questionnaires that all fill in alike, and one where each differs."""

from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network.evidence import MISSING, Observed, encode_table
from lbp_validation.bench.forward_sampling import draw_many

SEED, FIXED = 20_240, 3
"""Seed of the cases, and how many questionnaires there are that ask everybody the same."""
POOL, ANSWERS, ALWAYS, RAGGED = 1 << 16, 10, ("age", "sex"), "ragged"
"""Cases drawn, questions that each answers, those beside them, and the table where these differ."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """A table of cases; `take` goes through it and begins again at its end."""

    name: str
    observed: Observed

    def take(self, start: int, rows: int) -> Observed:
        """Return some rows in their order."""
        return self.observed.take(np.arange(start, start + rows) % self.observed.cases)


def cohorts(model: DiagnosticModel) -> list[Cohort]:
    """Draw some questionnaires and the ragged table."""
    rng = np.random.default_rng(SEED)
    drawn = draw_many(model.network, rng, POOL)
    findings = [name for name in model.description.findings if name not in ALWAYS]
    tables = {}
    for number in range(FIXED):
        asked = (*ALWAYS, *rng.choice(findings, ANSWERS, replace=False).tolist())
        tables[f"fixed {number + 1}"] = {name: drawn[name] for name in asked}
    everything = [name for name, each in model.known.items() if not each.derived_from]
    answered = rng.random((len(everything), POOL)).argsort(axis=0) < ANSWERS
    tables[RAGGED] = {
        name: np.where(told, drawn[name], MISSING)
        for name, told in zip(everything, answered, strict=True)
    }
    names = model.network.state_names
    return [
        Cohort(name, encode_table(model.network, names(table))) for name, table in tables.items()
    ]
