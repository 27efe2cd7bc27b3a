"""Check ids, references between entries, and that influences run in no circle."""

import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from unicodedata import combining, normalize

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.format.variables import YES, Derived, Finding, RiskFactor
from bayesnet.model.lookup.scope import IS_ID, VARIABLES, Scope, unknown, unknown_states
from bayesnet.model.problems import Problem
from bayesnet.model.solving.risk_tables import overlap

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae"})
_STATE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def check_references(scope: Scope) -> Iterator[Problem]:
    """Yield references to what does not exist or cannot stand there, and ids used twice."""
    yield from _used_twice(scope)
    yield from _risk_rows(scope)
    yield from _finding_causes(scope)
    yield from _raised_backgrounds(scope)
    yield from _conditions(scope)
    yield from _derived(scope)


def check_ids(scope: Scope) -> Iterator[Problem]:
    """Yield ids that are not written as ids are."""
    for section in (*VARIABLES, "pathways", "exercises", "contradictions"):
        for name in scope.ids[section]:
            if not IS_ID.fullmatch(name):
                yield Problem((section, name), _not_an_id(name))
    if scope.description.triage:
        for name in scope.description.triage.rules:
            if not IS_ID.fullmatch(name):
                yield Problem(("triage", "rules", name), _not_an_id(name))
    for name in scope.description.interview.gates:
        if not IS_ID.fullmatch(name):
            yield Problem(("interview", "gates", name), _not_an_id(name))
    for name in scope.ids["evidence"]:
        if not name or any(character.isspace() for character in name):
            message = f"the id '{name}' has a space or is empty; write it as one word: facet-019"
            yield Problem(("evidence", name), message)
    if NOBODY in scope.ids["causes"]:
        message = f"'{NOBODY}' stands for people without any cause; name this cause otherwise"
        yield Problem(("causes", NOBODY), message)


def check_groups(scope: Scope) -> Iterator[Problem]:
    """Yield headings of questions that the model does not list, where it lists any."""
    described = scope.description
    known = described.model.groups
    sections: Mapping[str, Mapping[str, RiskFactor | Finding | Derived]] = {
        "risk_factors": described.risk_factors,
        "findings": described.findings,
        "derived": described.derived,
    }
    for section, entries in sections.items():
        for name, entry in entries.items():
            if known and entry.asked.group not in known:
                path = (section, name, "asked", "group")
                yield unknown(path, "group", entry.asked.group, known)


def _not_an_id(name: str) -> str:
    words = words_as_id(name)
    hint = f": {words}" if IS_ID.fullmatch(words) else ", starting with a letter"
    return f"'{name}' is not an id; write small letters, digits and single underscores{hint}"


def words_as_id(words: str) -> str:
    """Write words as an id is written, as far as that can be done.

    >>> words_as_id("Too hot")
    'too_hot'
    """
    return re.sub(r"[^a-z0-9]+", "_", _in_plain_letters(words.lower())).strip("_")


def _in_plain_letters(name: str) -> str:
    """Write letters with marks as those of a to z that stand for them.

    >>> _in_plain_letters("rücken-entzündung, café")
    'ruecken-entzuendung, cafe'
    """
    spelled = name.translate(_SPELLED)
    return "".join(each for each in normalize("NFKD", spelled) if not combining(each))


def check_state_name(path: KeyPath, state: str) -> Iterator[Problem]:
    """Check that a state is written like an id; it may start with a digit."""
    if not _STATE.fullmatch(state):
        words = words_as_id(state)
        hint = f": {words}" if _STATE.fullmatch(words) else ""
        message = (
            f"'{state}' is not a state name; write small letters, digits and single underscores"
            f"{hint}; what people read stands under `labels`"
        )
        yield Problem(path, message)


def _used_twice(scope: Scope) -> Iterator[Problem]:
    """Yield each id that an earlier section uses already."""
    first: dict[str, str] = {}
    for section in VARIABLES:
        for name in scope.ids[section]:
            if name in first:
                message = f"'{name}' is already an id in {first[name]}; rename one of them"
                yield Problem((section, name), message)
            first.setdefault(name, section)


def _risk_rows(scope: Scope) -> Iterator[Problem]:
    known = scope.named("risk_factors", "causes")
    for name, cause in scope.description.causes.items():
        seen: dict[tuple[str, str], list[RiskRow]] = {}
        for at, row in enumerate(cause.risk_factors):
            path = ("causes", name, "risk_factors", at)
            if row.factor not in known:
                yield _not_a_factor(scope, (*path, "factor"), row.factor, known)
                continue
            states = scope.states(row.factor)
            if row.state is not None:
                yield from unknown_states((*path, "state"), row.factor, [row.state], states)
            elif states is not None and YES not in states:
                message = f"'{row.factor}' has more than yes and no; add `state:`, one of "
                yield Problem((*path, "factor"), message + ", ".join(states))
            before = seen.setdefault((row.factor, row.state or YES), [])
            if any(overlap(row, each) for each in before):
                message = f"a second row for '{row.factor}' in the same state; keep one"
                yield Problem((*path, "factor"), message)
            before.append(row)


def _not_a_factor(scope: Scope, path: KeyPath, name: str, known: Iterable[str]) -> Problem:
    other = scope.named("findings", "derived", "shared").get(name)
    if other:
        message = (
            f"'{name}' is in {other}, and only a risk factor or another cause can make a cause "
            "more common; move it to risk_factors, or list the cause under the finding"
        )
        return Problem(path, message)
    return unknown(path, "risk factor or cause", name, known)


def _finding_causes(scope: Scope) -> Iterator[Problem]:
    groups = (
        ("findings", scope.description.findings, scope.named("causes", "shared"), "cause"),
        ("shared", scope.description.shared, scope.named("causes"), "cause"),
    )
    for section, entries, known, kind in groups:
        for name, entry in entries.items():
            for cause in entry.causes:
                if cause not in known:
                    yield _not_a_cause(scope, (section, name, "causes", cause), kind, known)


def _raised_backgrounds(scope: Scope) -> Iterator[Problem]:
    known = scope.named("risk_factors")
    for name, finding in scope.description.findings.items():
        for factor, rows in finding.background_by.items():
            path = ("findings", name, "background_by", factor)
            if factor not in known:
                yield unknown(path, "risk factor", factor, known)
                continue
            states = scope.states(factor)
            for state in rows:
                yield from unknown_states((*path, state), factor, [state], states)
            if states is not None and set(rows) >= set(states):
                message = (
                    f"every state of '{factor}' has a background of its own, which leaves none for "
                    "the `background`; drop that of the lowest"
                )
                yield Problem(path, message)


def _not_a_cause(scope: Scope, path: KeyPath, kind: str, known: Iterable[str]) -> Problem:
    name = str(path[-1])
    section = scope.named("risk_factors", "findings", "derived", "shared").get(name)
    if section == "risk_factors":
        message = (
            f"'{name}' is a risk factor, which acts on causes only; name the cause through which "
            "it shows here"
        )
        return Problem(path, message)
    if section:
        message = f"'{name}' is in {section} and cannot cause this; name a cause"
        return Problem(path, message)
    return unknown(path, kind, name, known)


def _conditions(scope: Scope) -> Iterator[Problem]:
    known = scope.named("risk_factors")
    for name, factor in scope.description.risk_factors.items():
        for at, row in enumerate(factor.frequency_by):
            for other, state in row.when.items():
                path = ("risk_factors", name, "frequency_by", at, "when", other)
                if other not in known:
                    yield unknown(path, "risk factor", other, known)
                else:
                    yield from unknown_states(path, other, [state], scope.states(other))


def _derived(scope: Scope) -> Iterator[Problem]:
    known = scope.named("findings", "risk_factors")
    for name, derived in scope.description.derived.items():
        path = ("derived", name)
        if derived.asked.mandatory:
            message = (
                f"'{name}' is asked through '{derived.derived_from}'; make that mandatory instead"
            )
            yield Problem((*path, "asked", "mandatory"), message)
        if derived.derived_from not in known:
            yield unknown(
                (*path, "derived_from"), "finding or risk factor", derived.derived_from, known
            )
            continue
        states = scope.states(derived.derived_from)
        for at, state in enumerate(derived.states):
            yield from unknown_states((*path, "states", at), derived.derived_from, [state], states)
        if not derived.states or (states and set(derived.states) >= set(states)):
            message = (
                f"'{name}' would be the same for everyone; name some, not all, of the states of "
                f"'{derived.derived_from}'"
            )
            yield Problem((*path, "states"), message)


def check_cycles(scope: Scope) -> Iterator[Problem]:
    """Yield each circle of causes, or of risk factors, that influence each other in turn."""
    description = scope.description
    for section, parents, fields in (
        ("causes", _cause_parents(description), "risk_factors"),
        ("risk_factors", _factor_parents(description), "frequency_by"),
    ):
        for cycle in _found_cycles(parents):
            chain = " -> ".join([*cycle, cycle[0]])
            message = f"a circle of influence: {chain}; drop one of these {fields} entries"
            yield Problem((section, cycle[0], fields), message)


def _cause_parents(description: ModelDescription) -> dict[str, list[str]]:
    causes = description.causes
    return {
        name: [row.factor for row in cause.risk_factors if row.factor in causes]
        for name, cause in causes.items()
    }


def _factor_parents(description: ModelDescription) -> dict[str, list[str]]:
    factors = description.risk_factors
    return {
        name: [other for row in factor.frequency_by for other in row.when if other in factors]
        for name, factor in factors.items()
    }


def _found_cycles(parents: Mapping[str, list[str]]) -> list[list[str]]:
    """Return cycles that share no entry, each listed with cause before effect."""
    cycles: list[list[str]] = []
    graph = dict(parents)
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            cycle = list(error.args[1][:-1])
            cycles.append(cycle)
            graph = {
                name: [parent for parent in before if parent not in cycle]
                for name, before in graph.items()
                if name not in cycle
            }
        else:
            return cycles
