"""The report put together from its parts."""

from collections.abc import Iterator, Mapping, Sequence

from bayesnet.diagnosis.answers.intake import Askable, Intake
from bayesnet.diagnosis.decisions.policy import EMERGENCY
from bayesnet.diagnosis.interview.standing import Asked
from bayesnet.diagnosis.report.citations import cited_figures
from bayesnet.diagnosis.report.fit_records import Fit
from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.diagnosis.report.records import (
    CauseExplanation,
    CauseResult,
    Contradiction,
    Contributor,
    MustNotMiss,
    NoIdentifiedCause,
    PathwayResult,
    Report,
    TriageResult,
)
from bayesnet.model.format.compiled import CompiledModel


def assemble(
    compiled: CompiledModel,
    known: Mapping[str, Askable],
    intake: Intake,
    urgency: TriageResult,
    causes: tuple[CauseResult, ...],
    missed: tuple[MustNotMiss, ...],
    none: NoIdentifiedCause,
    fit: Fit,
    interview: Asked,
    pathway: PathwayResult | None,
    explanation: tuple[CauseExplanation, ...],
    contradictions: tuple[Contradiction, ...],
) -> Report:
    """Put the parts together; an emergency leaves out all that does not serve it."""
    emergency = urgency.level == EMERGENCY
    sources = _sources(urgency, pathway, explanation)
    return Report(
        model=identity_of(compiled),
        triage=urgency,
        evidence=intake.items,
        causes=causes,
        must_not_miss=missed,
        no_identified_cause=none,
        fit=fit,
        next_question=interview.next_question,
        questions=interview.questions,
        should_stop=interview.should_stop,
        stop_reason=interview.stop_reason,
        pathway=pathway,
        contributors=() if emergency else _contributors(compiled, intake),
        explanation=explanation,
        contradictions=contradictions,
        warnings=() if emergency else _warnings(known, interview.unasked, contradictions),
        citations=cited_figures(sources, compiled.description.figures),
        disclaimer=compiled.description.model.disclaimer,
    )


def _sources(
    urgency: TriageResult,
    pathway: PathwayResult | None,
    explanation: Sequence[CauseExplanation],
) -> Iterator[str]:
    """Yield every source that the report names."""
    for said in (*urgency.reasons, *urgency.scope, *((pathway,) if pathway else ())):
        yield from said.sources
    for each in explanation:
        for weight in (*each.evidence_for, *each.evidence_against):
            yield from weight.sources


def _contributors(compiled: CompiledModel, intake: Intake) -> tuple[Contributor, ...]:
    factors = compiled.description.risk_factors
    return tuple(
        Contributor(name, factors[name].label, factors[name].modifiable)
        for name, value in intake.given.items()
        if value is True and name in factors and factors[name].modifiable
    )


def _warnings(
    known: Mapping[str, Askable], flags: Sequence[str], contradictions: Sequence[Contradiction]
) -> tuple[str, ...]:
    said = [each.message for each in contradictions]
    if flags:
        listed = ", ".join(known[name].label.lower() for name in flags)
        said.append(f"Not asked yet, and needed before anything is ruled out: {listed}.")
    return tuple(said)
