"""What is wanted of a table of cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from bayesnet.diagnosis.cohort.result import ERROR, column_names
from bayesnet.diagnosis.interview.open_questions import check_audience
from bayesnet.errors import UnknownNameError


@dataclass(frozen=True)
class Request:
    """Who can be asked, which columns pass through, and which columns of the result are wanted.

    fields: None for all of them.
    """

    audience: str
    keep: tuple[str, ...]
    fields: tuple[str, ...] | None

    def columns(self, causes: Sequence[str]) -> tuple[str, ...]:
        """Return the result's own columns that are wanted, in order, the errors always among them.

        Raises UnknownNameError for a field that is none, EvidenceError for an unknown audience.

            >>> request("self", (), ["triage"]).columns(["facet_joint"])
            ('triage', 'error')
        """
        check_audience(self.audience)
        every = column_names(causes)
        for name in self.fields or ():
            if name not in every:
                raise UnknownNameError("field", name, every)
        chosen = every if self.fields is None else {*self.fields, ERROR}
        return tuple(name for name in every if name in chosen)


def request(
    audience: str, keep: str | Sequence[str], fields: str | Sequence[str] | None
) -> Request:
    """Make a request of what a caller gives, one name or several.

    >>> request("self", "id", None).keep
    ('id',)
    """
    kept = (keep,) if isinstance(keep, str) else tuple(dict.fromkeys(keep))
    if isinstance(fields, str):
        return Request(audience, kept, (fields,))
    return Request(audience, kept, None if fields is None else tuple(fields))
