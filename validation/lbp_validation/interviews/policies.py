"""Choose the next question by several policies: the interview's own, and what it is compared with.

All but the fixed and the random order begin with who it is and the screens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bayesnet.analysis.pairs import pairs
from bayesnet.analysis.study import Study
from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.decisions.policy import EMERGENCY, rank
from bayesnet.diagnosis.found import find, standing_of, study_of
from bayesnet.diagnosis.interview.conduct import Manner, decide
from bayesnet.diagnosis.interview.open_questions import (
    one_person,
    open_gate,
    open_questions,
    questions_for,
)
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import encode_case
from lbp_validation.interviews.plan import plan_of
from lbp_validation.interviews.way import Seen, seen

VALUE, INFORMATION, CONFIRM = "the interview's own", "information", "confirm the first cause"
USUAL, RANDOM = "usual order", "random order"
OTHERS = (INFORMATION, CONFIRM, USUAL, RANDOM)
Answers = Mapping[str, Any]
"""{id: what `diagnose` takes; None: asked and not known}."""


@dataclass(frozen=True)
class Next:
    """What comes next.

    id: a question or a screen, None where nothing is open; stops: whether the interview would end
    here, an emergency aside; sends: whether it ends here since it is an emergency; seen: what the
    interview's own policy sees before it.
    """

    id: str | None
    stops: bool = False
    sends: bool = False
    seen: Seen | None = None


Choose = Callable[[Answers, Manner], Next]
"""Chooses by what is known; a manner that goes on asks for no stop."""


def policies(model: DiagnosticModel, seed: int) -> dict[str, Choose]:
    """Return every policy for one person of the audience `self`; seed: of the random order."""
    units = _units(model)
    shuffled = np.random.default_rng(seed).permutation(np.array(units, dtype=object)).tolist()
    usual = (*plan_of(model).order, *units)
    return {
        VALUE: by_worth(model, "self"),
        INFORMATION: by_bits(model, _all_causes),
        CONFIRM: by_bits(model, _first_cause),
        USUAL: in_order(model, usual),
        RANDOM: in_order(model, shuffled),
    }


def by_worth(model: DiagnosticModel, audience: str) -> Choose:
    """Ask as the interview does, and say where it stops.

    Past an emergency it says how it would go on, so that policies can be compared.
    """
    inference = model.engine.inference

    def choose(given: Answers, manner: Manner) -> Next:
        found = find(model.policy, inference, given, audience)
        standing = standing_of(found, manner)
        decision = decide(standing)
        if decision.id is not None:
            return Next(decision.id, seen=seen(found, found.prospect, decision))

        def study() -> Study:
            # A confirmed emergency was studied without questions.
            questions = open_questions(found.people, audience)
            return study_of(inference, [*model.description.causes], found.observed, questions)

        sends = standing.level == rank(EMERGENCY)
        prospect = replace(found.prospect, studied=study) if sends else found.prospect
        level = min(standing.level, rank(EMERGENCY) - 1)
        calm = replace(standing, prospect=prospect, level=level)
        decision = decide(calm) if sends else decision
        told = seen(found, prospect, decision)
        if decision.id is not None:
            return Next(decision.id, sends=True, seen=told)
        goes_on = replace(calm, manner=replace(manner, on=True))
        return Next(decide(goes_on).id, stops=True, sends=sends, seen=told)

    return choose


About = Callable[[Study], Sequence[int]]
"""Picks the causes that a question is to tell of, by their positions."""


def by_bits(model: DiagnosticModel, about: About) -> Choose:
    """Ask, after the screens, what tells most about some causes by themselves, per cost."""
    network, inference = model.network, model.engine.inference
    causes = [network.position(name) for name in model.description.causes]

    def choose(given: Answers, manner: Manner) -> Next:
        open_to = open_now(model, given, "self")
        early = _early(model, open_to)
        if early is not None or not open_to:
            return Next(early)
        case = cases_of(encode_case(network, take_in(model.known, given).evidence))[0]
        study = inference.study(case, causes, [network.position(name) for name in open_to])
        bits = pairs(study.problem, about(study), study.questions).bits.sum(axis=0)
        costs = [model.known[network.names[q]].asked.cost for q in study.questions]
        return Next(network.names[study.questions[int((bits / costs).argmax())]])

    return choose


def in_order(model: DiagnosticModel, order: Sequence[str]) -> Choose:
    """Ask in an order of questions and screens that no answer changes."""

    def choose(given: Answers, manner: Manner) -> Next:
        open_to = open_now(model, given, "self")
        lines = {name: gate.lines for name, gate in model.description.interview.gates.items()}
        open_units = (n for n in order if any(line in open_to for line in lines.get(n, (n,))))
        return Next(next(open_units, None))

    return choose


def open_now(model: DiagnosticModel, given: Answers, audience: str) -> list[str]:
    """List the questions that are open to a person, in the order of the model."""
    person = one_person(model.known, take_in(model.known, given), model.policy.limits)
    return open_questions(person, audience)


def _units(model: DiagnosticModel) -> list[str]:
    """List the screens, and the questions that are in none."""
    gates = model.description.interview.gates
    lines = {line for gate in gates.values() for line in gate.lines}
    return [*gates, *(name for name in questions_for(model.known, "self") if name not in lines)]


def _early(model: DiagnosticModel, open_to: Sequence[str]) -> str | None:
    """Return what is asked about who it is, then the first open screen."""
    interview = model.description.interview
    for name in interview.first:
        if name in open_to:
            return name
    gate = open_gate(interview, open_to)
    return None if gate is None else gate.id


def _all_causes(study: Study) -> Sequence[int]:
    return study.targets


def _first_cause(study: Study) -> Sequence[int]:
    return [max(study.targets, key=lambda target: float(study.marginal(target)[1]))]
