"""The engine's readouts for encoded evidence, as tests ask for them."""

from dataclasses import dataclass

import numpy as np

from bayesnet.tape import conflict as conflicts
from bayesnet.tape import derivatives, information
from bayesnet.tape.cases import cases_of
from bayesnet.tape.leaving import by_itself


@dataclass(frozen=True)
class Asked:
    """bits and chances by name, from one posterior."""

    asked: information.Asked
    bits: dict
    chances: dict


def one(observed):
    return cases_of(observed)[0]


def conflict(engine, observed, findings, hypotheses, log_evidence):
    case, planner = one(observed), engine.inference.planner
    named, after = zip(*hypotheses, strict=True)
    before = conflicts.before(planner, case.without(findings), findings, named)
    return conflicts.conflict(case, before, findings, after, log_evidence)


def least_conflicts(engine, observed, findings, hypotheses, log_evidence):
    cases = cases_of(observed)
    return conflicts.least_conflicts(engine.inference, cases, findings, hypotheses, log_evidence)


def beside_the_others(engine, observed, findings):
    return conflicts.beside_the_others(engine.inference.planner, one(observed), findings)


def ask(engine, targets, questions, observed, wanted=()):
    names = engine.network.names
    found = engine.inference.ask(one(observed), targets, questions, wanted)
    bits = {names[v]: each for v, each in found.bits.items()}
    return Asked(found, bits, {names[v]: each for v, each in found.chances.items()})


def ask_again(engine, asked, some, observed):
    names = engine.network.names
    questions = [names.index(name) for name in asked.bits]
    found = information.ask_again(asked.asked, some, questions)
    return {names[v]: each for v, each in found.items()}


def ask_many(engine, targets, questions, observed):
    return engine.inference.ask_many(cases_of(observed), targets, questions)


def information_each(engine, targets, questions, observed):
    return engine.inference.information_each(one(observed), targets, questions)


def left_out(engine, observed, targets):
    case, planner = one(observed), engine.inference.planner
    said = {*np.flatnonzero(observed.codes[:, 0] >= 0).tolist(), *observed.likelihoods}
    return {v: by_itself(planner, case, v, targets).posteriors for v in sorted(said)}


def log_odds_derivatives(engine, observed, events):
    return derivatives.log_odds_derivatives(engine.inference.given, one(observed), events)
