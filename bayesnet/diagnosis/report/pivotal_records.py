"""Define what says which answers would change a conclusion: data only."""

from msgspec import Struct

from bayesnet.diagnosis.report.evidence_item import EvidenceItem


class PivotalAnswers(Struct, frozen=True):
    """The fewest answers, none of them given yet, with which a conclusion would be another one.

    conclusion: `first_cause`, `pathway` or `urgency`; now: its id, or the level; answers: to open
    questions, which change it together, empty where none of those that were tried does; chance: how
    probable it is that a person with these answers gives those too; becomes: what it would be then,
    empty without answers. tried: how many sets of answers were judged; singles_ruled_out: each
    single answer was, and none of them changes it.
    """

    conclusion: str
    now: str
    now_label: str
    answers: tuple[EvidenceItem, ...]
    chance: float
    becomes: str
    becomes_label: str
    tried: int
    singles_ruled_out: bool
