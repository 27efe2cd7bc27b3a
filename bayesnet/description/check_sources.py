"""Where numbers, rules and advice come from."""

import re
from collections.abc import Iterator
from typing import Protocol

from bayesnet.description.compiled import Problem
from bayesnet.description.format import JUDGEMENT, ModelDescription
from bayesnet.description.scope import Path, Scope, numbers
from bayesnet.errors import nearest_names, quoted

_YEAR = re.compile(r"(?<!\d)(1[89]|20)\d\d(?!\d)")
_LINK = re.compile(r"https?://\S|\bdoi:\s*\S|(?<!\d)10\.\d{4,9}/\S", re.IGNORECASE)


class Sourced(Protocol):
    """An entry with sources and a reason."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def why(self) -> str: ...


def check_sources(scope: Scope) -> Iterator[Problem]:
    """Each source is a known figure, a citation in full, or judgement with its reason."""
    evidence = scope.description.evidence
    known = scope.ids["evidence"]
    for path, entry in _sourced(scope.description):
        for at, source in enumerate(entry.source):
            if source != JUDGEMENT and source not in known and not _is_citation(source):
                yield Problem((*path, "source", at), _not_a_source(source, sorted(known)))
        if JUDGEMENT in entry.source and not entry.why.strip():
            message = f"'{JUDGEMENT}' needs its reason; add `why: ...`"
            yield Problem((*path, "source"), message)
        figures = [evidence.get(source) for source in entry.source]
        if figures and all(each is not None and each.status == "recalled" for each in figures):
            message = (
                f"only recalled figures ({', '.join(entry.source)}), which nobody has read at the "
                f"source; add a figure that was read, or '{JUDGEMENT}' with a `why:`"
            )
            yield Problem((*path, "source"), message)


def _is_citation(source: str) -> bool:
    return bool(_LINK.search(source)) or (" " in source.strip() and bool(_YEAR.search(source)))


def _not_a_source(source: str, known: list[str]) -> str:
    near = nearest_names(source, [JUDGEMENT, *known])
    hint = f"did you mean {quoted(near)}? " if near else ""
    kind = "a citation in full" if " " in source.strip() else "the id of a published figure"
    return (
        f"'{source}' is not {kind}; {hint}give an id from `evidence`, a citation with its year or "
        f"link, or '{JUDGEMENT}'"
    )


def _sourced(description: ModelDescription) -> Iterator[tuple[Path, Sourced]]:
    """Everything in a model that must say where it comes from, with its path."""
    yield from _sourced_numbers(description)
    for name, exercise in description.exercises.items():
        yield ("exercises", name), exercise
    for name, pathway in description.pathways.items():
        yield ("pathways", name), pathway
        for key, utility in pathway.value.items():
            yield ("pathways", name, "value", key), utility
    if description.triage:
        for name, rule in description.triage.rules.items():
            yield ("triage", "rules", name), rule


def _sourced_numbers(description: ModelDescription) -> Iterator[tuple[Path, Sourced]]:
    if description.model.live_from:
        yield ("model", "live_from"), description.model.live_from
    for path, number, _ in numbers(description):
        yield path, number
    for name, cause in description.causes.items():
        for at, harm in enumerate(cause.harmed_by):
            yield ("causes", name, "harmed_by", at), harm
        for at, row in enumerate(cause.risk_factors):
            yield ("causes", name, "risk_factors", at), row
