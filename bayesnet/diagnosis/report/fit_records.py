"""Define the part of a report that says whether the answers fit the model: data only."""

from msgspec import Struct


class Clash(Struct, frozen=True):
    """A finding that conflicts with the others.

    decibans: 10 log10 of how many times less likely it is given them than by itself.
    """

    id: str
    label: str
    decibans: float


class Pointer(Struct, frozen=True):
    """A finding that is present and points to a condition that is not in the model."""

    id: str
    label: str
    points_to: str


class Fit(Struct, frozen=True, kw_only=True):
    """Whether the answers fit the model, by two criteria.

    times_less_likely: how many times less likely the findings are together, under the best of the
    hypotheses "this cause" (each in turn) and "no cause", than if they were independent with their
    own frequencies; decibans: 10 log10 of it. conflict: whether that reaches the threshold;
    findings: those that conflict most. points_elsewhere: findings of conditions outside the model.
    flagged: whether either criterion holds.
    """

    decibans: float
    times_less_likely: float
    threshold: float
    conflict: bool
    findings: tuple[Clash, ...]
    points_elsewhere: tuple[Pointer, ...]
    flagged: bool
    message: str
