"""Collect what was said and where, and find contradictions, in this one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bayesnet.diagnosis.answers.reading import Value
from bayesnet.errors import EvidenceError
from lbp_infer.commands.vocabulary import Vocabulary


@dataclass(frozen=True)
class Statement:
    """An answer; `source` is how and where it was given, for messages.

    gives_way: it counts only where nothing else was said about the id.
    """

    id: str
    value: Value
    source: str
    gives_way: bool = False


def evidence_from(statements: Iterable[Statement], words: Vocabulary) -> Mapping[str, Value]:
    """Return the answers in the model's order, so that the order of flags changes nothing.

    Raises EvidenceError when two statements about the same id differ.
    """
    first: dict[str, Statement] = {}
    for statement in sorted(statements, key=lambda each: each.gives_way):
        earlier = first.setdefault(statement.id, statement)
        if statement.gives_way:
            continue
        if (earlier.value is None) != (statement.value is None) or earlier.value != statement.value:
            raise EvidenceError(
                f"contradictory answers about '{statement.id}': {earlier.source} and "
                f"{statement.source}; keep one"
            )
    return in_order({name: each.value for name, each in first.items()}, words.askables)


def in_order(given: Mapping[str, Value], order: Iterable[str]) -> dict[str, Value]:
    """Return the answers in the order of these ids, the model's."""
    return {name: given[name] for name in order if name in given}


def red_flags(words: Vocabulary) -> list[str]:
    """List the ids of the red flags, answered with yes or no, that have to be asked."""
    return [
        name
        for name, each in words.askables.items()
        if each.asked.mandatory and each.asked.red_flag and each.is_yes_no
    ]


def given_way(statements: Sequence[Statement]) -> list[str]:
    """List the ids about which nothing was stated but what gives way to all else."""
    said = {each.id for each in statements if not each.gives_way}
    gave_way = [each.id for each in statements if each.gives_way and each.id not in said]
    return list(dict.fromkeys(gave_way))
