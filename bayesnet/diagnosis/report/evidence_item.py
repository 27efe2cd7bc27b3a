"""Define what an answer is in a report: data only."""

from msgspec import Struct

from bayesnet.diagnosis.answers.reading import PlainValue


class EvidenceItem(Struct, frozen=True):
    """One answer: its id, its value (None: asked and not known), and both in words (label).

    The value of a soft answer is the weight of each choice, {choice: weight}.
    """

    id: str
    value: PlainValue
    label: str
