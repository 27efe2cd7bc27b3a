"""Compare what two models ask first of people who have said who they are and deny every screen."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from bayesnet.diagnosis.cohort.result import ERROR
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.variables import NO
from bayesnet.tuning.compared_people import SEED, screens
from bayesnet.tuning.histories import AT_ONCE, draw_histories

KINDS = 6
"""Kinds of people that are asked; the commonest of them."""


class FirstQuestion(msgspec.Struct, frozen=True):
    """What people are asked first once they have said who they are and denied every screen.

    who: {id: answer} of what a model asks everybody first. before, after: the id of the question or
    of a screen; None where a model asks nothing more, or cannot take the answers.
    """

    who: dict[str, str]
    before: str | None
    after: str | None


def first_questions(before: DiagnosticModel, after: DiagnosticModel) -> tuple[FirstQuestion, ...]:
    """Ask both models what the commonest kinds of people are asked first.

    Kinds are told apart by what the model before asks everybody first, such as age and sex.

    >>> import bayesnet
    >>> model = bayesnet.load_model("car-start")
    >>> all(each.before == each.after for each in first_questions(model, model))
    True
    """
    kinds = _kinds(before)
    pairs = zip(_asked(before, kinds), _asked(after, kinds), strict=True)
    return tuple(FirstQuestion(who, *each) for who, each in zip(kinds, pairs, strict=True))


def _kinds(model: DiagnosticModel) -> list[dict[str, str]]:
    """List the commonest kinds of people that a model expects, the commonest first."""
    first = [name for name in model.description.interview.first if name in model.known]
    if not first:
        return [{}]
    (table,) = draw_histories(model, AT_ONCE, SEED)
    met = Counter(zip(*(table[name].tolist() for name in first), strict=True))
    return [dict(zip(first, kind, strict=True)) for kind, _ in met.most_common(KINDS)]


def _asked(model: DiagnosticModel, kinds: Sequence[Mapping[str, str]]) -> list[str | None]:
    denied = dict.fromkeys(screens(model), NO)
    people = [{n: v for n, v in {**denied, **kind}.items() if n in model.known} for kind in kinds]
    result = model.diagnose_many(people, fields=["next_question"])
    told = zip(result["next_question"].tolist(), result[ERROR].tolist(), strict=True)
    return [question if error is None else None for question, error in told]
