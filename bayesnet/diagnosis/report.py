"""What a diagnosis holds: data only, the same in Python, in JSON and on the screen."""

from dataclasses import asdict, dataclass
from typing import Any

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class ModelIdentity:
    """Which model gave the answer; sha256 over its files."""

    id: str
    version: str
    sha256: str
    title: str
    setting: str


@dataclass(frozen=True)
class TriageReason:
    """A rule that held: its level, why, and what it rests on."""

    rule: str
    level: str
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class TriageResult:
    """How urgent it is; set by rules, lowered by nothing."""

    level: str
    message: str
    reasons: tuple[TriageReason, ...]


@dataclass(frozen=True)
class EvidenceItem:
    """One thing given: its id, its value as given (None: asked and not known), in words."""

    id: str
    value: bool | str | int | None
    label: str


@dataclass(frozen=True)
class CauseResult:
    """A cause with its posterior and its prior (its prevalence in the setting)."""

    id: str
    label: str
    about: str
    probability: float
    prior: float
    interval: tuple[float, float] | None
    serious: bool


@dataclass(frozen=True)
class MustNotMiss:
    """A serious cause at or over its own action threshold."""

    id: str
    label: str
    probability: float
    times_prior: float
    threshold: float
    reason: str


@dataclass(frozen=True)
class NoIdentifiedCause:
    """The probability that none of the causes is present."""

    probability: float
    prior: float


@dataclass(frozen=True)
class Choice:
    """An answer that can be given: the value to pass back, and its wording."""

    value: bool | str | int
    label: str


@dataclass(frozen=True)
class Question:
    """A question with its expected information about the causes, in bits."""

    id: str
    text: str
    label: str
    group: str
    asked_of: str
    cost: float
    choices: tuple[Choice, ...]
    unit: str
    expected_information_bits: float
    mandatory: bool


@dataclass(frozen=True)
class NextQuestion:
    """The question to ask next, and why this one."""

    id: str
    text: str
    label: str
    group: str
    asked_of: str
    choices: tuple[Choice, ...]
    unit: str
    expected_information_bits: float
    reason: str


@dataclass(frozen=True)
class ExerciseResult:
    """An exercise with its dose."""

    id: str
    name: str
    dose: str
    how: str


@dataclass(frozen=True)
class PhaseResult:
    """One stage of a pathway."""

    name: str
    goal: str
    actions: tuple[str, ...]
    exercises: tuple[ExerciseResult, ...]
    enter_when: str
    move_on_when: str


@dataclass(frozen=True)
class PathwayResult:
    """The way of care with the best expected value, and the runners-up."""

    id: str
    label: str
    urgency: str
    expected_value: float
    phases: tuple[PhaseResult, ...]
    avoid: tuple[str, ...]
    because: tuple[str, ...]
    sources: tuple[str, ...]
    alternatives: tuple["PathwayOption", ...]


@dataclass(frozen=True)
class PathwayOption:
    """Another pathway with its expected value."""

    id: str
    label: str
    expected_value: float


@dataclass(frozen=True)
class Contributor:
    """Something modifiable that was reported, with advice."""

    id: str
    label: str
    advice: str


@dataclass(frozen=True)
class Weight:
    """What one piece of evidence says for (over 0) or against (under 0) a cause, in decibans.

    10 log10 of the factor by which it changes the odds, everything else that was given known.
    """

    id: str
    label: str
    decibans: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CauseExplanation:
    """The evidence for and against one cause, strongest first."""

    cause: str
    label: str
    weights_unit: str
    evidence_for: tuple[Weight, ...]
    evidence_against: tuple[Weight, ...]


@dataclass(frozen=True)
class Report:
    """The whole answer."""

    model: ModelIdentity
    triage: TriageResult
    evidence: tuple[EvidenceItem, ...]
    causes: tuple[CauseResult, ...]
    must_not_miss: tuple[MustNotMiss, ...]
    no_identified_cause: NoIdentifiedCause
    next_question: NextQuestion | None
    questions: tuple[Question, ...]
    should_stop: bool
    stop_reason: str
    pathway: PathwayResult | None
    contributors: tuple[Contributor, ...]
    explanation: tuple[CauseExplanation, ...]
    warnings: tuple[str, ...]
    disclaimer: str
    schema_version: int = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, ready for JSON; tuples become lists."""
        return {"schema_version": self.schema_version, **_plain(asdict(self))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
