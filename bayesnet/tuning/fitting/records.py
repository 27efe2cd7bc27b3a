"""Define what is told of a fit: data only, for JSON."""

from collections.abc import Mapping

from msgspec import Struct

from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.model.editing.addresses import addresses
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.solving.number_change import Uncertain
from bayesnet.tuning.fitting.fit import Fitted
from bayesnet.tuning.fitting.held_out import HeldOut


class HeldOutScore(Struct, frozen=True):
    """How well both models foretell cases that were held out.

    before, after: mean surprise at a case's confirmed causes, given its answers, in bits; less is
    better. error: standard error of the difference; is_worse: by more than that.
    """

    cases: int
    before: float
    after: float
    error: float
    is_worse: bool


class NumberTold(Struct, frozen=True):
    """A number: a probability or a relative risk, or the shares of several states.

    interval: 95 %; sample_size: cases that it is worth; one of them says how sure it is.
    """

    value: float | dict[str, float]
    interval: tuple[float, float] | None
    sample_size: float | None


class FittedNumber(Struct, frozen=True):
    """A number that moved, or became surer.

    name: as `model set` takes it; path: where it stands in the model; moved: in its own standard
    deviations before; is_beyond: whether it left the 95 % interval that it had.
    """

    name: str
    path: KeyPath
    before: NumberTold
    after: NumberTold
    moved: float
    is_beyond: bool


class LeftOut(Struct, frozen=True):
    """A row that could not be used: its number, from 1 on, and why."""

    row: int
    message: str


class FitTold(Struct, frozen=True):
    """What a fit did.

    model: that was fitted; written: the overlay; cases: those that were used; held_out: null where
    too few cases were there to hold some out; numbers: those that moved, the farthest first;
    never_seen: causes that no case has, whose numbers stay; climbed: penalised log likelihood after
    each step.
    """

    model: ModelIdentity
    written: str
    cases: int
    left_out: tuple[LeftOut, ...]
    held_out: HeldOutScore | None
    numbers: tuple[FittedNumber, ...]
    never_seen: tuple[str, ...]
    climbed: tuple[float, ...]


def fit_told(
    model: ModelIdentity,
    description: ModelDescription,
    done: Fitted,
    errors: Mapping[int, str],
    written: str,
) -> FitTold:
    """Put together what is told of a fit; errors: {row from 0 on: why it was left out}."""
    names = {each.path: name for name, each in addresses(description).items()}
    numbers = sorted(done.numbers, key=lambda each: -each.shift)
    return FitTold(
        model=model,
        written=written,
        cases=done.cases,
        left_out=tuple(LeftOut(row + 1, said) for row, said in sorted(errors.items())),
        held_out=None if done.held_out is None else _score(done.held_out),
        numbers=tuple(
            FittedNumber(
                names.get(each.path, ".".join(map(str, each.path))),
                each.path,
                _told(each.before),
                _told(each.after),
                each.shift,
                each.is_beyond,
            )
            for each in numbers
        ),
        never_seen=done.seen.never,
        climbed=done.climbed,
    )


def _score(found: HeldOut) -> HeldOutScore:
    return HeldOutScore(found.cases, found.before, found.after, found.error, found.is_worse)


def _told(number: Uncertain) -> NumberTold:
    if isinstance(number, RiskRow):
        return NumberTold(number.relative_risk, number.interval, None)
    value = dict(number.values) if number.values is not None else number.value or 0.0
    return NumberTold(value, number.interval, number.sample_size)
