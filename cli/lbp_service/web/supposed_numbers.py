"""How common causes are, as what can be supposed otherwise: fields, and the model that has them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bayesnet import DiagnosticModel

PREFIX = "prevalence."
"""Before the cause in the name of a field."""
OF = 100
"""People of whom a field says how many have a cause."""
UNIT = f"of {OF}"
WIDER = 2
"""Times the high end of its interval that a slider reaches."""
KEPT = 8
"""Models of which the supposed ones are kept, so that a slider that moves back costs nothing."""


@dataclass(frozen=True)
class Prevalence:
    """How common a cause is, as a field: of 100 people.

    given: as the model has it; typed: as it is supposed; ticks: its number and the ends of its
    interval; step: of a slider, which reaches to most. error: why it is none.
    """

    id: str
    label: str
    given: str
    typed: str
    ticks: tuple[str, ...]
    step: str
    most: str
    error: str = ""

    @property
    def share(self) -> float:
        """What is supposed, between 0 and 1."""
        return float(self.typed.replace(",", ".")) / OF

    @property
    def said(self) -> str:
        """What is supposed, in words."""
        return f"{self.label}: {self.typed} of {OF} people have it, not {self.given}"

    @property
    def has(self) -> str:
        """What the model has, in words."""
        low, high = self.ticks[0], self.ticks[-1]
        return f"In the model {self.given} {UNIT}" + (f" ({low} to {high})" if low != high else "")


def prevalences(
    model: DiagnosticModel, leading: Sequence[str], typed: Mapping[str, str]
) -> list[Prevalence]:
    """Return the fields of leading causes, and of those that were supposed otherwise before.

    None where the model's numbers are in a network file, of which they are a part.
    """
    if model.description.network:
        return []
    names = [name for name in dict.fromkeys([*leading, *typed]) if name in model.causes]
    return [_prevalence(model, name, typed.get(name, "")) for name in names]


def _prevalence(model: DiagnosticModel, name: str, typed: str) -> Prevalence:
    number = model.causes[name].prevalence
    value = number.value or 0.0
    low, high = number.interval or (value, value)
    step = 10.0 ** (math.floor(math.log10(max(OF * value, 1e-9))) - 1)
    most = min(math.ceil(WIDER * OF * high / step) * step, OF - step)
    given = _text(value)
    return Prevalence(
        id=name,
        label=model.causes[name].label,
        given=given,
        typed=typed or given,
        ticks=tuple(dict.fromkeys(map(_text, (low, value, high)))),
        step=f"{step:g}",
        most=f"{most:g}",
        error="" if _is_share(typed or given) else f"Enter a number over 0 and under {OF}.",
    )


def _text(share: float) -> str:
    return f"{OF * share:.6g}"


def _is_share(typed: str) -> bool:
    try:
        return 0.0 < float(typed.replace(",", ".")) < OF
    except ValueError:
        return False


@lru_cache(maxsize=KEPT)
def supposing(model: DiagnosticModel, shares: tuple[tuple[str, float], ...]) -> DiagnosticModel:
    """Return the model in which causes are as common as supposed; raises EvidenceError."""
    return model.supposing(dict(shares)) if shares else model
