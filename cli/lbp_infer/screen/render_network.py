"""Render the posteriors of a network: a row a state, or data for JSON."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from lbp_infer.screen.page import bar, can_draw_blocks, columns, paragraph

Posteriors = Mapping[str, Mapping[str, float]]
"""{variable: {state: probability}}"""
BAR = 20
"""Width of the bar of probability 1, in characters."""


@dataclass(frozen=True)
class Answer:
    """What was asked of a network file, and what came out.

    kind: of the file. notes: what there is to say of the file. evidence: {variable:
    state}. log_probability: the natural logarithm of P(evidence).
    """

    file: str
    kind: str
    notes: Sequence[str]
    evidence: Mapping[str, str]
    log_probability: float
    posteriors: Posteriors


def network_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data, version 1."""
    return {
        "schema_version": 1,
        "file": answer.file,
        "kind": answer.kind,
        "evidence": dict(answer.evidence),
        "log_probability_of_evidence": answer.log_probability,
        "posteriors": {name: dict(each) for name, each in answer.posteriors.items()},
        "notes": list(answer.notes),
    }


def network_page(answer: Answer) -> list[RenderableType]:
    """Render an answer: what is given, then each variable with the probabilities of its states."""
    given = ", ".join(f"{name} = {state}" for name, state in answer.evidence.items())
    head = "Nothing is observed."
    if given:
        head = f"Given {given}; P(evidence) = {_probability(answer.log_probability)}"
    return [paragraph(head), Text(), columns(_rows(answer.posteriors), right=[2])]


def _rows(posteriors: Posteriors) -> Iterator[list[str | Text]]:
    blocks = can_draw_blocks()
    for name, states in posteriors.items():
        shown = name
        for state, probability in states.items():
            yield [shown, state, f"{probability:.6f}", bar(probability, BAR, blocks)]
            shown = ""


def _probability(log_probability: float) -> str:
    """Write a probability that may be too small for a number of its own."""
    found = math.exp(log_probability)
    return f"{found:.6g}" if found > 0 else f"exp({log_probability:.6g})"
