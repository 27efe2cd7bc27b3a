"""Check what a model says about answers: which contradict each other, and words for questions."""

from collections.abc import Iterator

from bayesnet.model.checks.conditions import ASKABLE, check_condition
from bayesnet.model.lookup.scope import Scope, unknown
from bayesnet.model.problems import Problem


def check_words(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in contradictions and synonyms."""
    for name, contradiction in scope.description.contradictions.items():
        yield from check_condition(scope, ("contradictions", name, "when"), contradiction.when)
    known = scope.named(*ASKABLE)
    for word, ids in scope.description.synonyms.items():
        for at, name in enumerate(ids):
            if name not in known:
                yield unknown(("synonyms", word, at), "finding or risk factor", name, known)
