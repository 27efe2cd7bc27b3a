"""Define what an answer is in a report: data only."""

from msgspec import Struct

from bayesnet.model.format.bands import Number


class EvidenceItem(Struct, frozen=True):
    """One answer: its id, its value (None: asked and not known), and both in words (label)."""

    id: str
    value: bool | str | Number | None
    label: str
