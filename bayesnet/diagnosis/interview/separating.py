"""Say which two causes the answers to a question tell apart."""

import numpy as np

from bayesnet.diagnosis.answers.intake import Askable, answer_of, in_words
from bayesnet.diagnosis.interview.conduct import Standing
from bayesnet.diagnosis.interview.outlook import Outlook
from bayesnet.diagnosis.report.separation import SeparatingAnswer, Separation
from bayesnet.model.format.variables import states_of
from bayesnet.network import Array

LEAST = 0.005
"""Difference of a probability that is worth naming: what rounds to 1 of 100."""


def separation_of(standing: Standing, outlook: Outlook, askable: Askable) -> Separation | None:
    """Find the causes and answers of an open question that are furthest apart; None where none is.

    Of two answers, that cause whose probability they differ in most to one side, and that to the
    other; of all pairs of answers, those with the largest difference of both, weighted by how often
    two people like this one would differ in them.
    """
    rows = outlook.rows_of(outlook.ids.index(askable.id))
    told, chances = outlook.posteriors[:-1, rows], outlook.chances[rows]
    differences = told[:, :, None] - told[:, None, :]
    names = list(standing.policy.description.causes)
    if standing.manner.cause:
        most = differences[names.index(standing.manner.cause)]
    else:
        most = differences.max(axis=0)
    apart = (most - differences.min(axis=0)) * np.outer(chances, chances)
    first, second = (int(at) for at in np.unravel_index(int(apart.argmax()), apart.shape))
    if not standing.manner.cause and _turned(askable, differences[:, first, second], first, second):
        first, second = second, first
    own = differences[:, first, second]
    cause = names.index(standing.manner.cause) if standing.manner.cause else int(own.argmax())
    other = int(own.argmin())
    if own[cause] < LEAST:
        return None
    beside = other if own[other] <= -LEAST else None
    labels = standing.policy.description.causes
    return Separation(
        names[cause],
        labels[names[cause]].label,
        "" if beside is None else names[beside],
        "" if beside is None else labels[names[beside]].label,
        (
            _answer(askable, told, chances, first, cause, beside),
            _answer(askable, told, chances, second, cause, beside),
        ),
    )


def _turned(askable: Askable, own: Array, first: int, second: int) -> bool:
    """Whether the pair reads better the other way round: yes first, or what moves most."""
    if own.min() > -LEAST:
        return False
    return first < second if askable.is_yes_no else bool(-own.min() > own.max())


def in_a_sentence(separation: Separation) -> str:
    """Write it as people say it, in natural frequencies."""
    high, low = separation.answers
    apart = f"It separates {separation.label} from {separation.other_label}: "
    return (
        f"{apart if separation.other else ''}'{high.label}' would make {separation.label} "
        f"{of_100(high.probability)}, '{low.label}' {of_100(low.probability)}."
    )


def said(askable: Askable, answer: int) -> str:
    """Write an answer, given by its state, without the label of its question."""
    value = answer_of(askable, states_of(askable.answer)[answer])
    return in_words(askable, value).removeprefix(f"{askable.label}: ")


def of_100(share: float) -> str:
    """Write a share as a natural frequency.

    >>> of_100(0.624), of_100(0.004), of_100(1.0)
    ('62 of 100', 'fewer than 1 of 100', '100 of 100')
    """
    return f"{100 * share:.0f} of 100" if share == 0 or share >= 0.01 else "fewer than 1 of 100"


def _answer(
    askable: Askable, told: Array, chances: Array, answer: int, cause: int, beside: int | None
) -> SeparatingAnswer:
    return SeparatingAnswer(
        answer_of(askable, states_of(askable.answer)[answer]),
        said(askable, answer),
        float(chances[answer]),
        float(told[cause, answer]),
        None if beside is None else float(told[beside, answer]),
    )
