"""Which numbers of a model cases can say something of."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.solving.number_change import Uncertain
from bayesnet.tuning.fitting.scales import Scale, scales

PRESENT, NOT_KNOWN = 1, -1


@dataclass(frozen=True)
class Seen:
    """Causes that no case is known to have, and those that every case has; by id."""

    never: tuple[str, ...]
    always: tuple[str, ...]


def seen(description: ModelDescription, truth: NDArray[np.int8]) -> Seen:
    """Tell which causes were never seen, and which in every case.

    truth: of each cause in the model's order 1 where a case has it, 0 where not, -1 where that is
    not known; shape (cases, causes).
    """
    present = truth == PRESENT
    never = [c for c, had in zip(description.causes, present.T, strict=True) if not had.any()]
    always = [
        c for c, had in zip(description.causes, present.T, strict=True) if len(had) and had.all()
    ]
    return Seen(tuple(never), tuple(always))


def chosen(
    description: ModelDescription, never: Collection[str], prevalences_only: bool
) -> tuple[Scale, ...]:
    """Return the numbers to fit: of what was seen, all or the prevalences.

    What a cause that nobody was seen with does, and how common it is, stays as the model has it: a
    clinic that did not see a rare danger must not come to think that there is none.
    """
    found = [each for each in scales(description) if not _is_about(each, never)]
    if prevalences_only:
        found = [each for each in found if each.path[-1] == "prevalence"]
    return tuple(found)


def _is_about(scale: Scale, causes: Collection[str]) -> bool:
    """Tell whether a number is of one of some causes, or of what it shows or brings about."""
    path: KeyPath = scale.path
    number: Uncertain = scale.number(scale.start)
    if path[0] == "causes":
        brings = isinstance(number, RiskRow) and number.factor in causes
        return path[1] in causes or brings
    return path[2] == "causes" and path[-1] in causes
