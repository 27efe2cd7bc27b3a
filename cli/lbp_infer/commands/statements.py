"""Collect what was said and where, and find contradictions, in this one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bayesnet.diagnosis.answers.reading import Value
from bayesnet.errors import EvidenceError
from lbp_infer.commands.vocabulary import NO_RED_FLAGS, Vocabulary


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
    return {name: first[name].value for name in words.askables if name in first}


def red_flags(words: Vocabulary) -> list[str]:
    """List the ids of the yes/no questions that have to be asked before anything is ruled out."""
    return [
        name for name, each in words.askables.items() if each.asked.mandatory and each.is_yes_no
    ]


def denied_together(statements: Iterable[Statement], words: Vocabulary) -> list[Statement]:
    """Return a no to each red flag about which nothing was stated."""
    said = {each.id for each in statements}
    return [Statement(name, False, NO_RED_FLAGS) for name in red_flags(words) if name not in said]
