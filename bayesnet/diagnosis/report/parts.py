"""The parts of a report, each worked out where it is first read: who reads few pays for few."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec import json

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.answers.reading import is_yes
from bayesnet.diagnosis.decisions.care import choose_pathway
from bayesnet.diagnosis.decisions.contradictions import contradictions
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.policy import EMERGENCY
from bayesnet.diagnosis.decisions.triage_reasons import Person, explain_triage, forbidden
from bayesnet.diagnosis.found import Found, intervals, standing_of, without_each
from bayesnet.diagnosis.interview.conduct import Manner
from bayesnet.diagnosis.interview.open_questions import doubtful, unasked
from bayesnet.diagnosis.interview.standing import Asked
from bayesnet.diagnosis.report.chosen import Wanted, chosen
from bayesnet.diagnosis.report.citations import CitedFigure, cited_figures
from bayesnet.diagnosis.report.differential import differential, must_not_miss
from bayesnet.diagnosis.report.evidence_item import EvidenceItem
from bayesnet.diagnosis.report.explanation import LISTED, explain
from bayesnet.diagnosis.report.fit_records import Fit
from bayesnet.diagnosis.report.identity import ModelIdentity, identity_of
from bayesnet.diagnosis.report.intervals import Doubt, Interval
from bayesnet.diagnosis.report.records import (
    SCHEMA_VERSION,
    CauseExplanation,
    CauseResult,
    Contradiction,
    Contributor,
    MustNotMiss,
    NextQuestion,
    NoIdentifiedCause,
    PathwayResult,
    Question,
    Report,
    TriageResult,
)
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import LEVELS

WITHOUT_INTERVAL: Mapping[str, str] = {"causes": "ranked", "no_identified_cause": "no_cause"}
"""{part of which the interval is by far the most work: the same without it}."""


NO_PATHWAYS = "This model holds no pathways of care: it says what is probable, not what to do."


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of one person's report, by the names that they have there.

    known: {id: what can be asked}. prior_none: the probability, before any answer, that none of the
    causes is present. doubt: how the model's numbers vary.
    """

    compiled: CompiledModel
    known: Mapping[str, Askable]
    prior_none: float
    doubt: Doubt
    found: Found

    @property
    def schema_version(self) -> int:
        """Version of the report's JSON."""
        return SCHEMA_VERSION

    @property
    def model(self) -> ModelIdentity:
        """The model that gave the answer."""
        return identity_of(self.compiled)

    @cached_property
    def triage(self) -> TriageResult:
        """How urgent it is, and why."""
        found = self.found
        person = Person(
            found.people,
            found.intake,
            found.inference,
            found.observed,
            lambda: without_each(found.study, found.inference.network, found.policy.scale.causes),
        )
        return explain_triage(found.policy, person, found.urgency)

    @property
    def evidence(self) -> tuple[EvidenceItem, ...]:
        """What was answered, in words."""
        return self.found.intake.items

    @cached_property
    def ranked(self) -> tuple[CauseResult, ...]:
        """All causes, the most probable first, without their intervals."""
        none = dict.fromkeys(self._description.causes)
        return differential(self._description, self.found.probabilities, none)

    @property
    def causes(self) -> tuple[CauseResult, ...]:
        """All causes, the most probable first."""
        return differential(self._description, self.found.probabilities, self._spread)

    @cached_property
    def must_not_miss(self) -> tuple[MustNotMiss, ...]:
        """Serious causes that reach their action threshold."""
        return must_not_miss(self._description, self.found.policy.thresholds, self.ranked)

    @property
    def no_cause(self) -> Mapping[str, float]:
        """The probability that none of the causes is present, without its interval."""
        return {"probability": self.found.probabilities[NONE], "prior": self.prior_none}

    @property
    def no_identified_cause(self) -> NoIdentifiedCause:
        """The probability that none of the causes is present."""
        return NoIdentifiedCause(
            self.found.probabilities[NONE], self.prior_none, self._spread[NONE]
        )

    @property
    def fit(self) -> Fit:
        """Whether the answers fit any cause of the model."""
        return self.found.fit

    @property
    def next_question(self) -> NextQuestion | None:
        """What to ask next; None where it stops."""
        return self._asked.next_question

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything that may still be asked."""
        return self._asked.questions

    @property
    def should_stop(self) -> bool:
        """Whether there is nothing to ask, or nothing worth asking."""
        return self._asked.should_stop

    @property
    def stop_reason(self) -> str:
        """Why it stops, and what is left; empty while it goes on."""
        return self._asked.stop_reason

    @cached_property
    def pathway(self) -> PathwayResult | None:
        """The pathway of care; None for a model without."""
        policy, people = self.found.policy, self.found.people
        avoided = forbidden(policy, people, self._level)
        return choose_pathway(policy, people, self._level, avoided)

    @property
    def contributors(self) -> tuple[Contributor, ...]:
        """Reported risk factors that can be changed; none in an emergency."""
        return () if self._level == EMERGENCY else tuple(self._modifiable())

    @cached_property
    def explanation(self) -> tuple[CauseExplanation, ...]:
        """What speaks for and against each leading cause."""
        found, missed = self.found, {each.id for each in self.must_not_miss}
        listed = [c for i, c in enumerate(self.ranked) if i < LISTED or c.id in missed]
        network = found.inference.network
        without = without_each(found.study, network, [each.id for each in listed])
        return explain(self._description, self.known, found.intake, listed, without)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Answers that do not go together."""
        return contradictions(self._description, self.found.people)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The contradictions in words, and red flags that were not asked about or are doubted."""
        return () if self._level == EMERGENCY else tuple(self._warned())

    @property
    def citations(self) -> dict[str, CitedFigure]:
        """The published figures that urgency, pathway and weights name."""
        return cited_figures(self._sources(), self._description.figures)

    @property
    def disclaimer(self) -> str:
        """What this is not."""
        return self._description.model.disclaimer

    @property
    def _description(self) -> ModelDescription:
        return self.compiled.description

    @property
    def _level(self) -> str:
        return LEVELS[int(self.found.urgency.levels[0])]

    @cached_property
    def _asked(self) -> Asked:
        # In the usual manner: what a report says does not hang on how the interview is held, as the
        # next question of a `Session` does. Both have the names of `Asked`, of two of them.
        return Asked(standing_of(self.found, Manner()))

    @cached_property
    def _spread(self) -> Mapping[str, Interval | None]:
        return intervals(self.doubt, list(self._description.causes), self.found.study)

    def _modifiable(self) -> Iterator[Contributor]:
        factors = self._description.risk_factors
        for name, value in self.found.intake.given.items():
            if is_yes(value) and name in factors and factors[name].modifiable:
                yield Contributor(name, factors[name].label, factors[name].modifiable)

    def _warned(self) -> Iterator[str]:
        if not self._description.pathways:
            yield NO_PATHWAYS
        for each in self.contradictions:
            yield each.message
        if flags := unasked(self.found.people):
            yield f"Not asked yet, and needed before anything is ruled out: {self._listed(flags)}."
        if flags := doubtful(self.found.people):
            yield f"Not certain, and needed before anything is ruled out: {self._listed(flags)}."

    def _listed(self, names: Sequence[str]) -> str:
        return ", ".join(self.known[name].label.lower() for name in names)

    def _sources(self) -> Iterator[str]:
        """Yield every source that the report names."""
        pathway = (self.pathway,) if self.pathway else ()
        for said in (*self.triage.reasons, *self.triage.scope, *pathway):
            yield from said.sources
        for each in self.explanation:
            for weight in (*each.evidence_for, *each.evidence_against):
                yield from weight.sources


def report_of(parts: Parts) -> Report:
    """Put all parts together."""
    return Report(
        model=parts.model,
        triage=parts.triage,
        evidence=parts.evidence,
        causes=parts.causes,
        must_not_miss=parts.must_not_miss,
        no_identified_cause=parts.no_identified_cause,
        fit=parts.fit,
        next_question=parts.next_question,
        questions=parts.questions,
        should_stop=parts.should_stop,
        stop_reason=parts.stop_reason,
        pathway=parts.pathway,
        contributors=parts.contributors,
        explanation=parts.explanation,
        contradictions=parts.contradictions,
        warnings=parts.warnings,
        citations=parts.citations,
        disclaimer=parts.disclaimer,
    )


def cut(parts: Parts, wanted: Wanted) -> dict[str, Any]:
    """Return of a report as plain data what is wanted of it, nothing else worked out.

    wanted: as `bayesnet.diagnosis.report.chosen` reads it, not empty.
    """
    told: dict[str, Any] = {}
    for name in Report.__struct_fields__:
        if name in wanted:
            bare = wanted[name] and "interval" not in wanted[name]
            told[name] = getattr(parts, WITHOUT_INTERVAL.get(name, name) if bare else name)
    found: dict[str, Any] = chosen(json.decode(json.encode(told)), wanted)
    return found
