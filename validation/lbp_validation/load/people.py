"""Draw mixed people for the service: who they are and up to twenty answers each."""

import json
import random
from collections.abc import Iterator

from bayesnet import BayesnetError, DiagnosticModel
from bayesnet.tuning.histories import draw_histories

ANSWERED = (0, 2, 4, 6, 8, 10, 12, 15, 20)
"""Numbers of answers of a person, each as often as the others."""
BODIES = 1000
SEED = 1


def bodies(model: DiagnosticModel, count: int = BODIES, seed: int = SEED) -> list[bytes]:
    """Return bodies of requests, each of another person; the same seed gives the same ones."""
    return list(_bodies(model, count, seed))


def _bodies(model: DiagnosticModel, count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    asked = [name for name in model.findings if not model.findings[name].derived_from]
    first = model.description.interview.first
    for table in draw_histories(model, count, seed):
        known = [name for name in asked if name in table]
        for row in range(len(next(iter(table.values())))):
            names = [*first, *chance.sample(known, min(chance.choice(ANSWERED), len(known)))]
            said = {name: table[name][row] for name in names if name in table}
            try:
                model.check_possible(said)
            except BayesnetError:
                continue
            yield json.dumps({"evidence": said}).encode()
