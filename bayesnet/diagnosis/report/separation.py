"""Define what says which two causes a question tells apart: data only."""

from msgspec import Struct


class SeparatingAnswer(Struct, frozen=True):
    """An answer, and how probable it would make the cause, and the other one where there is one.

    chance: how probable the answer is.
    """

    value: bool | str
    label: str
    chance: float
    probability: float
    other_probability: float | None


class Separation(Struct, frozen=True):
    """The two causes that a question separates most, by the two answers that do so.

    answers: first the one that speaks for the cause. other, other_label: the cause that is more
    probable after the second answer; empty where there is none, and all depends on the first cause.
    """

    cause: str
    label: str
    other: str
    other_label: str
    answers: tuple[SeparatingAnswer, SeparatingAnswer]
