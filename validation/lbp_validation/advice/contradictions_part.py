"""Report whether triage and pathway contradict each other: by one answer, by two, in full."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.tuning.patients import Patients
from bayesnet.tuning.scoring.shares import of_count
from lbp_validation.advice.contradictions import (
    Answers,
    Found,
    among_each,
    among_kinds,
    pairs_of_answers,
    single_answers,
    some_of,
)
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import questions
from lbp_validation.simulation.simulation import CLINICIAN, SELF, Simulation, View

SHOWN = 12
WORDS = (
    "A report contradicts itself where its pathway is less urgent than its triage, or where the "
    "first phase advises what the words of triage rule out (`contradictions.yaml`). Single "
    "answers: every answer that is not the least of its question's, age and sex known. Of pairs "
    "and of simulated people the reports of some of each level with each pathway are read, and "
    "stand for their kind."
)


def contradictions_part(
    simulated: Simulation, rng: np.random.Generator, singles: int, pairs: int, each_kind: int
) -> Part:
    """Report contradictions over single answers, pairs of them, and people with full histories.

    singles, pairs: how many of all of them are drawn, at most; each_kind: how many reports are read
    of each level with each pathway.
    """
    model = simulated.model
    found = {
        "single answers": among_each(model, some_of(single_answers(model), singles, rng)),
        "pairs of answers": of_pairs(
            model, some_of(pairs_of_answers(model), pairs, rng), each_kind
        ),
        "full histories": of_view(model, simulated.views[SELF], each_kind),
    }
    headers = ("people", "number", "contradictions", "reports read")
    rows = tuple(
        (
            name,
            f"{each.people:,}",
            f"{each.contradicting}: {of_count(each.contradicting, each.people)}",
            str(each.reports),
        )
        for name, each in found.items()
    )
    grid = Grid(headers, rows, frozenset(headers[1:]))
    section = Section(
        "Contradictions of triage and pathway", (WORDS, grid), tuple(_examples(found))
    )
    return Part((section,), tuple(_goals(found)))


def of_pairs(model: DiagnosticModel, people: Sequence[Answers], each_kind: int) -> Found:
    """Diagnose people with two answers each in a table, and read reports of each kind."""
    names = dict.fromkeys(name for each in people for name in each)
    table = {name: [each.get(name, "") for each in people] for name in names}
    decided = model.diagnose_many(table, CLINICIAN, fields=["triage", "pathway"])
    sound = np.flatnonzero(decided["error"] == np.array(None)).tolist()
    levels, pathways = (decided[name][sound].tolist() for name in ("triage", "pathway"))
    return among_kinds(model, levels, pathways, lambda row: people[sound[row]], each_kind)


def of_view(model: DiagnosticModel, view: View, each_kind: int) -> Found:
    """Read reports of each kind of simulated people."""
    asked, patients = questions(model, SELF), view.patients
    levels = [LEVELS[at] for at in view.decisions.levels]

    def answers_of(row: int) -> Answers:
        return _answers(model, patients, asked, row)

    return among_kinds(model, levels, view.decisions.pathways.tolist(), answers_of, each_kind)


def _answers(
    model: DiagnosticModel, patients: Patients, asked: tuple[str, ...], row: int
) -> Answers:
    return {name: model.network.variable(name).states[patients.codes[name][row]] for name in asked}


def _goals(found: Mapping[str, Found]) -> Iterator[Goal]:
    for name, each in found.items():
        yield Goal(
            f"{name}: triage and pathway never contradict each other",
            f"{each.contradicting} of {each.people:,}",
            not each.contradicting,
        )


def _examples(found: Mapping[str, Found]) -> Iterator[str]:
    for name, each in found.items():
        by_how: dict[str, list[str]] = {}
        for one in each.contradictions:
            said = (
                ", ".join(f"{k} {v}" for k, v in one.answers.items())
                if len(one.answers) < 5
                else ""
            )
            by_how.setdefault(one.how, []).append(said)
        for how, who in list(by_how.items())[:SHOWN]:
            named = "; ".join(filter(None, who[:SHOWN]))
            yield f"{name}: {how}{f': {named}' if named else ''}."
