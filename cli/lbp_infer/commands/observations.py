"""Understand what is observed in a network and what is asked of it, as words of a command line."""

from collections.abc import Iterable, Sequence

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.network import Network, Variable
from bayesnet.network.states import TRUTH, named_position

NOT_KNOWN = "unknown"


def observed_in(network: Network, words: Iterable[str]) -> dict[str, str]:
    """Read `VARIABLE=STATE` words as {variable: state}; case is ignored where only one name fits.

    A state may be said as yes, no, true or false where the states are such, and `unknown` observes
    nothing. Raises EvidenceError for a word of another form or a variable that is observed in two
    states, UnknownNameError with the nearest names.
    """
    found: dict[str, str] = {}
    for word in words:
        variable, said = _split(network, word)
        state = _state(variable, said)
        if state is None:
            continue
        if found.setdefault(variable.name, state) != state:
            told = f"'{variable.name}' is observed as '{found[variable.name]}' and '{state}'"
            raise EvidenceError(f"{told}; keep one")
    return found


def variable_in(network: Network, word: str) -> Variable:
    """Find the variable that a word names; raises UnknownNameError with the nearest names."""
    name = _meant(word, network.names)
    return network.variable(word if name is None else name)


def _split(network: Network, word: str) -> tuple[Variable, str]:
    """Split a word at the `=` that has a variable before it and, if it can be, a state after it."""
    cuts = [at for at, each in enumerate(word) if each == "="]
    if not cuts:
        raise EvidenceError(f"'{word}' is not VARIABLE=STATE; name a state after an equals sign")
    parts = [(_meant(word[:at], network.names), word[at + 1 :]) for at in cuts]
    known = [(network.variable(name), said) for name, said in parts if name is not None]
    if not known:
        raise UnknownNameError("variable", word[: cuts[0]], network.names)
    whole = [(each, said) for each, said in known if _meant(said, each.states) is not None]
    if len(whole) > 1:
        read = " or ".join(f"'{each.name}' in the state '{said}'" for each, said in whole)
        raise EvidenceError(f"'{word}' can mean {read}; rename one of them")
    return (whole or known)[-1]


def _state(variable: Variable, said: str) -> str | None:
    """Return the state that is meant; None for `unknown` where no state is called so."""
    name = _meant(said, variable.states)
    if name is not None:
        return name
    if said.lower() == NOT_KNOWN:
        return None
    truth = TRUTH.get(said.lower())
    place = None if truth is None else named_position(variable.states, truth)
    if place is None:
        raise UnknownNameError("state", said, variable.states, f"'{variable.name}'")
    return variable.states[place]


def _meant(word: str, names: Sequence[str]) -> str | None:
    """Find the name that a word means: the same, or the only one that differs by case alone."""
    if word in names:
        return word
    close = [name for name in names if name.lower() == word.lower()]
    return close[0] if len(close) == 1 else None
