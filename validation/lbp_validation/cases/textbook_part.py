"""Report the textbook presentations and the prevalences."""

from collections.abc import Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.cases.textbook import Presentation
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal
from lbp_validation.report.part import Part

EXACT = 1e-6
"""Goal: how near each posterior without evidence comes to its prevalence."""


def textbook_part(found: Sequence[Presentation]) -> Part:
    """Report every cause's promise, kept or broken."""
    kept = sum(not each.broken for each in found)
    goal = Goal(
        "textbook presentations find their cause", f"{kept} of {len(found)}", kept == len(found)
    )
    return Part((_textbook_section(found),), (goal,), {"textbook": goal.found})


def prevalence_part(model: DiagnosticModel) -> Part:
    """Report what the model says when nothing is known."""
    worst = prevalence_deviation(model)
    goal = Goal(
        "no evidence gives back each prevalence to 1e-6",
        f"off by {worst[1]:.0e} at most",
        worst[1] <= EXACT,
    )
    return Part((_prevalence_section(worst),), (goal,))


def prevalence_deviation(model: DiagnosticModel) -> tuple[str, float]:
    """Return the largest |posterior without evidence - prevalence|, and whose it is."""
    report = model.diagnose({})
    worst = max(report.causes, key=lambda cause: abs(cause.probability - cause.prior))
    return worst.id, abs(worst.probability - worst.prior)


def _textbook_section(found: Sequence[Presentation]) -> Section:
    rows = tuple(
        (
            each.cause,
            str(each.rank),
            f"{each.probability:.3f}",
            "\n".join(each.first_three),
            "\n".join((each.triage, each.pathway, *(f"! {name}" for name in each.must_not_miss))),
            "no" if each.broken else "yes",
        )
        for each in found
    )
    kept = sum(not each.broken for each in found)
    broken = [f"{each.cause}: {'; '.join(each.broken)}" for each in found if each.broken]
    return Section(
        "Textbook presentations",
        (
            "Each cause's `textbook` evidence in the model, diagnosed. Kept: the cause ranks first "
            "(disc and nerve root may share the first two ranks); a rare serious cause is first or "
            "on must_not_miss, and its triage is at least the level it needs. "
            "! marks must_not_miss.",
            Grid(
                ("cause", "rank", "P", "first three", "triage, pathway, must not miss", "kept"),
                rows,
                frozenset({"rank", "P"}),
            ),
            f"Promises kept: {kept} of {len(found)}.",
            *(f"BROKEN {line}" for line in broken),
        ),
    )


def _prevalence_section(worst: tuple[str, float]) -> Section:
    cause, deviation = worst
    return Section(
        "Prevalences",
        (
            "Without evidence every cause's probability must be its prevalence. "
            f"Largest deviation: {deviation:.1e} ({cause}).",
        ),
    )
