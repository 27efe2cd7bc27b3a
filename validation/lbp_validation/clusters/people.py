"""Tables of drawn people: each with answers of their own, or all with one questionnaire."""

import random
from typing import Any

import numpy as np

from bayesnet import DiagnosticModel
from bayesnet.tuning.histories import draw_histories

KEY = "id"
"""The column that passes through, a number for each row."""
ANSWERED = (0, 2, 4, 6, 8, 10)
"""Numbers of answers of a person beside who it is, each as often as the others."""
FINDINGS = 10
"""Findings of the one questionnaire."""
POOL = 50_000
"""People drawn at the most; longer tables begin again with them."""
SEED = 16


def mixed(model: DiagnosticModel, rows: int) -> Any:
    """Return a pyarrow.Table of people who were each asked different things, with keys."""
    drawn, chance = _drawn(model, min(rows, POOL)), random.Random(SEED)
    first = [name for name in model.description.interview.first if name in drawn]
    others = [name for name in drawn if name not in first]
    people = len(next(iter(drawn.values())))
    asked = {name: np.zeros(people, dtype=np.bool_) for name in others}
    for row in range(people):
        for name in chance.sample(others, min(chance.choice(ANSWERED), len(others))):
            asked[name][row] = True
    columns = {name: drawn[name] for name in first}
    columns |= {name: np.where(asked[name], drawn[name], None) for name in others}
    return _as_long_as(rows, columns)


def questionnaire(model: DiagnosticModel, rows: int) -> Any:
    """Return a pyarrow.Table of people who answered the same questions, with keys."""
    drawn = _drawn(model, min(rows, POOL))
    first = [name for name in model.description.interview.first if name in drawn]
    others = [name for name in drawn if name not in first]
    names = [*first, *random.Random(SEED).sample(others, min(FINDINGS, len(others)))]
    return _as_long_as(rows, {name: drawn[name] for name in names})


def _drawn(model: DiagnosticModel, people: int) -> dict[str, Any]:
    """Draw who answered everything that they can be asked, {id: texts}."""
    parts = list(draw_histories(model, people, SEED))
    asked = [n for n in model.known if n in parts[0] and not model.known[n].derived_from]
    return {name: np.concatenate([part[name] for part in parts]) for name in asked}


def _as_long_as(rows: int, columns: dict[str, Any]) -> Any:
    import pyarrow

    keys = pyarrow.array(np.arange(rows))
    texts = {name: pyarrow.array(np.resize(cells, rows)) for name, cells in columns.items()}
    return pyarrow.table({KEY: keys, **texts})
