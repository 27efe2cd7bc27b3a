"""Collect what was said and where, and find contradictions, in this one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bayesnet.diagnosis.answers.reading import Value
from bayesnet.errors import EvidenceError
from lbp_infer.commands.vocabulary import Vocabulary


@dataclass(frozen=True)
class Statement:
    """An answer; `source` is how and where it was given, for messages."""

    id: str
    value: Value
    source: str


def evidence_from(statements: Iterable[Statement], words: Vocabulary) -> Mapping[str, Value]:
    """Return the answers in the model's order, so that the order of flags changes nothing.

    Raises EvidenceError when two statements about the same id differ.
    """
    first: dict[str, Statement] = {}
    for statement in statements:
        earlier = first.setdefault(statement.id, statement)
        if (earlier.value is None) != (statement.value is None) or earlier.value != statement.value:
            raise EvidenceError(
                f"contradictory answers about '{statement.id}': {earlier.source} and "
                f"{statement.source}; keep one"
            )
    return in_order({name: each.value for name, each in first.items()}, words.askables)


def in_order(given: Mapping[str, Value], order: Iterable[str]) -> dict[str, Value]:
    """Return the answers in the order of these ids, the model's."""
    return {name: given[name] for name in order if name in given}
