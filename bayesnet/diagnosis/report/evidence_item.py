"""Define what an answer is in a report, and the codes of what it is about: data only."""

from collections.abc import Iterable

from msgspec import Struct

from bayesnet.diagnosis.answers.reading import PlainValue
from bayesnet.model.format.codings import Coding


class ReportCoding(Struct, frozen=True):
    """What another system calls it: the terminology by its URI, the code, and its words for it."""

    system: str
    code: str
    display: str


class EvidenceItem(Struct, frozen=True):
    """One answer: its id, its value (None: asked and not known), and both in words (label).

    The value of a soft answer is the weight of each choice, {choice: weight}. codings: the codes
    that the model gives for what was asked, not for the answer.
    """

    id: str
    value: PlainValue
    label: str
    codings: tuple[ReportCoding, ...] = ()


def reported(codings: Iterable[Coding]) -> tuple[ReportCoding, ...]:
    """Return codes of a model as a report has them, without their sources.

    >>> coding = Coding(system="http://loinc.org", code="30525-0", display="Age", source=("x",))
    >>> reported([coding])
    (ReportCoding(system='http://loinc.org', code='30525-0', display='Age'),)
    """
    return tuple(ReportCoding(each.system, each.code, each.display) for each in codings)
