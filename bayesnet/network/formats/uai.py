"""Read and write UAI, the format of the UAI competitions: type, cardinalities, scopes, tables.

It holds no names: variables are v0, v1, ... and their states s0, s1, ... Of a BAYES file the child
is the last of its scope, and its state changes fastest. The factors of a MARKOV file become a
Bayesian network with the same posteriors. Source: the formats of the UAI competitions.
"""

import re
from collections.abc import Sequence

import numpy as np

from bayesnet.network import Array, Network
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.markov import Factor, chance_tables
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.uai_words import Words

_KINDS = ("bayes", "markov")
_NAMED_SCOPE = re.compile(r"^[0-9][0-9 \t]*# [^\n]*$", re.MULTILINE)
"""A scope with a name beside it, which pyAgrum alone writes: it says nothing else of itself."""


def read_uai(text: str, options: ReadingOptions) -> Draft:
    """Read the text of a UAI file; raises MistakeError that says what is wrong in it."""
    words = Words(text)
    kind = words.word()
    if kind.text.lower() not in _KINDS:
        raise MistakeError(f"is of type {kind.text}; BAYES and MARKOV are read", kind.at)
    draft = Draft(options)
    sizes = [words.integer() for _ in range(words.integer())]
    for i, size in enumerate(sizes):
        draft.declare(f"v{i}", (f"s{j}" for j in range(size)), kind.at)
    scopes = [words.integers() for _ in range(words.integer())]
    for scope in scopes:
        if len(set(scope)) < len(scope) or any(v >= len(sizes) for v in scope):
            listed = " ".join(map(str, scope))
            message = f"the scope {listed} names a variable twice, or one that is not there"
            raise MistakeError(message, kind.at)
    if kind.text.lower() == "bayes":
        _add_tables(draft, words, scopes)
    else:
        _add_factors(draft, words, sizes, scopes)
    words.end()
    if len(_NAMED_SCOPE.findall(text)) >= len(scopes):
        draft.warn_of_pyagrum("a name stands beside each scope, as in files that pyAgrum writes")
    return draft


def _add_tables(draft: Draft, words: Words, scopes: Sequence[Sequence[int]]) -> None:
    """Take a table for each scope, of its last variable given the others."""
    if sorted(tuple(scope[-1:]) for scope in scopes) != [(i,) for i in range(len(draft.variables))]:
        raise MistakeError("every variable needs exactly one function that it is the last of")
    for *parents, own in scopes:
        listed = words.listed()
        at = listed[0].at if listed else None
        scope = draft.scope([f"v{own}", *(f"v{parent}" for parent in parents)], at)
        if scope is not None:
            draft.table(scope, numbers(scope.own.name, listed))


def _add_factors(
    draft: Draft, words: Words, sizes: Sequence[int], scopes: Sequence[Sequence[int]]
) -> None:
    """Take a factor for each scope, and add the tables of a network that means the same."""
    factors = []
    for at, scope in enumerate(scopes):
        listed = words.listed()
        values = np.array(numbers(f"factor {at}", listed))
        shape = [sizes[v] for v in scope]
        begins = listed[0].at if listed else None
        if values.size != np.prod([float(size) for size in shape]):
            needed = " x ".join(map(str, shape)) or "1"
            message = f"factor {at} has {values.size} numbers, expected {needed}"
            raise MistakeError(message, begins)
        if not (np.isfinite(values) & (values >= 0)).all():
            raise MistakeError(f"factor {at} has a number that is negative or too large", begins)
        factors.append(Factor(tuple(scope), values.reshape(shape)))
    for own, parents, table in chance_tables(sizes, factors):
        draft.define(f"v{own}", [f"v{parent}" for parent in parents], table)
    draft.notes.append(
        "a MARKOV file has no arrows: all probabilities are those of its factors over their total; "
        "which variables are parents is a matter of how it was made a network"
    )


def write_uai(network: Network) -> str:
    """Write a network as the text of a UAI file: variable i is read back as vi, state j as sj."""
    sizes = [str(len(variable.states)) for variable in network.variables]
    lines = ["BAYES", str(len(sizes)), " ".join(sizes), str(len(sizes))]
    for family in network.families:
        scope = (*family.parents, family.variable)
        lines.append(" ".join(map(str, (len(scope), *map(network.position, scope)))))
    for family in network.families:
        values: Array = family.table()
        rows = values.reshape(-1, values.shape[-1]).tolist()
        lines += ["", str(values.size), *(" ".join(map(repr, row)) for row in rows)]
    return "\n".join(lines) + "\n"
