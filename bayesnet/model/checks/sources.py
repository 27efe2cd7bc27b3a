"""Check where numbers, rules and advice say that they come from."""

import re
from collections.abc import Iterator

from bayesnet.errors import nearest_names, quoted
from bayesnet.model.format.numbers import JUDGEMENT, RatioThreshold, Threshold
from bayesnet.model.format.pathways import Utility
from bayesnet.model.lookup.scope import Scope, unknown
from bayesnet.model.lookup.sources import sourced, sourced_numbers
from bayesnet.model.problems import Problem

_YEAR = re.compile(r"(?<!\d)(1[89]|20)\d\d(?!\d)")
_LINK = re.compile(r"https?://\S|\bdoi:\s*\S|(?<!\d)10\.\d{4,9}/\S", re.IGNORECASE)


def check_sources(scope: Scope) -> Iterator[Problem]:
    """Check that each source is a known figure, a citation in full, or judgement with a reason."""
    known_figures = scope.description.figures
    known = scope.ids["evidence"]
    for path, entry in sourced(scope.description):
        for at, source in enumerate(entry.source):
            if source != JUDGEMENT and source not in known and not is_citation(source):
                absent = () if " " in source.strip() else (source,)
                message = _not_a_source(source, sorted(known))
                yield Problem((*path, "source", at), message, absent)
        if JUDGEMENT in entry.source and not entry.why.strip():
            message = f"'{JUDGEMENT}' needs its reason; add `why: ...`"
            yield Problem((*path, "source"), message)
        figures = [known_figures.get(source) for source in entry.source]
        if figures and all(each is not None and each.status == "recalled" for each in figures):
            message = (
                f"only recalled figures ({', '.join(entry.source)}), which nobody has read at the "
                f"source; add a figure that was read, or '{JUDGEMENT}' with a `why:`"
            )
            yield Problem((*path, "source"), message)


def check_conflicts(scope: Scope) -> Iterator[Problem]:
    """Check that each figure not followed is known, and no source of the same number."""
    known = sorted(scope.ids["evidence"])
    for path, number in sourced_numbers(scope.description):
        if isinstance(number, Threshold | RatioThreshold | Utility):
            continue
        for figure in number.conflicts:
            place = (*path, "conflicts", figure)
            if figure not in known:
                yield unknown(place, "published figure", figure, known)
            elif figure in number.source:
                message = (
                    f"'{figure}' is a source of this number and conflicts with it; take it out of "
                    "one of them"
                )
                yield Problem(place, message)


def is_citation(source: str) -> bool:
    """Tell whether a source can be found by what it says: it has a link, or words and a year."""
    return bool(_LINK.search(source)) or (" " in source.strip() and bool(_YEAR.search(source)))


def _not_a_source(source: str, known: list[str]) -> str:
    words = source.split()
    if len(words) > 1 and set(words) <= set(known):
        return f"'{source}' is several sources in one; put a comma between them: {', '.join(words)}"
    near = nearest_names(source, [JUDGEMENT, *known])
    hint = f"did you mean {quoted(near)}? " if near else ""
    kind = "a citation in full" if " " in source.strip() else "the id of a published figure"
    return (
        f"'{source}' is not {kind}; {hint}give an id from `evidence`, a citation with its year or "
        f"link, or '{JUDGEMENT}'"
    )
