"""Check what the interview asks: that it exists, that everybody can answer it, and only once."""

from collections.abc import Iterator

from bayesnet.model.checks.conditions import check_condition
from bayesnet.model.format.description import KeyPath
from bayesnet.model.lookup.scope import VARIABLES, Scope, unknown
from bayesnet.model.problems import Problem


def check_interview(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in what is asked first and again, in screens, and in whom it is for."""
    interview = scope.description.interview
    seen: dict[str, str] = {}
    for at, name in enumerate(interview.first):
        yield from _asked_once(scope, ("interview", "first", at), name, "first", seen)
    for at, name in enumerate(interview.again):
        yield from check_asked(scope, ("interview", "again", at), name)
    taken = scope.named(*VARIABLES)
    for gate, screen in interview.gates.items():
        if gate in taken:
            message = f"'{gate}' is already an id in {taken[gate]}; rename the screen"
            yield Problem(("interview", "gates", gate), message)
        for at, name in enumerate(screen.lines):
            path = ("interview", "gates", gate, "lines", at)
            yield from _asked_once(scope, path, name, gate, seen)
            answer = scope.choices(name)
            if answer is not None and (answer.states or answer.bands):
                message = f"'{name}' is no yes/no question, so `none of these` is no answer to it"
                yield Problem(path, f"{message}; take it out of the screen")
    yield from _conditions(scope)


def check_asked(scope: Scope, path: KeyPath, name: str) -> Iterator[Problem]:
    """Check that a question exists, and that everybody can be asked it."""
    known = scope.named("findings", "risk_factors")
    if name not in known:
        yield unknown(path, "question", name, known)
        return
    description = scope.description
    entry = description.findings.get(name) or description.risk_factors.get(name)
    if entry is not None and entry.asked.asked_of != "self":
        yield Problem(path, f"'{name}' is asked of a clinician only; name one asked of everybody")


def _asked_once(
    scope: Scope, path: KeyPath, name: str, where: str, seen: dict[str, str]
) -> Iterator[Problem]:
    yield from check_asked(scope, path, name)
    if name in seen:
        yield Problem(path, f"'{name}' is already asked in '{seen[name]}'; keep one")
    seen.setdefault(name, where)


def _conditions(scope: Scope) -> Iterator[Problem]:
    """Check the conditions under which questions are asked at all."""
    described = scope.description
    for section, entries in (
        ("risk_factors", described.risk_factors),
        ("findings", described.findings),
        ("derived", described.derived),
    ):
        for name, entry in entries.items():
            if entry.asked.when is not None:
                path = (section, name, "asked", "when")
                yield from check_condition(scope, path, entry.asked.when)
