"""A diagnostic model: a described network that turns answers into a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesnet.description.building import build_network
from bayesnet.description.compiled import CompiledModel
from bayesnet.description.format import ModelDescription
from bayesnet.diagnosis.differential import differential, must_not_miss
from bayesnet.diagnosis.explanation import LEADING, explain
from bayesnet.diagnosis.fit import judge_fit
from bayesnet.diagnosis.intake import Askable, Intake, askables, implied, take_in
from bayesnet.diagnosis.intervals import Interval, influences, interval
from bayesnet.diagnosis.pathways import NONE, Circumstances, choose_pathway
from bayesnet.diagnosis.questions import (
    Interview,
    candidates,
    check_audience,
    conduct,
    unasked_red_flags,
)
from bayesnet.diagnosis.report import (
    CauseExplanation,
    CauseResult,
    Contributor,
    Fit,
    ModelIdentity,
    MustNotMiss,
    NoIdentifiedCause,
    PathwayResult,
    Report,
    TriageReason,
    TriageResult,
)
from bayesnet.diagnosis.separation import separation
from bayesnet.diagnosis.thresholds import ActionThreshold, action_thresholds
from bayesnet.diagnosis.triage import Facts, raised_to, triage
from bayesnet.errors import UnknownNameError
from bayesnet.evidence import Observed, encode_case
from bayesnet.network import Network
from bayesnet.tape.cases import cases_of
from bayesnet.tape.derivatives import Event
from bayesnet.tape.engine import DEFAULT_BUDGET, Engine
from bayesnet.tape.study import Study

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort_result import CohortResult
    from bayesnet.diagnosis.sensitivity import Sensitivity

EMERGENCY = "emergency"


@dataclass(frozen=True, eq=False)
class DiagnosticModel:
    """A compiled model file, ready for any number of people."""

    compiled: CompiledModel

    @property
    def description(self) -> ModelDescription:
        """What the model file says."""
        return self.compiled.description

    @cached_property
    def network(self) -> Network:
        """The Bayesian network behind the model."""
        return build_network(self.compiled.nodes)

    @cached_property
    def engine(self) -> Engine:
        """The network's engine; it plans each pattern of evidence when it meets it."""
        return Engine(self.network, DEFAULT_BUDGET)

    @cached_property
    def cohort_engine(self) -> Engine:
        """The engine for tables of cases: compiled where numba is installed."""
        from importlib.util import find_spec

        return Engine(self.network, DEFAULT_BUDGET, "numba" if find_spec("numba") else "numpy")

    @cached_property
    def known(self) -> Mapping[str, Askable]:
        """Everything that can be asked, by id."""
        return askables(self.description)

    @cached_property
    def prior_none(self) -> float:
        """The probability, before any answer, that none of the causes is present."""
        absent = dict.fromkeys(self.description.causes, "no")
        return float(np.exp(self.engine.log_probability(absent)))

    @cached_property
    def thresholds(self) -> Mapping[str, ActionThreshold]:
        """From which probability each serious cause is acted on."""
        causes = self.description.causes.items()
        prior = {name: cause.prevalence.value or 0.0 for name, cause in causes}
        return action_thresholds(self.description, {**prior, NONE: self.prior_none})

    def diagnose(self, evidence: Mapping[str, Any], audience: str = "self") -> Report:
        """The whole answer to what is known so far.

        evidence: {id: True or False, a state, a number (age), or None: asked and not known}.
        audience: `self`, or `clinician`, who is also asked for examination tests.
        Raises UnknownNameError, EvidenceError, ImpossibleEvidenceError.
        """
        check_audience(audience)
        intake = take_in(self.known, evidence)
        answers = {**intake.given, **dict(implied(self.known, intake))}
        at_once = triage(self.description, Facts(answers, {}, self.known, {})).level == EMERGENCY
        questions = [] if at_once else candidates(self.known, intake, audience)
        observed = encode_case(self.network, intake.evidence)
        study = self._study(questions, observed)
        probabilities = self._probabilities(study)
        fit = judge_fit(self.description, self.network, study, intake, probabilities)
        facts = Facts(answers, probabilities, self.known, self.thresholds, fit.conflict)
        urgency = triage(self.description, facts)
        circumstances = Circumstances(probabilities, urgency.level, self.thresholds)
        pathway = choose_pathway(self.description, circumstances)
        if pathway is not None:
            urgency = self._at_least(urgency, pathway)
        spread = self._spread(study)
        causes = differential(self.description, probabilities, spread)
        missed = must_not_miss(self.description, self.thresholds, causes)
        named = {each.id for each in missed}
        leading = [c for i, c in enumerate(causes) if i < LEADING or c.id in named]
        without = self._without(study, leading)
        return self._report(
            intake,
            urgency,
            causes,
            missed,
            NoIdentifiedCause(probabilities[NONE], self.prior_none, spread[NONE]),
            fit,
            self._interview(urgency, intake, study, probabilities, missed),
            pathway,
            explain(self.description, self.known, intake, leading, without),
        )

    def diagnose_many(self, table: Any, audience: str = "self") -> "CohortResult":
        """Posteriors, triage, next question and pathway of each case of a table.

        table: {id: values, one a case} as lists, numpy or Arrow arrays, or any Arrow table. None,
        NaN and "" are not asked, the word unknown is asked and not known; else what `diagnose`
        takes, also as text. A case that cannot be answered comes out with its error.
        Raises UnknownNameError, EvidenceError for the table as a whole.
        """
        from bayesnet.diagnosis.cohort import diagnose_many

        return diagnose_many(
            self.description, self.known, self.cohort_engine, self.thresholds, table, audience
        )

    def sensitivity(self, evidence: Mapping[str, Any], cause: str, most: int = 8) -> "Sensitivity":
        """The numbers of the model that move a cause's probability most, at both their ends.

        evidence: as for `diagnose`. Raises what `diagnose` raises, also for the cause.
        """
        from bayesnet.diagnosis.sensitivity import sensitivity

        if cause not in self.description.causes:
            raise UnknownNameError("cause", cause, self.description.causes)
        return sensitivity(self, take_in(self.known, evidence).evidence, cause, most)

    def _report(
        self,
        intake: Intake,
        urgency: TriageResult,
        causes: tuple[CauseResult, ...],
        missed: tuple[MustNotMiss, ...],
        none: NoIdentifiedCause,
        fit: Fit,
        interview: Interview,
        pathway: PathwayResult | None,
        explanation: tuple[CauseExplanation, ...],
    ) -> Report:
        """The parts put together; an emergency leaves out all that does not serve it."""
        emergency = urgency.level == EMERGENCY
        return Report(
            model=self._identity(),
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
            contributors=() if emergency else self._contributors(intake),
            explanation=explanation,
            warnings=() if emergency else self._warnings(unasked_red_flags(self.known, intake)),
            disclaimer=self.description.model.disclaimer,
        )

    def _interview(
        self,
        urgency: TriageResult,
        intake: Intake,
        study: Study,
        probabilities: Mapping[str, float],
        missed: Sequence[MustNotMiss],
    ) -> Interview:
        """What to ask next; nothing in an emergency."""
        if urgency.level == EMERGENCY:
            return Interview((), None, True, "emergency: seek care now, questions can wait")
        apart = separation(self.description, self.network, study, probabilities)
        flags = unasked_red_flags(self.known, intake)
        return conduct(
            self.known,
            {self.network.names[q]: bits for q, bits in study.told[0].items()},
            flags,
            self.description.model.stop_below_bits,
            apart,
            flags if missed else (),
        )

    @cached_property
    def _targets(self) -> dict[int, str]:
        """{index of a cause's variable: the cause's id}."""
        return {self.network.position(name): name for name in self.description.causes}

    def _study(self, questions: Sequence[str], observed: Observed) -> Study:
        positions = [self.network.position(name) for name in questions]
        return self.engine.inference.study(cases_of(observed)[0], list(self._targets), positions)

    def _probabilities(self, study: Study) -> dict[str, float]:
        """Posterior of every cause, and of none of them."""
        found = {
            name: float(study.marginal(variable)[1]) for variable, name in self._targets.items()
        }
        found[NONE] = min(1.0, float(study.chances([self.events[NONE]])[0]))
        return found

    def _without(self, study: Study, causes: Sequence[CauseResult]) -> dict[str, dict[str, float]]:
        """{observed variable: {cause: its probability without that observation}}."""
        targets = {self.network.position(cause.id): cause.id for cause in causes}
        return {
            self.network.names[variable]: {
                name: float(rest.posteriors[target][1]) for target, name in targets.items()
            }
            for variable, rest in study.without.items()
        }

    def _at_least(self, urgency: TriageResult, pathway: PathwayResult) -> TriageResult:
        reason = TriageReason(
            f"pathway_{pathway.id}",
            pathway.urgency,
            f"The pathway of best expected value is {pathway.label}.",
            pathway.sources,
        )
        return raised_to(self.description, urgency, pathway.urgency, reason)

    def _spread(self, study: Study) -> dict[str, Interval]:
        """95 % intervals of every cause, and of none of them."""
        found = influences(
            self.network, self.compiled.uncertainty, study.derivatives(list(self.events.values()))
        )
        each = zip(found.probabilities.tolist(), found.deviations.tolist(), strict=True)
        return {name: interval(p, d) for name, (p, d) in zip(self.events, each, strict=True)}

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """{cause: that it is present}, and that none of them is, as events on the network."""
        yes, no = np.array([0.0, 1.0]), np.array([1.0, 0.0])
        present: dict[str, Event] = {name: {v: yes} for v, name in self._targets.items()}
        return {**present, NONE: dict.fromkeys(self._targets, no)}

    def _contributors(self, intake: Intake) -> tuple[Contributor, ...]:
        factors = self.description.risk_factors
        return tuple(
            Contributor(name, factors[name].label, factors[name].modifiable)
            for name, value in intake.given.items()
            if value is True and name in factors and factors[name].modifiable
        )

    def _warnings(self, flags: Sequence[str]) -> tuple[str, ...]:
        if not flags:
            return ()
        listed = ", ".join(self.known[name].label.lower() for name in flags)
        return (f"Not asked yet, and needed before anything is ruled out: {listed}.",)

    def _identity(self) -> ModelIdentity:
        model = self.description.model
        return ModelIdentity(
            model.id, model.version, self.compiled.sha256, model.title, model.setting
        )
