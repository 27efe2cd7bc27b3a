"""Get every question's expected information about each cause from pyAgrum, the fastest way.

Its own functions take one pair of variables at a time, which is some ten times slower for all pairs
than either of these: one inference for each cause with P(question | cause = yes) read off, and
P(question | cause = no) from the law of total probability.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.network import Array
from lbp_validation.bench.peer import Evidence, Peer

HEAVY = 1000.0
"""How much likelier a cause is made by reweighting: any weight that is not 1 would do."""


@dataclass(frozen=True)
class Ask:
    """One person's evidence, the two-state causes and the open questions."""

    evidence: Evidence
    causes: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Informant:
    """One of pyAgrum's engines, and a way to have P(question and cause = yes) from it.

    with_cause: (peer, what is asked, posteriors without it) -> one vector a cause over all states
    of all questions.
    """

    name: str
    peer: Peer
    with_cause: Callable[[Peer, Ask, Mapping[str, Array]], Iterator[Array]]

    def bits(self, ask: Ask) -> Array:
        """Return I(cause; question | evidence) in bits, shape (causes, questions).

        All posteriors are computed first. All causes and questions must be unobserved.
        """
        posteriors = {v: p.toarray() for v, p in self.peer.each_posterior(ask.evidence)}
        question = np.concatenate([posteriors[name] for name in ask.questions])
        sizes = [len(posteriors[name]) for name in ask.questions]
        starts = np.cumsum([0, *sizes[:-1]])
        rows = []
        for name, yes in zip(ask.causes, self.with_cause(self.peer, ask, posteriors), strict=True):
            no = np.maximum(question - yes, 0.0)
            chance = posteriors[name]
            terms = _terms(no, chance[0] * question) + _terms(yes, chance[1] * question)
            rows.append(np.add.reduceat(terms, starts))
        return np.array(rows)


def conditioning(peer: Peer, ask: Ask, posteriors: Mapping[str, Array]) -> Iterator[Array]:
    """Observe each cause in turn to be present.

    Yields P(question and cause = yes) over all states of all questions, shape (states,), for each.
    """
    for cause in ask.causes:
        peer.engine.setEvidence({**ask.evidence, cause: 1})
        peer.engine.makeInference()
        yield _read(peer.engine, ask.questions) * posteriors[cause][1]


def reweighting(peer: Peer, ask: Ask, posteriors: Mapping[str, Array]) -> Iterator[Array]:
    """Make each cause in turn likelier, which spares pyAgrum a new junction tree.

    Yields P(question and cause = yes) over all states of all questions, shape (states,), for each.
    """
    engine, level = peer.engine, [1.0, 1.0]
    engine.setEvidence({**ask.evidence, **dict.fromkeys(ask.causes, level)})
    question = np.concatenate([posteriors[name] for name in ask.questions])
    for cause in ask.causes:
        engine.chgEvidence(cause, [1.0, HEAVY])
        engine.makeInference()
        total = 1.0 + (HEAVY - 1.0) * posteriors[cause][1]
        yield np.maximum(_read(engine, ask.questions) * total - question, 0.0) / (HEAVY - 1.0)
        engine.chgEvidence(cause, level)


def informants(rivals: Sequence[Peer]) -> list[Informant]:
    """Pair each engine with either way, but for the one that begins anew for each variable."""
    ways = {"observed": conditioning, "reweighted": reweighting}
    return [
        Informant(f"{peer.initials}, {words}", peer, way)
        for peer in rivals
        if not peer.name.startswith("VariableElimination")
        for words, way in ways.items()
    ]


def _read(engine: Any, questions: Sequence[str]) -> Array:
    return np.concatenate([engine.posterior(name).toarray() for name in questions])


def _terms(joint: Array, independent: Array) -> Array:
    ratio = np.divide(joint, independent, out=np.ones_like(joint), where=joint > 0)
    return np.asarray(joint * np.log2(ratio))
