"""The validation's report: textbook presentations, published cases, prevalences."""

from collections.abc import Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.cases import (
    TRIAGE_JUDGED,
    Case,
    CaseOutcome,
    load_cases,
    marks,
    outcome,
    score,
)
from lbp_validation.document import Document, Grid, Section
from lbp_validation.outside_report import outside_section
from lbp_validation.paths import OUTSIDE
from lbp_validation.published_entries import load_published
from lbp_validation.published_figures import implied_figures
from lbp_validation.published_section import published_section, published_table
from lbp_validation.published_spread import spreads
from lbp_validation.textbook import Presentation, presentations


def validation_document(model: DiagnosticModel, cases: Sequence[Case]) -> Document:
    """Run everything and put it into words."""
    identity = model.description.model
    outcomes = tuple(outcome(model, case) for case in cases)
    return Document(
        f"Validation of {identity.id} {identity.version} ({model.compiled.sha256[:12]})",
        (
            _textbook_section(presentations(model)),
            _case_section(outcomes),
            outside_section(model, [*cases, *load_cases(OUTSIDE)]),
            _score_section(outcomes),
            _prevalence_section(prevalence_deviation(model)),
            *_published_sections(model),
        ),
    )


def prevalence_deviation(model: DiagnosticModel) -> tuple[str, float]:
    """Largest |posterior without evidence - prevalence| over the causes, and whose it is."""
    report = model.diagnose({})
    worst = max(report.causes, key=lambda cause: abs(cause.probability - cause.prior))
    return worst.id, abs(worst.probability - worst.prior)


def _published_sections(model: DiagnosticModel) -> tuple[Section, Section]:
    published = load_published()
    figures = implied_figures(model, published)
    found = spreads(published, model.description.evidence)
    summary = published_section(figures, found, len(published.not_applicable))
    return summary, published_table(figures)


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


def _case_section(outcomes: Sequence[CaseOutcome]) -> Section:
    rows = tuple(_case_row(each) for each in outcomes if each.case.inside_model)
    return Section(
        "Published cases",
        (
            "Rank and P are those of the confirmed cause; ! after a rank: it is on must_not_miss; "
            "(t) after an id: its cause was never confirmed, so it counts for triage only. Case "
            "reports over-represent what is odd: these counts say how the model fails, not how "
            "often it would in a clinic.",
            Grid(
                ("case", "confirmed", "rank", "P", "leading", "triage", "expected", "mark"),
                rows,
                frozenset({"rank", "P"}),
            ),
        ),
    )


def _case_row(each: CaseOutcome) -> tuple[str, ...]:
    case = each.case
    return (
        case.id if case.counts_for_diagnosis else f"{case.id} (t)",
        case.confirmed,
        f"{each.rank} {'!' if each.listed else ' '}",
        f"{each.probability:.3f}",
        each.leading,
        each.triage,
        case.triage,
        each.mark,
    )


def _score_section(outcomes: Sequence[CaseOutcome]) -> Section:
    confirmed = [each for each in outcomes if each.case.counts_for_diagnosis]
    inside = [each for each in outcomes if each.case.inside_model]
    outside = [each for each in outcomes if not each.case.inside_model]
    judged = sum(each.case.triage_basis == TRIAGE_JUDGED for each in outcomes)
    return Section(
        "What the published cases come to",
        (
            "Confirmed cause found:",
            Grid(
                ("cases of", "cases", "first", "first three", "first three or must_not_miss"),
                (
                    _score_row("mechanical cause", _of_kind(confirmed, "mechanical")),
                    _score_row("serious cause", _of_kind(confirmed, "serious")),
                    _score_row("all", confirmed),
                    _score_row("all, case reports", _used_for(confirmed, "diagnosis")),
                    _score_row("all, teaching cases", _used_for(confirmed, "diagnosis_secondary")),
                ),
                frozenset({"cases", "first", "first three", "first three or must_not_miss"}),
            ),
            "Triage:",
            Grid(
                ("cases of", "cases", "too low", "right", "too high"),
                (
                    _mark_row("mechanical cause", _of_kind(inside, "mechanical")),
                    _mark_row("serious cause", _of_kind(inside, "serious")),
                    _mark_row("cause not in the model", outside),
                    _mark_row("all", outcomes),
                ),
                frozenset({"cases", "too low", "right", "too high"}),
            ),
            f"The expected level was judged when the case was abstracted in {judged} of "
            f"{len(outcomes)} cases; the others carry their source's label.",
            _must_not_miss_line(confirmed),
        ),
    )


def _of_kind(outcomes: Sequence[CaseOutcome], kind: str) -> list[CaseOutcome]:
    return [each for each in outcomes if each.case.kind == kind]


def _used_for(outcomes: Sequence[CaseOutcome], use: str) -> list[CaseOutcome]:
    return [each for each in outcomes if each.case.use_for == use]


def _score_row(label: str, outcomes: Sequence[CaseOutcome]) -> tuple[str, ...]:
    found = score(outcomes)
    numbers = (found.cases, found.first, found.first_three, found.first_three_or_listed)
    return (label, *map(str, numbers))


def _mark_row(label: str, outcomes: Sequence[CaseOutcome]) -> tuple[str, ...]:
    return (label, str(len(outcomes)), *map(str, marks(outcomes).values()))


def _must_not_miss_line(outcomes: Sequence[CaseOutcome]) -> str:
    serious = _of_kind(outcomes, "serious")
    mechanical = _of_kind(outcomes, "mechanical")
    listed = sum(each.listed for each in serious)
    alarmed = sum(bool(each.false_alarms) for each in mechanical)
    return (
        f"must_not_miss names the confirmed cause in {listed} of {len(serious)} serious cases, and "
        f"a cause that was not confirmed in {alarmed} of {len(mechanical)} mechanical ones."
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
