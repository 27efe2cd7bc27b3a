"""A diagnostic model: a described network that turns answers into a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesnet.analysis.inference import executor_of_tables
from bayesnet.diagnosis.answers.intake import Askable, askables, take_in
from bayesnet.diagnosis.catalogue import Catalogue
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.policy import Policy, policy_of
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.found import Found, find, study_of
from bayesnet.diagnosis.interview.conduct import Manner, check_policy
from bayesnet.diagnosis.interview.open_questions import check_audience
from bayesnet.diagnosis.interview.session import Session, begin
from bayesnet.diagnosis.report.chosen import Wanted
from bayesnet.diagnosis.report.intervals import Doubt
from bayesnet.diagnosis.report.parts import Parts, cut, report_of
from bayesnet.diagnosis.report.records import Report
from bayesnet.engine import DEFAULT_BUDGET, Engine
from bayesnet.errors import UnknownNameError, counted
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.codings import Coding
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import Cause
from bayesnet.model.lookup.codings import codings_by_id
from bayesnet.model.solving.network_of import build_network
from bayesnet.network import Network
from bayesnet.network.evidence import encode_case

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.result import CohortResult
    from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
    from bayesnet.diagnosis.report.reasoning import Reasoning
    from bayesnet.diagnosis.report.sensitivity import Sensitivity


@dataclass(frozen=True, eq=False, repr=False)
class DiagnosticModel:
    """A compiled model file, ready for any number of people.

    `diagnose` is asked by what people say (True, a state, a number); one floor down, `network` and
    `engine` are asked by states: `yes` and `no`, or True and False, and for a number its band.

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
        return Engine(self.network, DEFAULT_BUDGET, executor_of_tables())

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
    def codings(self) -> Mapping[str, tuple[Coding, ...]]:
        """The codes of causes, risk factors and findings, by id; of answers: in their choices."""
        return codings_by_id(self.description)

    @cached_property
    def prior_none(self) -> float:
        """The probability, before any answer, that none of the causes is present."""
        return float(np.exp(self.engine.log_probability(dict.fromkeys(self.causes, "no"))))

    @cached_property
    def doubt(self) -> Doubt:
        """How the model's numbers vary, for the intervals of reports."""
        return Doubt(self.network, self.compiled.uncertainty)

    @cached_property
    def policy(self) -> Policy:
        """How the model decides: from which probability which urgency, and which pathway when."""
        prior = {name: cause.prevalence.value or 0.0 for name, cause in self.causes.items()}
        return policy_of(self.description, self.known, {**prior, NONE: self.prior_none})

    @property
    def thresholds(self) -> Mapping[str, ActionThreshold]:
        """From which probability each serious cause is acted on: the lowest of its levels."""
        return self.policy.thresholds

    def diagnose(self, evidence: Mapping[str, Any] | None = None, audience: str = "self") -> Report:
        """Answer in full what is known so far; without evidence, from the priors alone.

        evidence: {id: True or False, a state, a number (age), or None: asked and not known}, each
        as `read_answer` reads it. audience: `self`, or `clinician`, who is asked for tests too.
        Raises UnknownNameError, EvidenceError, ImpossibleEvidenceError.
        """
        return self.report_on(self.find(evidence, audience))

    def find(self, evidence: Mapping[str, Any] | None, audience: str) -> Found:
        """Work out all that a report and the next question are read from; raises as `diagnose`."""
        return find(self.policy, self.engine.inference, evidence, audience)

    def report_on(self, found: Found) -> Report:
        """Report what was found of one person."""
        return report_of(self._parts(found))

    def parts(
        self, evidence: Mapping[str, Any] | None, fields: Sequence[str], audience: str = "self"
    ) -> dict[str, Any]:
        """Answer as `diagnose` does, but only with some parts of the report, as plain data.

        evidence, audience: as for `diagnose`. fields: names in the report's JSON such as `triage`,
        `causes.id` (of each cause) or `pathway.phases.goal`. Returns `to_dict()` of the report cut
        to these, to the last bit; the rest is not worked out, above all the next question, the
        explanation and the intervals.
        Raises what `diagnose` raises, and UnknownNameError or EvidenceError for what is no part.

            >>> import bayesnet
            >>> model = bayesnet.load_model("lbp-runner")
            >>> model.parts({"leaning_back": True}, ["triage.level", "should_stop"])
            {'triage': {'level': 'self_care'}, 'should_stop': False}
        """
        wanted = _wanted(fields)
        return cut(self._parts(self.find(evidence, audience)), wanted)

    def parts_on(self, found: Found, fields: Sequence[str]) -> dict[str, Any]:
        """Report some parts of what was found of one person, as `parts` does."""
        return cut(self._parts(found), _wanted(fields))

    def _parts(self, found: Found) -> Parts:
        return Parts(self.compiled, self.known, self.prior_none, self.doubt, found)

    def interview(
        self,
        evidence: Mapping[str, Any] | None = None,
        audience: str = "self",
        policy: str = "care",
        most: int | None = None,
    ) -> Session:
        """Begin an interview: a value, of which each answer gives the next one.

        evidence, audience: as for `diagnose`. policy: `care`, by what the answers are worth for
        care; `information`, about all causes; or `confirm:CAUSE`, about one. most: questions after
        which it pauses, the model's number by default. Raises what `diagnose` raises.

            >>> import bayesnet
            >>> session = bayesnet.load_model("lbp-runner").interview({"age": 42})
            >>> session.next_question.id, session.answer("sex", "male").next_question.id
            ('sex', 'nerve_screen')
        """
        check_audience(audience)
        check_policy(policy, list(self.description.causes))
        return begin(self, evidence, audience, Manner(policy, most))

    def check_possible(self, evidence: Mapping[str, Any]) -> None:
        """Check that answers can all be true at once; raises what `diagnose` raises."""
        observed = encode_case(self.network, take_in(self.known, evidence).evidence)
        case, inference = cases_of(observed)[0], self.engine.inference
        if not inference.is_possible(case):
            raise inference.impossible(case)

    def supposing(self, prevalences: Mapping[str, float]) -> "DiagnosticModel":
        """Return a model with other prevalences, {cause: share of all people}; this one stays.

        Raises UnknownNameError for a cause, EvidenceError for a number that cannot be had.

            >>> import bayesnet
            >>> other = bayesnet.load_model("lbp-runner").supposing({"facet_joint": 0.22})
            >>> round(other.diagnose().cause("facet_joint").probability, 6)
            0.22
        """
        from bayesnet.diagnosis.supposed_prevalences import with_prevalences

        return DiagnosticModel(with_prevalences(self.compiled, prevalences), self.executor)

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
        fields: columns of the result that are wanted, all by default; without `next_question` a
        table of people past the screens is done many times sooner.
        A case that cannot be answered comes out with its error in the column `error`, where
        `engine.marginals_many` raises. Raises UnknownNameError, EvidenceError for the table as a
        whole.
        """
        from bayesnet.diagnosis.cohort.diagnose_many import diagnose_many
        from bayesnet.diagnosis.cohort.request import request

        asked = request(audience, keep, fields)
        return diagnose_many(self.policy, self.cohort_engine.inference, table, asked)

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
            >>> one = bayesnet.load_model("lbp-runner").reasoning({"leaning_back": True}).causes[0]
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
        observed = encode_case(self.network, intake.evidence)
        study = study_of(self.engine.inference, list(self.description.causes), observed, [])
        named = {self.network.position(cause): cause for cause in wanted}
        return reasoning(self.description, self.known, self.engine.inference, intake, study, named)

    def pivotal_answers(
        self, evidence: Mapping[str, Any] | None = None, audience: str = "self"
    ) -> "tuple[PivotalAnswers, ...]":
        """Find the fewest answers not given yet that would change a conclusion.

        One entry each for first cause, pathway and urgency; of sets those that come nearest (see
        `bayesnet.diagnosis.pivotal`). evidence, audience: as for `diagnose`; raises what it raises.

            >>> import bayesnet
            >>> model = bayesnet.load_model("lbp-runner")
            >>> first, *_ = model.pivotal_answers({"leaning_back": True, "age": 42})
            >>> given = {each.id: each.value for each in first.answers}
            >>> model.diagnose({"leaning_back": True, "age": 42, **given}).causes[0].id == first.now
            False
        """
        from bayesnet.diagnosis.pivotal import pivotal_answers

        return pivotal_answers(self.policy, self.engine.inference, evidence or {}, audience)

    def __repr__(self) -> str:
        told = self.description
        holds = f"{counted(len(told.causes), 'cause')}, {counted(len(told.findings), 'finding')}, "
        holds += counted(len(told.risk_factors), "risk factor")
        return f"DiagnosticModel({told.model.id} {told.model.version}: {holds})"

    def __reduce__(self) -> tuple[type["DiagnosticModel"], tuple[CompiledModel, str]]:
        """Pickle and copy the model alone; its engines are made again where they are needed."""
        return DiagnosticModel, (self.compiled, self.executor)


def _wanted(fields: Sequence[str]) -> Wanted:
    """Read names of parts of a report; raises UnknownNameError and EvidenceError."""
    # A start from nothing need not make the schema.
    from bayesnet.diagnosis.report.schema import wanted_of_report

    return wanted_of_report([fields] if isinstance(fields, str) else fields)
