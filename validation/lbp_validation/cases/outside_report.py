"""Report what the model says of cases whose cause it does not hold, and of its alarms' worth."""

from collections.abc import Iterator, Sequence

from bayesnet.diagnosis.found import Found, find
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.tuning.published_cases import Case
from lbp_validation.cases.cases import compare_triage
from lbp_validation.cases.outside import Alarms, LeftOut, causes_left_out, false_alarms
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.part import Part
from lbp_validation.simulation.simulation import CLINICIAN


def outside_part(
    model: DiagnosticModel, cases: Sequence[Case], people: int, with_each_cause: int, drawn: int
) -> Part:
    """Report cases outside the model, and how often either criterion is met inside it."""
    outside = [case for case in cases if not case.inside_model]
    inference = model.engine.inference
    found = [find(model.policy, inference, case.evidence, CLINICIAN) for case in outside]
    limit = model.description.model.conflict_from.value
    conflicting = sum(each.fit.conflict for each in found)
    pointing = sum(bool(each.fit.points_elsewhere) for each in found)
    marks = [
        compare_triage(_level(each), case.triage) for case, each in zip(outside, found, strict=True)
    ]
    section = Section(
        "Published cases whose cause the model does not hold",
        (
            "Two criteria, kept apart. Conflict: by how many times the findings are less likely "
            "together than their own frequencies make them, under the hypothesis that suits them "
            "best (each cause, and none of them); risk factors are taken as known. From "
            f"{limit:g} on it is said. Pointing elsewhere: a finding is present that the model "
            "marks as a sign of something it lacks.",
            *_case_grid(outside, found),
            f"Of {len(outside)} cases {conflicting} conflict and {pointing} point elsewhere. "
            f"Triage: {marks.count('too low')} too low, {marks.count('right')} right, "
            f"{marks.count('too high')} too high.",
            f"False alarms among {people} people drawn from the model, by what they were asked:",
            _alarm_grid(false_alarms(model, people)),
            "What conflict finds. Each cause was taken out of the model in turn, and people who "
            "have it, drawn from the whole model, told all that they can answer:",
            _left_out_grid(causes_left_out(model, with_each_cause, drawn)),
            "So conflict notices next to nothing that is missing: causes raise findings and never "
            "lower them, findings that belong together still support one another, and one of the "
            "many hypotheses suits nearly any set of answers better than chance. It warns of "
            "answers that contradict each other. What lies outside is noticed by the findings "
            "that point there, and only where they are asked or told.",
        ),
    )
    said = (
        f"of {len(outside)} published cases whose cause the model lacks {pointing} show a finding "
        f"that points elsewhere and {conflicting} findings in conflict; triage "
        f"{marks.count('too low')} too low, {marks.count('right')} right, "
        f"{marks.count('too high')} too high"
    )
    return Part((section,), figures={"outside cases": said})


def _case_grid(outside: Sequence[Case], found: Sequence[Found]) -> Iterator[Grid]:
    """Tabulate the cases, if there are any of which the model hears something."""
    if outside:
        yield Grid(
            ("case", "cause", "leading", "conflict", "points elsewhere", "triage"),
            tuple(map(_row, outside, found)),
            frozenset({"conflict"}),
        )


def _level(found: Found) -> str:
    return LEVELS[int(found.urgency.levels[0])]


def _row(case: Case, found: Found) -> tuple[str, ...]:
    fit, level = found.fit, _level(found)
    mark = compare_triage(level, case.triage)
    return (
        case.id,
        case.confirmed,
        found.leading.replace("_", " "),
        f"{fit.times_less_likely:.2g}{' !' if fit.conflict else ''}",
        "\n".join(each.id.replace("_", " ") for each in fit.points_elsewhere) or "-",
        level if mark == "right" else f"{level}, {mark}\n(expected {case.triage})",
    )


def _alarm_grid(alarms: Sequence[Alarms]) -> Grid:
    rows = tuple(
        (
            each.history,
            f"{100 * each.conflicting:.1f} %",
            f"{each.percentiles[0]:.2f}",
            f"{each.percentiles[1]:.2f}",
            f"{100 * each.pointing:.1f} %",
        )
        for each in alarms
    )
    headers = ("history", "conflict", "98 of 100 under", "99 of 100 under", "points elsewhere")
    return Grid(headers, rows, frozenset(headers[1:]))


def _left_out_grid(found: Sequence[LeftOut]) -> Grid:
    rows = tuple(
        (
            each.cause,
            str(each.people),
            f"{100 * each.conflicting:.0f} %",
            f"{each.median_times:.2g}",
        )
        for each in found
    )
    headers = ("cause left out", "people", "conflict", "median times less likely")
    return Grid(headers, rows, frozenset(headers[1:]))
