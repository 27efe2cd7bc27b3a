"""A diagnostic model: a described network that turns answers into a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesnet.analysis.study import Study
from bayesnet.analysis.supposed import Event
from bayesnet.diagnosis.answers.intake import Askable, Intake, askables, implied, take_in
from bayesnet.diagnosis.catalogue import Catalogue
from bayesnet.diagnosis.decisions.care import choose_pathway
from bayesnet.diagnosis.decisions.conditions import People, one_answer
from bayesnet.diagnosis.decisions.contradictions import contradictions
from bayesnet.diagnosis.decisions.discriminating_questions import discrimination
from bayesnet.diagnosis.decisions.model_fit import judge_fit
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.policy import EMERGENCY, Policy, policy_of
from bayesnet.diagnosis.decisions.questions import (
    Interview,
    candidates,
    check_audience,
    conduct,
    unasked_red_flags,
)
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.decisions.triage import triage
from bayesnet.diagnosis.decisions.triage_reasons import (
    Person,
    emergency_by_rules,
    explain_triage,
)
from bayesnet.diagnosis.report.assembly import assemble
from bayesnet.diagnosis.report.differential import differential, must_not_miss
from bayesnet.diagnosis.report.explanation import LEADING, explain
from bayesnet.diagnosis.report.intervals import Interval, influences, interval
from bayesnet.diagnosis.report.records import (
    NoIdentifiedCause,
    Report,
    TriageResult,
)
from bayesnet.engine import DEFAULT_BUDGET, Engine
from bayesnet.errors import UnknownNameError, counted
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import Cause
from bayesnet.model.solving.network_of import build_network
from bayesnet.network import Network
from bayesnet.network.evidence import Observed, encode_case

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.result import CohortResult
    from bayesnet.diagnosis.report.reasoning import Reasoning
    from bayesnet.diagnosis.report.sensitivity import Sensitivity


@dataclass(frozen=True, eq=False, repr=False)
class DiagnosticModel:
    """A compiled model file, ready for any number of people.

    Its answers are asked for by what people say (`diagnose`: True, a state, a number); one floor
    down, `network` and `engine` are asked by states, where yes and no are `yes` and `no`, or True
    and False, and numbers are their bands.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> report = model.diagnose({"leaning_back": True, "age": 42})
        >>> report.cause("facet_joint").probability > report.cause("facet_joint").prior
        True
    """

    compiled: CompiledModel
    executor: str = "numpy"

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
        return Engine(self.network, DEFAULT_BUDGET, self.executor)

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
    def causes(self) -> Mapping[str, Cause]:
        """The causes, by id, as the model file describes them."""
        return Catalogue("cause", self.description.causes)

    @cached_property
    def findings(self) -> Mapping[str, Askable]:
        """All that can be answered, by id: findings and risk factors, with question and choices."""
        return Catalogue("finding", self.known)

    @cached_property
    def prior_none(self) -> float:
        """The probability, before any answer, that none of the causes is present."""
        absent = dict.fromkeys(self.description.causes, "no")
        return float(np.exp(self.engine.log_probability(absent)))

    @cached_property
    def policy(self) -> Policy:
        """How the model decides: from which probability which urgency, and which pathway when."""
        causes = self.description.causes.items()
        prior = {name: cause.prevalence.value or 0.0 for name, cause in causes}
        return policy_of(self.description, self.known, {**prior, NONE: self.prior_none})

    @property
    def thresholds(self) -> Mapping[str, ActionThreshold]:
        """From which probability each serious cause is acted on: the lowest of its levels."""
        return self.policy.thresholds

    def diagnose(self, evidence: Mapping[str, Any] | None = None, audience: str = "self") -> Report:
        """Answer in full what is known so far; without evidence, from the priors alone.

        evidence: {id: True or False, a state, a number (age), or None: asked and not known}, each
        in any spelling that `read_answer` reads.
        audience: `self`, or `clinician`, who is also asked for examination tests.
        Raises UnknownNameError, EvidenceError, ImpossibleEvidenceError.
        """
        check_audience(audience)
        intake = take_in(self.known, evidence)
        people = self._people(intake)
        at_once = emergency_by_rules(self.policy, people)
        questions = [] if at_once else candidates(self.known, intake, audience)
        observed = encode_case(self.network, intake.evidence)
        study = self._study(questions, observed)
        probabilities = self._probabilities(study)
        fit = judge_fit(self.description, self.network, study, intake, probabilities)
        people = replace(
            people,
            probabilities={name: np.array([p]) for name, p in probabilities.items()},
            conflicts=np.array([fit.conflict]),
        )
        urgency = triage(self.policy, people, self.engine.inference, observed)
        speaking = self._without(study, self.policy.scale.causes)
        person = Person(people, intake, self.engine.inference, observed, speaking)
        told = explain_triage(self.policy, person, urgency)
        spread = self._spread(study)
        causes = differential(self.description, probabilities, spread)
        missed = must_not_miss(self.description, self.thresholds, causes)
        named = {each.id for each in missed}
        leading = [c for i, c in enumerate(causes) if i < LEADING or c.id in named]
        without = self._without(study, [each.id for each in leading])
        return assemble(
            self.compiled,
            self.known,
            intake,
            told,
            causes,
            missed,
            NoIdentifiedCause(probabilities[NONE], self.prior_none, spread[NONE]),
            fit,
            self._interview(told, intake, study, probabilities),
            choose_pathway(self.policy, people, told.level, told.forbids),
            explain(self.description, self.known, intake, leading, without),
            contradictions(self.description, people),
        )

    def diagnose_many(
        self,
        table: Any,
        audience: str = "self",
        keep: Sequence[str] = (),
        fields: Sequence[str] | None = None,
    ) -> "CohortResult":
        """Posteriors, triage, next question and pathway of each case of a table, in its order.

        table: {id: values, one a case} as lists, numpy or Arrow arrays, a data frame or an Arrow
        table, in all of which None, NaN and "" are not asked; or a list of what `diagnose` takes,
        in which None is asked and not known, as it is there. The word unknown is asked and not
        known in both. keep: columns that come out as they are, such as a patient's id.
        fields: columns of the result that are wanted, all by default; without `next_question`,
        which takes by far the longest, a table is done many times sooner.
        A case that cannot be answered comes out with its error in the column `error`, where
        `engine.marginals_many` raises. Raises UnknownNameError, EvidenceError for the table as a
        whole.
        """
        from bayesnet.diagnosis.cohort.diagnose_many import diagnose_many

        return diagnose_many(
            self.policy,
            self.cohort_engine.inference,
            table,
            audience,
            [keep] if isinstance(keep, str) else keep,
            [fields] if isinstance(fields, str) else fields,
        )

    def sensitivity(
        self, evidence: Mapping[str, Any] | None, cause: str, most: int = 8
    ) -> "Sensitivity":
        """Find the numbers of the model that move a cause's probability most, at both their ends.

        evidence: as for `diagnose`. Raises what `diagnose` raises, also for the cause.
        """
        from bayesnet.diagnosis.report.sensitivity import sensitivity

        if cause not in self.description.causes:
            raise UnknownNameError("cause", cause, self.description.causes)
        given = take_in(self.known, evidence).evidence
        return sensitivity(self.compiled, self.engine.inference, given, cause, most)

    def reasoning(
        self, evidence: Mapping[str, Any] | None = None, causes: Sequence[str] | None = None
    ) -> "Reasoning":
        """Account for how answers made causes as probable as they are, so that it adds up.

        evidence: as for `diagnose`. causes: ids, all by default. Raises what `diagnose` raises,
        also for a cause.

            >>> import bayesnet
            >>> told = bayesnet.load_model("lbp-runner").reasoning({"leaning_back": True})
            >>> one = told.causes[0]
            >>> added = sum(each.decibans for each in one.contributions)
            >>> abs(one.before + added - one.after) < 1e-9
            True
        """
        from bayesnet.diagnosis.report.reasoning import reasoning

        wanted = list(self.description.causes if causes is None else causes)
        for cause in wanted:
            if cause not in self.description.causes:
                raise UnknownNameError("cause", cause, self.description.causes)
        intake = take_in(self.known, evidence)
        study = self._study([], encode_case(self.network, intake.evidence))
        named = {self.network.position(cause): cause for cause in wanted}
        return reasoning(self.description, self.known, self.engine.inference, intake, study, named)

    def __repr__(self) -> str:
        model = self.description.model
        holds = (
            counted(len(self.description.causes), "cause"),
            counted(len(self.description.findings), "finding"),
            counted(len(self.description.risk_factors), "risk factor"),
        )
        return f"DiagnosticModel({model.id} {model.version}: {', '.join(holds)})"

    def __reduce__(self) -> tuple[type["DiagnosticModel"], tuple[CompiledModel, str]]:
        """Pickle and copy the model alone; its engines are made again where they are needed."""
        return DiagnosticModel, (self.compiled, self.executor)

    def _people(self, intake: Intake) -> People:
        """Make a table of one row of what a person answered, nothing computed yet."""
        answers = {**intake.given, **dict(implied(self.known, intake))}
        columns = {name: one_answer(value) for name, value in answers.items()}
        unknown = dict.fromkeys(intake.unknown, np.ones(1, dtype=np.bool_))
        limits = self.policy.limits
        return People(self.known, columns, unknown, {}, limits, np.zeros(1, dtype=np.bool_))

    def _interview(
        self,
        urgency: TriageResult,
        intake: Intake,
        study: Study,
        probabilities: Mapping[str, float],
    ) -> Interview:
        """Choose what to ask next; nothing in an emergency, but for what could lower it."""
        if urgency.level == EMERGENCY and not urgency.ask_first:
            return Interview((), None, True, "emergency: seek care now, questions can wait")
        return conduct(
            self.known,
            {self.network.names[q]: b for q, b in study.bits_about(study.targets).items()},
            unasked_red_flags(self.known, intake),
            self.description.model.stop_below_bits,
            discrimination(self.description, self.network, study, probabilities),
            [each.id for each in urgency.ask_first],
        )

    @cached_property
    def _targets(self) -> dict[int, str]:
        """{index of a cause's variable: the cause's id}."""
        return {self.network.position(name): name for name in self.description.causes}

    def _study(self, questions: Sequence[str], observed: Observed) -> Study:
        positions = [self.network.position(name) for name in questions]
        case, events = cases_of(observed)[0], list(self.events.values())
        return self.engine.inference.study(case, list(self._targets), positions, events)

    def _probabilities(self, study: Study) -> dict[str, float]:
        """Posterior of every cause, and of none of them."""
        found = {
            name: float(study.marginal(variable)[1]) for variable, name in self._targets.items()
        }
        found[NONE] = float(study.chances[list(self.events).index(NONE)])
        return found

    def _without(self, study: Study, causes: Sequence[str]) -> dict[str, dict[str, float]]:
        """{observed variable: {cause: its probability without that observation}}."""
        targets = {self.network.position(cause): cause for cause in causes}
        return {
            self.network.names[variable]: {
                name: float(rest.posteriors[target][1]) for target, name in targets.items()
            }
            for variable, rest in study.without.items()
        }

    def _spread(self, study: Study) -> dict[str, Interval]:
        """95 % intervals of every cause, and of none of them."""
        found = influences(self.network, self.compiled.uncertainty, study.derivatives())
        each = zip(found.probabilities.tolist(), found.deviations.tolist(), strict=True)
        return {name: interval(p, d) for name, (p, d) in zip(self.events, each, strict=True)}

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """{cause: that it is present}, and that none of them is, as events on the network."""
        yes, no = np.array([0.0, 1.0]), np.array([1.0, 0.0])
        present: dict[str, Event] = {name: {v: yes} for v, name in self._targets.items()}
        return {**present, NONE: dict.fromkeys(self._targets, no)}
