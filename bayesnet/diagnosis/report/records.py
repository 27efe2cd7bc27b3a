"""What a diagnosis holds: data only, the same in Python, in JSON and on the screen."""

from typing import Any

from msgspec import Struct, json

from bayesnet.errors import UnknownNameError
from bayesnet.network.html_tables import html_table

SCHEMA_VERSION = 1
LEADING = 3
"""Causes that a report prints in its one line."""


class ModelIdentity(Struct, frozen=True):
    """Which model gave the answer; sha256 over its files."""

    id: str
    version: str
    sha256: str
    title: str
    setting: str


class TriageReason(Struct, frozen=True):
    """A rule that held: its level, why, and what it rests on."""

    rule: str
    level: str
    reason: str
    sources: tuple[str, ...]


class TriageResult(Struct, frozen=True):
    """How urgent it is; set by rules, lowered by nothing."""

    level: str
    message: str
    reasons: tuple[TriageReason, ...]


class EvidenceItem(Struct, frozen=True):
    """One thing given: its id, its value as given (None: asked and not known), in words."""

    id: str
    value: bool | str | int | None
    label: str


class CauseResult(Struct, frozen=True):
    """A cause with its posterior and its prior (its prevalence in the setting).

    interval: 95 %, from how far the model's numbers may be off; not from chance in one person.
    """

    id: str
    label: str
    about: str
    probability: float
    prior: float
    interval: tuple[float, float] | None
    serious: bool


class MustNotMiss(Struct, frozen=True):
    """A serious cause at or over its own action threshold.

    reason: what to do from which probability, what that gains and what it costs.
    """

    id: str
    label: str
    probability: float
    times_prior: float
    threshold: float
    reason: str


class NoIdentifiedCause(Struct, frozen=True):
    """The probability that none of the causes is present, with its 95 % interval."""

    probability: float
    prior: float
    interval: tuple[float, float]


class Choice(Struct, frozen=True):
    """An answer that can be given: the value to pass back, and its wording."""

    value: bool | str | int
    label: str


class Question(Struct, frozen=True):
    """A question with its expected information about the causes, in bits.

    separates: live causes, ids, of which the care for one harms another, where the question
    comes before others for what it tells about them; separating_bits: its expected information
    about their joint, None where no such causes are live.
    """

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
    separates: tuple[str, ...] = ()
    separating_bits: float | None = None


class NextQuestion(Struct, frozen=True):
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


class ExerciseResult(Struct, frozen=True):
    """An exercise: its dose, how it goes on from there, and what should stop it."""

    id: str
    name: str
    dose: str
    progression: str
    stop_if: str
    how: str


class PhaseResult(Struct, frozen=True):
    """One stage of a pathway."""

    name: str
    goal: str
    actions: tuple[str, ...]
    exercises: tuple[ExerciseResult, ...]
    enter_when: str
    move_on_when: str


class PathwayResult(Struct, frozen=True):
    """The way of care with the best expected value, and the runners-up."""

    id: str
    label: str
    urgency: str
    expected_value: float
    unit: str
    phases: tuple[PhaseResult, ...]
    avoid: tuple[str, ...]
    because: tuple[str, ...]
    sources: tuple[str, ...]
    alternatives: tuple["PathwayOption", ...]


class PathwayOption(Struct, frozen=True):
    """Another pathway with its expected value."""

    id: str
    label: str
    expected_value: float


class Contributor(Struct, frozen=True):
    """Something modifiable that was reported, with advice."""

    id: str
    label: str
    advice: str


class Weight(Struct, frozen=True):
    """What one piece of evidence says for (over 0) or against (under 0) a cause, in decibans.

    10 log10 of the factor by which it changes the odds, everything else that was given known.
    grade: how well the sources found it: published, adapted or judgement.
    """

    id: str
    label: str
    decibans: float
    sources: tuple[str, ...]
    grade: str


class CauseExplanation(Struct, frozen=True):
    """The evidence for and against one cause, strongest first."""

    cause: str
    label: str
    weights_unit: str
    evidence_for: tuple[Weight, ...]
    evidence_against: tuple[Weight, ...]


class Clash(Struct, frozen=True):
    """A finding at odds with the others: how much less likely beside them than by itself."""

    id: str
    label: str
    decibans: float


class Pointer(Struct, frozen=True):
    """A finding that is present and points to something the model does not hold."""

    id: str
    label: str
    points_to: str


class Fit(Struct, frozen=True, kw_only=True):
    """Whether the answers fit the model, by two criteria.

    times_less_likely (decibans: 10 log10 of it): the findings under the hypothesis that suits
    them best, each cause and none of them being tried, against their own frequencies;
    conflict: it reaches the threshold, and findings lists those that clash most.
    points_elsewhere: findings that speak of something outside the model. flagged: either.
    """

    decibans: float
    times_less_likely: float
    threshold: float
    conflict: bool
    findings: tuple[Clash, ...]
    points_elsewhere: tuple[Pointer, ...]
    flagged: bool
    message: str


class Report(Struct, frozen=True, kw_only=True):
    """The whole answer."""

    schema_version: int = SCHEMA_VERSION
    model: ModelIdentity
    triage: TriageResult
    evidence: tuple[EvidenceItem, ...]
    causes: tuple[CauseResult, ...]
    must_not_miss: tuple[MustNotMiss, ...]
    no_identified_cause: NoIdentifiedCause
    fit: Fit
    next_question: NextQuestion | None
    questions: tuple[Question, ...]
    should_stop: bool
    stop_reason: str
    pathway: PathwayResult | None
    contributors: tuple[Contributor, ...]
    explanation: tuple[CauseExplanation, ...]
    warnings: tuple[str, ...]
    disclaimer: str

    def cause(self, name: str) -> CauseResult:
        """The result of one cause, by its id; raises UnknownNameError with the nearest ids."""
        found = {each.id: each for each in self.causes}
        if name not in found:
            raise UnknownNameError("cause", name, found)
        return found[name]

    def __repr__(self) -> str:
        shown = [f"{each.id} {each.probability:.0%}" for each in self.causes[:LEADING]]
        leading = ", ".join([*shown, *(["..."] if len(self.causes) > LEADING else [])])
        asks = f"; next question: {self.next_question.id}" if self.next_question else ""
        return f"Report({self.model.id}: {self.triage.level}; {leading}{asks})"

    def _repr_html_(self) -> str:
        """What a notebook shows: how urgent it is, and the causes."""
        rows = [
            [each.label, f"{each.probability:.1%}", f"{each.prior:.1%}"] for each in self.causes
        ]
        level = f"{self.triage.level.replace('_', ' ')}: {self.triage.message}"
        return html_table(["cause", "probability", "before any answer"], rows, level)

    def to_json(self) -> bytes:
        """The report as JSON, UTF-8."""
        return json.encode(self)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, exactly what its JSON says."""
        found: dict[str, Any] = json.decode(self.to_json())
        return found
