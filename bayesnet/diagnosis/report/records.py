"""Define the records of a report: data only, the same in Python, in JSON and on the screen."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, json

from bayesnet.diagnosis.report.citations import CitedFigure
from bayesnet.diagnosis.report.evidence_item import EvidenceItem, ReportCoding
from bayesnet.diagnosis.report.fit_records import Fit
from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
from bayesnet.diagnosis.report.separation import Separation
from bayesnet.errors import UnknownNameError
from bayesnet.network.html_tables import html_table

SCHEMA_VERSION = 1
"""Version of the report's JSON; its names stay the same within one version."""
LEADING = 3
"""Causes that lead, from the most probable: those that a short answer names."""
ACTED_ON = ("urgent", "emergency")
"""Levels that nobody waits with until all is asked."""


class ReasonCause(Struct, frozen=True):
    """A cause that raised the level: its probability, and the threshold of the level reached."""

    id: str
    label: str
    probability: float
    threshold: float


class TriageReason(Struct, frozen=True):
    """What raised the level: a rule that held, or causes at their thresholds.

    rule: its id, `probable_` and the cause's id, or `several_causes`; findings: ids of the answers
    that made the rule hold; causes: those at their thresholds; would_fall_if: answers with which
    this reason falls away or gives a lower level, empty where no answer alone can do that.
    """

    rule: str
    level: str
    reason: str
    sources: tuple[str, ...]
    findings: tuple[str, ...] = ()
    causes: tuple[ReasonCause, ...] = ()
    would_fall_if: tuple[EvidenceItem, ...] = ()


class AskFirst(Struct, frozen=True):
    """A question whose answer could lower the level, to be asked before all others."""

    id: str
    text: str
    label: str
    choices: tuple["Choice", ...]


class ScopeWords(Struct, frozen=True):
    """Words for people whom the model was not made for."""

    id: str
    message: str
    sources: tuple[str, ...]


class TriageResult(Struct, frozen=True):
    """How urgent it is: the highest level of any reason; nothing lowers it.

    level: one of `triage_rules.LEVELS`; label: what the model calls it; message: what to do;
    reasons: the most urgent first; provisional: answers to `ask_first` could still lower the
    level, or nothing is known yet; forbids: {tag: in words} of what is not advised until then;
    scope: words for people like this.
    """

    level: str
    label: str
    message: str
    reasons: tuple[TriageReason, ...]
    provisional: bool = False
    ask_first: tuple[AskFirst, ...] = ()
    forbids: dict[str, str] = {}
    scope: tuple[ScopeWords, ...] = ()


class CauseResult(Struct, frozen=True):
    """A cause with its posterior (probability) and its prior, the prevalence in the setting.

    interval: 95 % interval of the probability that follows from the uncertainty of the model's
    numbers, None where the model does not say how sure they are; it says nothing of chance in one
    person. codings: what other systems call the cause, as far as the model says.
    """

    id: str
    label: str
    about: str
    probability: float
    prior: float
    interval: tuple[float, float] | None
    serious: bool
    codings: tuple[ReportCoding, ...] = ()


class MustNotMiss(Struct, frozen=True):
    """A serious cause whose probability reaches its action threshold.

    times_prior: probability over prior; reason: what to do from which probability on, with the
    benefit and the harm that the threshold follows from.
    """

    id: str
    label: str
    probability: float
    times_prior: float
    threshold: float
    reason: str


class NoIdentifiedCause(Struct, frozen=True):
    """The probability that none of the causes is present, with its 95 % interval.

    interval: None where the model does not say how sure its numbers are.
    """

    probability: float
    prior: float
    interval: tuple[float, float] | None


class Choice(Struct, frozen=True):
    """An answer that can be given: the value to pass back, and its wording."""

    value: bool | str | int
    label: str


class Question(Struct, frozen=True):
    """A question that is open, and what it is expected to be worth.

    expected_information_bits: about each cause by itself, added up. expected_gain: its score, by
    which the next question is chosen: in the model's utility unit, per unit of cost (see
    `bayesnet.diagnosis.interview.worth`).
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
    expected_gain: float
    mandatory: bool


class Item(Struct, frozen=True):
    """A line of a screen that is still open: a question of its own."""

    id: str
    text: str
    label: str
    choices: tuple[Choice, ...]


class NextQuestion(Struct, frozen=True):
    """The question to ask next, with the reason for choosing it.

    items: where it is a screen, its open lines, each a finding's id; one answer, `none`, denies
    them all. A screen's bits and gain are those of its lines, added up. separates: which two causes
    its answers tell apart, where it was chosen for what it is worth.
    """

    id: str
    text: str
    label: str
    group: str
    asked_of: str
    choices: tuple[Choice, ...]
    unit: str
    expected_information_bits: float
    expected_gain: float
    reason: str
    items: tuple[Item, ...] = ()
    separates: Separation | None = None


class ExerciseResult(Struct, frozen=True):
    """An exercise: how to do it, its dose, how to progress, and when to stop."""

    id: str
    name: str
    dose: str
    progression: str
    stop_if: str
    how: str


class PhaseResult(Struct, frozen=True):
    """One phase of a pathway, with the conditions for entering it and for moving on."""

    name: str
    goal: str
    actions: tuple[str, ...]
    exercises: tuple[ExerciseResult, ...]
    enter_when: str
    move_on_when: str


class PathwayResult(Struct, frozen=True):
    """The pathway of care with the highest expected value (in `unit`), and the alternatives.

    urgency: the level of triage, which allowed it.
    """

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
    """A pathway that was not chosen, with its expected value in the unit of the chosen one."""

    id: str
    label: str
    expected_value: float


class Contributor(Struct, frozen=True):
    """A reported risk factor that the person can change, with advice."""

    id: str
    label: str
    advice: str


class Weight(Struct, frozen=True):
    """Weight of evidence of one answer for (positive) or against (negative) a cause, in decibans.

    decibans: 10 log10 of the factor by which this answer changes the odds of the cause, given all
    the other answers (Good 1950). grade: how well the sources support the numbers behind it:
    published, adapted or judgement.
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


class Contradiction(Struct, frozen=True):
    """Answers that do not go together: the questions, and what to correct."""

    id: str
    findings: tuple[str, ...]
    message: str


class Report(Struct, frozen=True, kw_only=True):
    """The result of a diagnosis, as `to_json` writes it.

    causes: all of them, the most probable first; must_not_miss: serious causes that reach their
    action threshold; questions: those that may still be asked, with their expected information;
    next_question: None where none is left or should_stop holds; pathway: None for a model without;
    warnings: the contradictions in words, and red flags that were not asked about; citations: {id:
    the published figure} of the ids that stand among the sources of urgency, pathway and weights.

        >>> from bayesnet import load_model
        >>> load_model("lbp-runner").diagnose({"age": 42}).evidence[0].value
        42
    """

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
    contradictions: tuple[Contradiction, ...]
    warnings: tuple[str, ...]
    citations: dict[str, CitedFigure]
    disclaimer: str

    @property
    def leading(self) -> tuple[CauseResult, ...]:
        """The most probable causes, and those not to be missed, in the order of `causes`."""
        missed = {each.id for each in self.must_not_miss}
        return tuple(c for at, c in enumerate(self.causes) if at < LEADING or c.id in missed)

    def cause(self, name: str) -> CauseResult:
        """Return the result of one cause by its id; raises UnknownNameError with the nearest ids.

        >>> from bayesnet import load_model
        >>> report = load_model("lbp-runner").diagnose({"age": 42})
        >>> report.cause("facet_joint").id
        'facet_joint'
        """
        found = {each.id: each for each in self.causes}
        if name not in found:
            raise UnknownNameError("cause", name, found)
        return found[name]

    @property
    def urgency(self) -> str:
        """Name the level of triage, with `so far` while open questions could still change it.

        They could where an answer could lower it (`triage.provisional`), and, under `urgent`, where
        a red flag that has to be asked about is open.

        >>> from bayesnet import load_model
        >>> load_model("lbp-runner").diagnose({"age": 42}).urgency
        'self care so far'
        """
        rising = self.triage.level not in ACTED_ON and any(
            each.mandatory for each in self.questions
        )
        so_far = " so far" if self.triage.provisional or rising else ""
        return f"{self.triage.label}{so_far}"

    def __repr__(self) -> str:
        shown = [f"{each.id} {each.probability:.0%}" for each in self.causes[:LEADING]]
        leading = ", ".join([*shown, *(["..."] if len(self.causes) > LEADING else [])])
        asks = f"; next question: {self.next_question.id}" if self.next_question else ""
        return f"Report({self.model.id}: {self.triage.level}; {leading}{asks})"

    def _repr_html_(self) -> str:
        """Show in a notebook how urgent it is, and the causes."""
        rows = [
            [each.label, f"{each.probability:.1%}", f"{each.prior:.1%}"] for each in self.causes
        ]
        said = f"{self.urgency}: {self.triage.message} {self.model.caution}".rstrip()
        return html_table(["cause", "probability", "before any answer"], rows, said)

    def to_json(self) -> bytes:
        """Encode the report as JSON in UTF-8.

        >>> from bayesnet import load_model
        >>> load_model("lbp-runner").diagnose({"age": 42}).to_json()[:19]
        b'{"schema_version":1'
        """
        return json.encode(self)

    def to_dict(self) -> dict[str, Any]:
        """Convert the report to plain data, exactly what its JSON says.

        >>> from bayesnet import load_model
        >>> load_model("lbp-runner").diagnose({"age": 42}).to_dict()["evidence"][0]["value"]
        42
        """
        found: dict[str, Any] = json.decode(self.to_json())
        return found

    def to_html(self, pivotal: Sequence[PivotalAnswers] = ()) -> str:
        """Write the report as one HTML page to print or to file; needs lbp-infer[html].

        It says what is known in words for the person concerned, and opens from disk by itself.
        pivotal: of the same person, what `DiagnosticModel.pivotal_answers` found, to stand there
        too. Raises MissingExtraError.
        """
        from bayesnet.diagnosis.report.html_page import html_page

        return html_page(self.to_dict(), self.urgency, pivotal)
