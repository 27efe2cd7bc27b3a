"""Interview simulated people: `python -m lbp_validation.simulation.interviews --people N`.

People are drawn from the model itself and answer truly, every question: arithmetic of the model,
and an upper end for real people. Half as many again have a serious cause.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import bayesnet
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.interview.session import Session
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import YES
from bayesnet.network import Array
from bayesnet.tuning.histories import draw_histories, truth_column

SEED = 20
DRAWN = 4096
"""People among whom those with a serious cause are looked for."""
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Interviewed:
    """One person: what is true, and where the interview stopped.

    causes: those that the person has; questions: asked, a screen counts as one; lines: answered;
    early: whether who it is and every screen came before all else, or an emergency stopped it;
    session: at the stop.
    """

    answers: Answers
    causes: tuple[str, ...]
    questions: int
    lines: int
    early: bool
    session: Session


@dataclass(frozen=True)
class Outcome:
    """What the interviews of a group came to; shares of 1, and good weeks."""

    people: int
    questions: tuple[float, float]
    lines: float
    early: float
    first_right: float
    same_level: float
    emergencies: tuple[int, int]
    lost: float
    worth: float


def people(
    model: DiagnosticModel, count: int, serious: int
) -> Iterator[tuple[Answers, Sequence[str]]]:
    """Yield people as they come, and then some with a serious cause: their answers and causes."""
    (table,) = draw_histories(model, DRAWN, SEED)
    described = model.description.causes
    grave = [name for name, cause in described.items() if cause.serious]
    has = {name: table[truth_column(name)] == YES for name in described}
    ill = np.flatnonzero(np.any([has[name] for name in grave], axis=0))
    ill = ill[ill >= count][:serious]
    asked = [name for name, each in model.known.items() if name in table and not each.derived_from]
    for row in (*range(count), *ill.tolist()):
        answers = {name: str(table[name][row]) for name in asked}
        yield answers, [name for name in described if has[name][row]]


def interview(model: DiagnosticModel, answers: Answers, causes: Sequence[str]) -> Interviewed:
    """Interview one person to the stop."""
    settings = model.description.interview
    session, asked = model.interview(), list[str]()
    before = {*settings.first, *settings.gates, *_confirming(model)}
    while (question := session.next_question) is not None:
        asked.append(question.id)
        if not question.items:
            session = session.answer(question.id, answers[question.id])
        elif all(answers[item.id] != YES for item in question.items):
            session = session.answer(question.id, "none")
        else:
            for item in question.items:
                session = session.answer(item.id, answers[item.id])
    others = [at for at, name in enumerate(asked) if name not in before]
    screens = [at for at, name in enumerate(asked) if name in settings.gates]
    emergency = session.report.triage.level == "emergency"
    early = emergency or max(screens, default=0) < min(others, default=len(asked))
    return Interviewed(answers, tuple(causes), len(asked), len(session.given), early, session)


def _confirming(model: DiagnosticModel) -> set[str]:
    """Return the questions that confirm an emergency: they come at once."""
    triage = model.description.triage
    return {rule.confirm for rule in triage.rules.values() if rule.confirm} if triage else set()


def outcome(model: DiagnosticModel, group: Sequence[Interviewed]) -> Outcome:
    """Compare where the interviews of a group stopped with what all answers would have said."""
    names = (*model.description.causes, NONE)
    whole = model.diagnose_many([dict(each.answers) for each in group], fields=[*names, "triage"])
    p = np.array([whole[name] for name in names]).T
    told = [each.session.report for each in group]
    values = model.policy.values
    ends = np.array([_posterior(each.session, names) for each in group])
    chosen, best = (ends @ values.T).argmax(axis=1), (p @ values.T).max(axis=1)
    got = (p @ values.T)[np.arange(len(group)), chosen]
    with_cause = [
        report.causes[0].id in each.causes
        for each, report in zip(group, told, strict=True)
        if each.causes
    ]
    counts = np.array([each.questions for each in group])
    levels = np.array([report.triage.level for report in told])
    emergency = whole["triage"] == LEVELS[-1]
    return Outcome(
        len(group),
        (float(np.median(counts)), float(np.percentile(counts, 90))),
        float(np.median([each.lines for each in group])),
        float(np.mean([each.early for each in group])),
        float(np.mean(with_cause)) if with_cause else float("nan"),
        float(np.mean(levels == whole["triage"])),
        (int((emergency & (levels == LEVELS[-1])).sum()), int(emergency.sum())),
        float((best - got).mean()),
        float(best.mean()),
    )


def _posterior(session: Session, names: Sequence[str]) -> Array:
    report = session.report
    found = {each.id: each.probability for each in report.causes}
    return np.array([{**found, NONE: report.no_identified_cause.probability}[n] for n in names])


def as_text(name: str, found: Outcome) -> str:
    """Write an outcome in a few lines."""
    median, most = found.questions
    caught, emergencies = found.emergencies
    return (
        f"{name}: {found.people} people\n"
        f"  questions to the stop, median (90th): {median:.0f} ({most:.0f}); "
        f"answers, median: {found.lines:.0f}\n"
        f"  who it is and the screens before all else: {found.early:.0%}\n"
        f"  first cause right, of those with one: {found.first_right:.0%}\n"
        f"  urgency as with all answers: {found.same_level:.0%}; "
        f"emergencies found: {caught} of {emergencies}\n"
        f"  good weeks lost against all answers: {found.lost:.2f} of {found.worth:.2f}\n"
    )


def main() -> int:
    """Interview people, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="as they come (200)")
    count = parser.parse_args().people
    model = bayesnet.load_model("lbp-runner")
    found = []
    for at, (answers, causes) in enumerate(people(model, count, count // 2)):
        if at % 20 == 0:
            sys.stderr.write(f"{at} of {count + count // 2} people interviewed\n")
        found.append(interview(model, answers, causes))
    sys.stdout.write(as_text("As they come", outcome(model, found[:count])))
    sys.stdout.write(as_text("With a serious cause", outcome(model, found[count:])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
