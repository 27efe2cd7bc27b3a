"""What each answer to each open question would make of a person: a row for each answer.

All of it is read from P(cause, answer | case), which a diagnosis works out anyway; nothing is
propagated again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study
from bayesnet.diagnosis.answers.columns import EMPTY, Column
from bayesnet.diagnosis.answers.intake import Askable, answer_of
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.model.format.variables import states_of
from bayesnet.network import Array

CERTAIN = 1e-9
"""A question whose answers but one are less probable than this together has nothing to tell."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """Each answer to each open question, one below the other.

    ids: the questions, in the order of the model; starts: where each one's answers begin; chances:
    P(answer | case), shape (answers,); joint: P(cause, answer | case), shape (causes + 1, answers),
    the causes in the order of the model, then none of them; now: P(cause | case), shape (causes +
    1,); bits: about each cause by itself, shape (causes, questions).
    """

    ids: tuple[str, ...]
    starts: NDArray[np.intp]
    chances: Array
    joint: Array
    now: Array
    bits: Array

    @property
    def posteriors(self) -> Array:
        """P(cause | answer, case), shape (causes + 1, answers); as now where it cannot be."""
        possible = self.chances > 0
        found = np.repeat(self.now[:, None], len(self.chances), axis=1)
        np.divide(self.joint, self.chances, out=found, where=possible)
        return np.clip(found, 0.0, 1.0)

    def over_answers(self, values: Array) -> Array:
        """Add up the last axis of an array over the answers of each question."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=-1))

    def upto(self, chances: Array) -> Array:
        """Add up the last axis from the first answer of each question to each of its answers."""
        whole = np.cumsum(chances, axis=-1)
        before = whole[..., self.starts] - chances[..., self.starts]
        return np.asarray(whole - np.repeat(before, self.sizes, axis=-1))

    @cached_property
    def ends(self) -> NDArray[np.intp]:
        """Where each question's answers end, shape (questions,)."""
        return np.append(self.starts[1:], len(self.chances))

    @cached_property
    def sizes(self) -> NDArray[np.intp]:
        """How many answers each question has, shape (questions,)."""
        return self.ends - self.starts

    def rows_of(self, question: int) -> slice:
        """Return where the answers of a question are."""
        return slice(int(self.starts[question]), int(self.ends[question]))


def outlook_of(
    inference: Inference, study: Study, probabilities: Mapping[str, float]
) -> Outlook | None:
    """Make the outlook of a studied case; None where no open question has anything to tell.

    probabilities: {cause: posterior, in the order of the model; then `no_identified_cause`}.
    """
    if not study.questions:
        return None
    causes = [inference.network.position(name) for name in probabilities if name != NONE]
    pairs, names = study.pairs, inference.network.names
    own = dict(zip(pairs.targets, pairs.rows, strict=True))
    chances = pairs.joint[: pairs.rows[1] if len(pairs.rows) > 1 else 2].sum(axis=0)
    joint = pairs.joint[[own[cause] + 1 for cause in causes]]
    none = probabilities[NONE] * study.absent.answers
    bits = pairs.bits[[pairs.targets.index(cause) for cause in causes]]
    starts = np.array(pairs.columns, dtype=np.intp)
    open_to = np.maximum.reduceat(chances, starts) < 1.0 - CERTAIN
    if not open_to.any():
        return None
    sizes = np.diff(np.append(starts, len(chances)))
    kept, sizes = np.repeat(open_to, sizes), sizes[open_to]
    return Outlook(
        tuple(names[q] for q, each in zip(study.questions, open_to, strict=True) if each),
        np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp),
        chances[kept],
        np.vstack([joint, none])[:, kept],
        np.array(list(probabilities.values())),
        bits[:, open_to],
    )


def as_people(person: People, outlook: Outlook, causes: Sequence[str]) -> People:
    """Make a table of the person with each answer of an outlook: a row for each.

    What follows from an answer is filled in; whether the findings conflict stays as it is.
    """
    count, known = len(outlook.chances), person.known
    people = person.taken(np.zeros(count, dtype=np.intp))
    answers = dict(people.answers)
    derived = _derived(known)
    for at, name in enumerate(outlook.ids):
        rows = outlook.rows_of(at)
        states = states_of(known[name].answer)
        told = [answer_of(known[name], state) for state in states]
        answers[name] = _only(rows, tuple(told), count, range(len(told)))
        for other in derived.get(name, ()):
            if not person.settled(other)[0]:
                codes = [int(state in known[other].derived_states) for state in states]
                answers[other] = _only(rows, (False, True), count, codes)
    posteriors = outlook.posteriors
    probabilities = {name: posteriors[at] for at, name in enumerate((*causes, NONE))}
    return replace(people, answers=answers, probabilities=probabilities)


def _only(rows: slice, values: tuple[object, ...], count: int, own: Sequence[int]) -> Column:
    """Make a column with codes of its own in some rows, and nothing in the others."""
    codes = np.full(count, EMPTY)
    codes[rows] = own
    return Column(values, codes)


def _derived(known: Mapping[str, Askable]) -> Mapping[str, Sequence[str]]:
    """Return {id: what derives from it}."""
    found: dict[str, list[str]] = {}
    for name, askable in known.items():
        if askable.derived_from:
            found.setdefault(askable.derived_from, []).append(name)
    return found
