"""What all that is left to ask is worth together, and whether the next few would move the urgency.

Both are means over sampled answers, with a stated standard error. Which causes a person has is
drawn jointly and exactly from the posterior. Answers are then drawn given these causes, as if each
cause acted by itself (causal independence, as in a noisy-OR) and the answers were independent given
the causes: how much a cause makes an answer more probable is read from P(cause, answer | case).
Answers that measure one thing several times count as several, so that what is left is said to be
rather too much than too little. The draws are the same for the same evidence.
"""

import zlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.posterior_draws import posterior_draws
from bayesnet.diagnosis.answers.columns import Column
from bayesnet.diagnosis.answers.intake import answer_of
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.interview.outlook import Outlook
from bayesnet.diagnosis.interview.worth import Worth, levels_of
from bayesnet.inference.cases import Case
from bayesnet.model.format.variables import states_of
from bayesnet.network import Array

PEOPLE = 2000
"""Sets of causes that are drawn."""
DRAWS = 400
"""People of these who are drawn full answers."""
NEXT = 6
"""Questions after which the urgency is looked at."""
TINY = 1e-12


@dataclass(frozen=True)
class Left:
    """What is left to ask.

    gain: what all open questions together are expected to be worth for the choice of pathway, in
    the model's utility unit; error: its standard error; stays: the share of people like this one
    whose urgency the next six questions leave as it is; changes: the share for whom all answers
    together would change the pathway.
    """

    gain: float
    error: float
    stays: float
    changes: float


@dataclass(frozen=True, eq=False)
class _Kinds:
    """The kinds of people that a person may be: each a set of causes.

    causes: whether each kind has each cause, shape (kinds, causes + 1), the last for none of them;
    weights: their shares, shape (kinds,); logs: log P(answer | kind), shape (kinds, answers).
    """

    causes: Array
    weights: Array
    logs: Array


def what_is_left(
    policy: Policy, inference: Inference, case: Case, person: People, outlook: Outlook, worth: Worth
) -> Left:
    """Work out what all open questions of one person are worth together.

    case: the person's evidence; person: a table of one row.
    """
    seed = zlib.crc32(repr((sorted(case.hard.items()), case.key)).encode())
    rng = np.random.default_rng(seed)
    kinds = _kinds(policy, inference, case, outlook, rng)
    chosen = rng.choice(len(kinds.weights), DRAWS, p=kinds.weights)
    codes = _answers(outlook, np.exp(kinds.logs[chosen]), rng)
    gains, changes = _gains(policy, outlook, _posteriors(outlook, kinds, codes))
    six = np.sort(np.argsort(-worth.scores, kind="stable")[:NEXT])
    after = _levels(policy, person, outlook, codes[:, six], six, _only(kinds, outlook, codes, six))
    return Left(
        float(gains.mean()),
        float(gains.std() / np.sqrt(DRAWS)),
        float((after == worth.now).mean()),
        changes,
    )


def _kinds(
    policy: Policy, inference: Inference, case: Case, outlook: Outlook, rng: np.random.Generator
) -> _Kinds:
    causes = [inference.network.position(name) for name in policy.description.causes]
    drawn = posterior_draws(inference.given, case, causes, PEOPLE, rng)
    packed = np.packbits(drawn.astype(np.bool_), axis=0).T
    as_one = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, first, counts = np.unique(as_one, return_index=True, return_counts=True)
    kinds = drawn.T[first]
    has = np.hstack([kinds, (kinds.sum(axis=1) == 0)[:, None]]).astype(np.float64)
    return _Kinds(has, counts / counts.sum(), _log_chances(outlook, has))


def _log_chances(outlook: Outlook, has: Array) -> Array:
    """Log P(answer | kind): at most each state with none of the causes, times what each cause does.

    shape (kinds, answers).
    """
    p = np.clip(outlook.now[:-1, None], TINY, 1.0 - TINY)
    given = outlook.joint[:-1] / p
    without = (outlook.chances - outlook.joint[:-1]) / (1.0 - p)
    base = outlook.joint[-1] / outlook.now[-1] if outlook.now[-1] > TINY else outlook.chances
    ratios = np.log(_least(outlook.upto(given))) - np.log(_least(outlook.upto(without)))
    below = np.exp(np.log(_least(outlook.upto(base))) + has[:, :-1] @ ratios)
    below = np.minimum(below, 1.0)
    below[:, outlook.ends - 1] = 1.0
    own = np.diff(below, axis=1, prepend=0.0)
    own[:, outlook.starts] = below[:, outlook.starts]
    own = np.maximum(own, TINY)
    return np.asarray(np.log(own / np.repeat(outlook.over_answers(own), outlook.sizes, axis=1)))


def _least(chances: Array) -> Array:
    """Keep chances from being quite 0."""
    return np.maximum(chances, 1e-9)


def _answers(outlook: Outlook, chances: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw an answer to each question for each row of chances, shape (rows, questions)."""
    marks = np.repeat(rng.random((len(chances), len(outlook.ids))), outlook.sizes, axis=1)
    passed = outlook.over_answers((marks >= outlook.upto(chances)).astype(np.intp))
    return np.minimum(passed, outlook.sizes - 1)


def _posteriors(outlook: Outlook, kinds: _Kinds, codes: NDArray[np.intp]) -> Array:
    """Return P(cause | answers) of each row, shape (rows, causes + 1)."""
    told = np.zeros((len(codes), len(outlook.chances)))
    np.put_along_axis(told, codes + outlook.starts, 1.0, axis=1)
    return _weighed(kinds, told @ kinds.logs.T)


def _only(
    kinds: _Kinds, outlook: Outlook, codes: NDArray[np.intp], questions: NDArray[np.intp]
) -> Array:
    """Return P(cause | answers to some questions), on the scale of the exact posterior now."""
    told = np.zeros((len(codes), len(outlook.chances)))
    np.put_along_axis(told, codes[:, questions] + outlook.starts[questions], 1.0, axis=1)
    now = np.maximum(kinds.weights @ kinds.causes, TINY)
    return np.clip(_weighed(kinds, told @ kinds.logs.T) / now * outlook.now, 0.0, 1.0)


def _weighed(kinds: _Kinds, logs: Array) -> Array:
    logs = logs + np.log(kinds.weights)
    share = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray((share / share.sum(axis=1, keepdims=True)) @ kinds.causes)


def _gains(policy: Policy, outlook: Outlook, posteriors: Array) -> tuple[Array, float]:
    """Return what each row gains by the pathway that is best then, and how many change it."""
    if not len(policy.pathways):
        return np.zeros(len(posteriors)), 0.0
    present = int((policy.values @ outlook.now).argmax())
    values = posteriors @ policy.values.T
    return values.max(axis=1) - values[:, present], float((values.argmax(axis=1) != present).mean())


def _levels(
    policy: Policy,
    person: People,
    outlook: Outlook,
    codes: NDArray[np.intp],
    questions: NDArray[np.intp],
    posteriors: Array,
) -> NDArray[np.intp]:
    """Return how urgent the person is with drawn answers to some questions, shape (rows,)."""
    known, names = person.known, (*policy.description.causes, NONE)
    people = person.taken(np.zeros(len(codes), dtype=np.intp))
    answers = dict(people.answers)
    for at, own in zip(questions.tolist(), codes.T, strict=True):
        name = outlook.ids[at]
        states = states_of(known[name].answer)
        answers[name] = Column(tuple(answer_of(known[name], s) for s in states), own)
        for other, derived in known.items():
            if derived.derived_from == name and not person.settled(other)[0]:
                told = np.array([int(state in derived.derived_states) for state in states])
                answers[other] = Column((False, True), told[own])
    probabilities = {name: posteriors[:, at] for at, name in enumerate(names)}
    return levels_of(policy, replace(people, answers=answers, probabilities=probabilities))
