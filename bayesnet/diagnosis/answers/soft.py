"""Soft answers: what was said fits several choices, each as well as its weight says.

Likelihood evidence, also called virtual evidence (Pearl 1988, Probabilistic Reasoning in
Intelligent Systems, 2.2.2): a weight is P(what was said or seen | the choice is true), up to a
factor. It is multiplied with everything else, so that equal weights tell nothing of the causes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.variables import NO, YES
from bayesnet.network import Array

LEAST, MOST = 1e-100, 1e100
"""The smallest weight above 0 and the largest: products of many stay within what floats hold."""
ROUNDING = 1e-9
"""How far sums of weights may be off: what people type adds up to 1 in decimals."""
DIGITS = 12
"""Decimals of what is left for the choices that are not named."""
SHOWN = 60
"""Number of characters of something wrong that a message repeats."""
NAMED = 3
"""Choices that a label names, the best first."""


@dataclass(frozen=True, eq=False, repr=False)
class SoftAnswer(Mapping[str, float]):
    """The weight of each choice, {choice: weight}: yes and no, the states, or a number's bands.

    weights: of all choices in their order, as they were given; two at least are above 0.

        >>> said = SoftAnswer((("yes", 0.7), ("no", 0.3)))
        >>> said["yes"], said == {"yes": 0.7, "no": 0.3}
        (0.7, True)
    """

    weights: tuple[tuple[str, float], ...]

    def __getitem__(self, choice: str) -> float:
        return dict(self.weights)[choice]

    def __iter__(self) -> Iterator[str]:
        return (choice for choice, _ in self.weights)

    def __len__(self) -> int:
        return len(self.weights)

    def __hash__(self) -> int:
        return hash(self.weights)

    def __repr__(self) -> str:
        return repr(dict(self.weights))

    def mostly(self, choices: Collection[str]) -> bool:
        """Tell whether these choices have half of all the weight, or more.

        >>> SoftAnswer((("yes", 0.7), ("no", 0.3))).mostly(["no"])
        False
        """
        inside, outside = self._split(choices)
        return inside >= outside * (1.0 - ROUNDING)

    def grouped(self, choices: Collection[str]) -> "bool | SoftAnswer":
        """Answer whether it is one of these choices: soft, unless they have all the weight or none.

        >>> SoftAnswer((("hip", 0.5), ("knee", 0.25), ("none", 0.25))).grouped(["hip", "knee"])
        {'yes': 0.75, 'no': 0.25}
        """
        yes, no = self._split(choices)
        return SoftAnswer(((YES, yes), (NO, no))) if yes and no else bool(yes)

    def likelihood(self, states: Sequence[str]) -> Array:
        """Return the weights in the order of some states, the largest as 1; shape (states,).

        >>> SoftAnswer((("yes", 0.5), ("no", 0.25))).likelihood(["no", "yes"])
        array([0.5, 1. ])
        """
        own = dict(self.weights)
        found = np.array([own[state] for state in states])
        return np.asarray(found / found.max())

    def in_words(self, labels: Mapping[str, str]) -> str:
        """Write the choices that fit best, each with its share of the weight.

        labels: {choice: its words}, where they differ from its name.

            >>> SoftAnswer((("yes", 7.0), ("no", 3.0))).in_words({})
            'yes with 0.7'
        """
        total = fsum(weight for _, weight in self.weights)
        ranked = sorted(self.weights, key=lambda each: -each[1])
        said = [
            f"{labels.get(choice, choice.replace('_', ' '))} with {_share(weight / total)}"
            for choice, weight in ranked
            if weight > 0.0
        ]
        # Of two choices the other one has the rest.
        return said[0] if len(ranked) == 2 else ", ".join(said[:NAMED])

    def _split(self, choices: Collection[str]) -> tuple[float, float]:
        """Add up the weights of these choices, and those of the others."""
        inside = fsum(weight for choice, weight in self.weights if choice in choices)
        return inside, fsum(weight for choice, weight in self.weights if choice not in choices)

    def as_text(self) -> str:
        """Write it as a flag, a cell or a form has it; read again, it is the same.

        >>> SoftAnswer((("yes", 0.7), ("no", 0.3))).as_text()
        'yes:0.7,no:0.3'
        """
        return ",".join(f"{choice}:{weight!r}" for choice, weight in self.weights)


def pairs_in(text: str) -> list[tuple[str, str]] | None:
    """Read CHOICE:WEIGHT or several, a comma between them; None where a text is nothing like it.

    >>> pairs_in("yes:0.7, no:0.3"), pairs_in("yes")
    ([('yes', '0.7'), ('no', '0.3')], None)
    """
    parts = [part.rpartition(":") for part in text.split(",")]
    if not all(colon and choice.strip() for choice, colon, _ in parts):
        return None
    return [(choice.strip(), weight.strip()) for choice, _, weight in parts]


def weighed(
    name: str,
    choices: Sequence[str],
    choice_of: Callable[[Any], str | None],
    pairs: Iterable[tuple[Any, Any]],
) -> SoftAnswer | str:
    """Read the weights of a soft answer to the question `name`; one choice with all: that choice.

    choices: all there are; choice_of: reads one in any spelling, None where it is none; pairs:
    (choice, weight). Choices that are not named share evenly what the others leave of 1. Raises
    UnknownNameError for an unknown choice, EvidenceError for what is no weight, for a choice that
    is named twice, and for weights that are all 0 or leave less than nothing to the others.
    """
    spelt: dict[str, Any] = {}
    given: dict[str, float] = {}
    for key, weight in pairs:
        choice = choice_of(key)
        if choice is None:
            remedy = f"its choices are {', '.join(choices)}"
            within = f"'{name}' (a mapping of choice to weight)"
            raise UnknownNameError("choice", str(key)[:SHOWN], choices, within, remedy)
        if choice in spelt:
            twice = f"as {spelt[choice]!s:.{SHOWN}} and {key!s:.{SHOWN}}"
            raise EvidenceError(f"'{name}' has '{choice}' twice, {twice}; keep one")
        spelt[choice] = key
        given[choice] = _weight(name, choice, weight)
    if not given:
        raise EvidenceError(f"'{name}' is an empty mapping; {example(choices)}")
    whole = _completed(name, choices, given)
    fitting = [choice for choice, weight in whole if weight > 0.0]
    if not fitting:
        raise EvidenceError(
            f"'{name}': all weights are 0, which fits no choice; {example(choices)}"
        )
    return SoftAnswer(whole) if len(fitting) > 1 else fitting[0]


def example(choices: Sequence[str]) -> str:
    """Say how a soft answer is given, for an error message.

    >>> example(("yes", "no"))
    'a soft answer is given by its weights, such as {"yes": 0.7, "no": 0.3}'
    """
    first, *others = (f'"{choice}"' for choice in choices[:2])
    rest = "".join(f", {other}: 0.3" for other in others)
    return f"a soft answer is given by its weights, such as {{{first}: 0.7{rest}}}"


def _completed(
    name: str, choices: Sequence[str], given: Mapping[str, float]
) -> tuple[tuple[str, float], ...]:
    """Return the weight of every choice; EvidenceError where nothing is left for the others."""
    others = [choice for choice in choices if choice not in given]
    if not others:
        return tuple((choice, given[choice]) for choice in choices)
    total = fsum(given.values())
    if total > 1.0 + ROUNDING:
        listed = " and ".join(f"'{choice}'" for choice in others[:NAMED])
        raise EvidenceError(
            f"'{name}': the weights add up to {total:.6g} and leave nothing for {listed}; name "
            "every choice, or let them add up to 1 at most"
        )
    # What is left of 0.7 is 0.3, as it is where both are named.
    left = max(0.0, round(1.0 - total, DIGITS))
    return tuple((choice, given.get(choice, left / len(others))) for choice in choices)


def _weight(name: str, choice: str, raw: Any) -> float:
    """Read a weight, also from text; raises EvidenceError."""
    given = raw.item() if isinstance(raw, np.generic) else raw
    try:
        found = float(given) if isinstance(given, int | float | str) else None
    except (ValueError, OverflowError):
        found = None
    in_range = found is not None and (found == 0.0 or LEAST <= found <= MOST)
    if found is None or not in_range or isinstance(given, bool):
        raise EvidenceError(
            f"'{name}': the weight of '{choice}' is {given!r:.{SHOWN}}; give a number, 0 or from "
            f"{LEAST:g} to {MOST:g}"
        )
    return abs(found)


def _share(share: float) -> str:
    """Write a share in two digits, and never as all or nothing.

    >>> _share(0.7), _share(0.9999), _share(0.00001)
    ('0.7', 'over 0.99', 'under 0.01')
    """
    if share > 0.99:
        return "over 0.99"
    return "under 0.01" if share < 0.01 else f"{share:.2g}"
