"""What all that is left to ask is worth together, and whether the next few would move the urgency.

Both are means over imagined people, with a stated standard error. Who answers like this person is
drawn jointly and exactly from the posterior: the causes, and the findings that several answers
show. Each is then imagined to answer everything that is open, and is judged by these answers among
all the others: a weighted mean over them, by how probable each makes the answers, in place of the
posterior given the answers (importance sampling from the present posterior). The others choose the
pathway; what it is worth then, all of them say. Given all that is drawn, findings are independent,
and their chances are the network's own. What lies above the causes, such as a risk, is taken as
independent given the causes that it raises, each acting by itself. The draws are the same for the
same evidence.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.posterior_draws import given_parents, posterior_draws
from bayesnet.diagnosis.answers.columns import Column
from bayesnet.diagnosis.answers.intake import answer_of
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.interview.matrix_product import product
from bayesnet.diagnosis.interview.outlook import Outlook
from bayesnet.diagnosis.interview.worth import Worth, levels_of
from bayesnet.inference.cases import Case
from bayesnet.model.format.variables import states_of
from bayesnet.network import Array

if TYPE_CHECKING:
    # Slow to import, and not every diagnosis looks at what is left.
    from numpy.random import Generator

PEOPLE = 1000
"""People who are imagined."""
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
class _Imagined:
    """People who answer like one person, by kind: the same causes, and the same shared findings.

    kind, weights: of each of them, shape (people,); the weights add up to 1. causes: whether each
    kind has each cause, shape (kinds, causes + 1), the last for none of them. logs: log P(answer |
    kind), shape (kinds, answers).
    """

    kind: NDArray[np.intp]
    weights: Array
    causes: Array
    logs: Array

    @cached_property
    def shares(self) -> Array:
        """What all of each kind weigh, shape (kinds,)."""
        return np.asarray(np.bincount(self.kind, self.weights, len(self.causes)), dtype=np.float64)

    def mean(self, values: Array) -> float:
        """Average over them; weights may add up to more than 1 by a rounding."""
        return float(np.clip(self.weights @ values, values.min(), values.max()))

    def error(self, values: Array) -> float:
        """Return the standard error of such an average."""
        return float(np.sqrt(((self.weights * (values - self.mean(values))) ** 2).sum()))


@dataclass(frozen=True, eq=False)
class Answering:
    """Imagined people, and what each answers to each open question, shape (people, questions)."""

    imagined: _Imagined
    codes: NDArray[np.intp]


def answering(policy: Policy, inference: Inference, case: Case, outlook: Outlook) -> Answering:
    """Imagine people who answer like one person; case: the person's evidence."""
    seed = zlib.crc32(repr((sorted(case.hard.items()), case.key)).encode())
    rng = np.random.default_rng(seed)
    imagined = _imagined(policy, inference, case, outlook, rng)
    return Answering(imagined, _answers(outlook, imagined, rng))


def urgency_stays(
    policy: Policy, person: People, outlook: Outlook, worth: Worth, people: Answering
) -> float:
    """Return the share of imagined people whose urgency the next six questions leave as it is.

    person: a table of one row.
    """
    six = np.sort(np.argsort(-worth.scores, kind="stable")[:NEXT])
    codes = people.codes[:, six]
    known = _only(people.imagined, outlook, codes, six)
    after = _levels(policy, person, outlook, codes, six, known)
    return people.imagined.mean(after == worth.now)


def what_is_left(
    policy: Policy, outlook: Outlook, worth: Worth, people: Answering, stays: float
) -> Left:
    """Work out what all open questions of one person are worth together; stays: see `Left`."""
    imagined, codes = people.imagined, people.codes
    everybody, everything = np.arange(len(codes)), np.arange(len(outlook.ids))
    told = _likelihoods(imagined, outlook, codes, everything)
    gains, changed = _gains(policy, outlook, *_judged(imagined, told, everybody))
    # All together are worth what the best of them is worth by itself, which is exact.
    gain = max(float(worth.value.max()), imagined.mean(gains))
    return Left(gain, imagined.error(gains), stays, imagined.mean(changed))


def _imagined(
    policy: Policy, inference: Inference, case: Case, outlook: Outlook, rng: "Generator"
) -> _Imagined:
    """Draw people from the posterior, and say how each kind answers."""
    structure = inference.given.structure
    causes = [inference.network.position(name) for name in policy.description.causes]
    questions = [inference.network.position(name) for name in outlook.ids]
    above = structure.ancestors([*case.hard, *case.soft, *causes])
    shown = [q for q in questions if q not in above]
    parents = (p for q in shown for p in structure.parents[q])
    drawn = list(dict.fromkeys(v for v in (*causes, *parents) if v not in case.hard))
    found = posterior_draws(inference.given, case, drawn, PEOPLE, rng, causes)
    first, kind = _alike(found.states)
    own = dict(zip(drawn, found.states[:, first], strict=True))
    own |= {v: np.full(len(first), code) for v, code in case.hard.items()}
    has = np.array([own[cause] != 0 for cause in causes]).T
    raising = [structure.ancestors([cause]) for cause in causes]
    chances = _raised(outlook, has, [[q in each for q in questions] for each in raising])
    for at, question in enumerate(questions):
        if question in shown:
            chances[:, outlook.rows_of(at)] = given_parents(structure, question, own)
    every = np.hstack([has, ~has.any(axis=1, keepdims=True)]).astype(np.float64)
    weights = found.weights / found.weights.sum()
    return _Imagined(kind, weights, every, np.log(np.maximum(chances, TINY)))


def _alike(states: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first draw of each kind, and the kind of each draw."""
    rows = np.ascontiguousarray(states.T.astype(np.uint8))
    as_one = rows.view(np.dtype((np.void, rows.shape[1])))[:, 0]
    _, first, kind = np.unique(as_one, return_index=True, return_inverse=True)
    return first, kind


def _raised(outlook: Outlook, has: NDArray[np.bool_], raises: Sequence[Sequence[bool]]) -> Array:
    """P(answer | kind) of what raises causes: with none of them, times what each of these does.

    raises: of each cause, which question it may come from. Shape (kinds, answers).
    """
    base = outlook.joint[-1] / outlook.now[-1] if outlook.now[-1] > TINY else outlook.chances
    given = outlook.joint[:-1] / np.maximum(outlook.now[:-1, None], TINY)
    ratios = np.log(np.maximum(given, TINY)) - np.log(np.maximum(base, TINY))
    ratios *= np.repeat(np.array(raises), outlook.sizes, axis=1)
    own = np.maximum(base, TINY) * np.exp(product(has.astype(np.float64), ratios))
    return np.asarray(own / np.repeat(outlook.over_answers(own), outlook.sizes, axis=1))


def _answers(outlook: Outlook, imagined: _Imagined, rng: "Generator") -> NDArray[np.intp]:
    """Draw an answer to each question for each of them, shape (people, questions)."""
    marks = rng.random((len(imagined.kind), len(outlook.ids)))
    upto = outlook.upto(np.exp(imagined.logs))[imagined.kind]
    passed = outlook.over_answers((np.repeat(marks, outlook.sizes, axis=1) >= upto).astype(np.intp))
    return np.minimum(passed, outlook.sizes - 1)


def _likelihoods(
    imagined: _Imagined, outlook: Outlook, codes: NDArray[np.intp], questions: NDArray[np.intp]
) -> Array:
    """P(answers to some questions | kind) of each row of answers, the largest as 1; (rows, kinds).

    Each answer counts by what it is likelier than the first one to its question, which stands for
    it where it is given: half the sums.
    """
    first = outlook.starts
    against = imagined.logs - np.repeat(imagined.logs[:, first], outlook.sizes, axis=1)
    told = np.zeros((len(codes), len(outlook.chances)), dtype=np.float32)
    np.put_along_axis(told, codes + first[questions], 1.0, axis=1)
    others = np.delete(np.arange(len(outlook.chances)), first)
    # Short numbers: they move a weight by a hundred-thousandth, and the draws by a tenth.
    logs = product(told[:, others], against[:, others].T.astype(np.float32))
    logs += imagined.logs[:, first[questions]].sum(axis=1).astype(np.float32)
    logs -= logs.max(axis=1, keepdims=True)
    return np.exp(logs, out=logs).astype(np.float64)


def _judged(imagined: _Imagined, likelihoods: Array, row: NDArray[np.intp]) -> tuple[Array, Array]:
    """P(cause | answers) of each of them, from all the others, and from all of them.

    likelihoods: of rows of answers, (rows, kinds); row: that of each person. Both of shape (people,
    causes + 1). Among the others nobody counts for himself: the only one of a kind would be known
    by any answer. Where none of the others answers like that they are taken as they are.
    """
    own = (likelihoods[row, imagined.kind] * imagined.weights)[:, None]
    shares = likelihoods * imagined.shares
    with_cause = product(shares, imagined.causes)[row]
    in_all = shares.sum(axis=1, keepdims=True)[row]
    others = np.maximum(with_cause - own * imagined.causes[imagined.kind], 0.0)
    others += TINY * (imagined.shares @ imagined.causes)
    by_others = others / (np.maximum(in_all - own, 0.0) + TINY)
    return by_others, np.asarray(with_cause / in_all)


def _only(
    imagined: _Imagined, outlook: Outlook, codes: NDArray[np.intp], questions: NDArray[np.intp]
) -> Array:
    """P(cause | answers to some questions), on the scale of the exact posterior now."""
    first, row = _alike(codes.T)
    told = _likelihoods(imagined, outlook, codes[first], questions)
    now = np.maximum(imagined.shares @ imagined.causes, TINY)
    by_others, _ = _judged(imagined, told, row)
    return np.clip(by_others / now * outlook.now, 0.0, 1.0)


def _gains(
    policy: Policy, outlook: Outlook, by_others: Array, by_all: Array
) -> tuple[Array, Array]:
    """Return what each of them gains by the pathway that is best then, and whether it is another.

    by_others, by_all: what `_judged` returns. The others choose the pathway, and all of them say
    what it is worth: the best of expected values that are each a little off would seem better than
    it is (the optimizer's curse; Smith and Winkler 2006, Manage Sci 52:311), and what one person
    has says little of all who answer alike.
    """
    people = np.arange(len(by_all))
    if not len(policy.pathways):
        return np.zeros(len(people)), np.zeros(len(people))
    present = int((policy.values @ outlook.now).argmax())
    best = product(by_others, policy.values.T).argmax(axis=1)
    worth = product(by_all, policy.values.T)
    return worth[people, best] - worth[:, present], best != present


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
