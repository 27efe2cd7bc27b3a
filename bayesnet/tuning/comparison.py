"""Compare two models: the numbers that differ, and what that does to people."""

from collections.abc import Iterator, Sequence

import msgspec

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.identity import ModelIdentity, identity_of
from bayesnet.tuning.compared_people import Kind, drawn, of_cases, textbooks
from bayesnet.tuning.conclusions import Changed, Pair, Tell, conclude_both
from bayesnet.tuning.counts import ConfirmedFirst, Counts, confirmed_first, counted, counts_by_kind
from bayesnet.tuning.differences import NumberChange, changed_numbers, changed_places
from bayesnet.tuning.first_questions import FirstQuestion, first_questions
from bayesnet.tuning.published_cases import Case
from bayesnet.tuning.verdict import NOTHING, verdict

MOST_MOVED = 10


class Moved(msgspec.Struct, frozen=True):
    """The cause whose probability differs most in a person, of those that both models have."""

    kind: Kind
    id: str
    cause: str
    before: float
    after: float


class Comparison(msgspec.Struct, frozen=True):
    """Two models compared.

    others: where anything but a number differs. counts: of all people; by_kind: of each kind that
    somebody is of. not_compared: people whose answers one of the models cannot take, as `kind id`.
    changed: the people of whom they conclude otherwise. first_questions: of the commonest kinds of
    people, whether they differ or not.
    """

    before: ModelIdentity
    after: ModelIdentity
    numbers: tuple[NumberChange, ...]
    others: tuple[str, ...]
    counts: Counts
    by_kind: dict[Kind, Counts]
    confirmed_first: ConfirmedFirst
    not_compared: tuple[str, ...]
    changed: tuple[Changed, ...]
    first_questions: tuple[FirstQuestion, ...]
    most_moved: tuple[Moved, ...]
    verdict: str


def compare(
    before: DiagnosticModel,
    after: DiagnosticModel,
    tell: Tell,
    cases: Sequence[Case],
    people: int,
) -> Comparison:
    """Compare two models over textbook presentations, published cases and drawn people.

    Presentations are those of the model after, and of causes that only the one before has. Nobody
    is diagnosed where nothing differs. tell: called with the people done, and their share. people:
    how many are drawn from the model before, up to `histories.AT_ONCE`.
    """
    numbers = changed_numbers(before.description, after.description)
    others = changed_places(before.description, after.description)
    differs = before.description != after.description
    shown = [*textbooks(before, after), *of_cases(cases), *drawn(before, people)] if differs else []
    found = conclude_both(before, after, shown, tell)
    asked = first_questions(before, after) if differs else ()
    moved = sorted(_most_moved(found.pairs), key=lambda each: -abs(each.after - each.before))
    counts, confirmed = counted(found), confirmed_first(found)
    return Comparison(
        identity_of(before.compiled),
        identity_of(after.compiled),
        numbers,
        others,
        counts,
        counts_by_kind(found),
        confirmed,
        tuple(f"{each.kind} {each.id}" for each in found.lost),
        found.changed,
        asked,
        tuple(moved[:MOST_MOVED]),
        verdict(len(numbers), len(others), counts, confirmed, asked) if differs else NOTHING,
    )


def _most_moved(pairs: Sequence[Pair]) -> Iterator[Moved]:
    for each in pairs:
        one, other = each.before.probabilities, each.after.probabilities
        both = [cause for cause in one if cause in other]
        if both:
            cause = max(both, key=lambda name: abs(other[name] - one[name]))
            if one[cause] != other[cause]:
                yield Moved(each.who.kind, each.who.id, cause, one[cause], other[cause])
