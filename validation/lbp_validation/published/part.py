"""Report model-implied against published figures, as a part of the validation."""

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.published.entries import load_published
from lbp_validation.published.figures import implied_figures, worst_verdicts
from lbp_validation.published.forest import forest_plots
from lbp_validation.published.heterogeneity import heterogeneities
from lbp_validation.published.section import (
    GOAL,
    published_section,
    published_table,
    summary_line,
)
from lbp_validation.report.document import Grid, Picture, Section
from lbp_validation.report.goals import at_least
from lbp_validation.report.part import Part
from lbp_validation.simulation.dependence import (
    CLUSTERS,
    GUARDED,
    MOST_REASSURED,
    cluster_ratio,
    red_flags,
    times_below_prior,
)

CAPTION = (
    "Dot and line: published, with its 95 % interval; pale line: widened for this setting; "
    "diamond: what the model implies for the people of that study."
)


def published_part(model: DiagnosticModel) -> Part:
    """Report the published figures beside the model, and findings that measure one thing."""
    published = load_published()
    figures = implied_figures(model, published)
    worst = list(worst_verdicts(figures).values())
    found = heterogeneities(published, model.description.figures)
    summary = published_section(figures, found, len(published.not_applicable))
    table = published_table(figures)
    plots = tuple(Picture(svg, CAPTION) for svg in forest_plots(figures))
    sections = (
        summary,
        Section("Forest plots", ("On the page only.",), plots),
        Section(table.title, ("On the page only.",), table.blocks),
        _dependence_section(model),
        _absence_section(model),
    )
    inside = sum(each != "outside" for each in worst)
    goal = at_least(
        f"published figures: {GOAL:.0%} inside their interval, or inside the one for this setting",
        inside / len(worst),
        GOAL,
        f"{inside} of {len(worst)}",
    )
    return Part(sections, (goal,), {"published figures": summary_line(figures)})


def _absence_section(model: DiagnosticModel) -> Section:
    flags = red_flags(model.description)
    rows = tuple((cause, f"{times_below_prior(model, flags, cause):.2f}") for cause in GUARDED)
    words = (
        f"How many times less probable each of these is with all {len(flags)} red flags answered "
        f"no; absence must not reassure by more than {MOST_REASSURED:g}."
    )
    grid = Grid(
        ("cause", "times below its prevalence"), rows, frozenset({"times below its prevalence"})
    )
    return Section("No red flag at all", (words, grid))


def _dependence_section(model: DiagnosticModel) -> Section:
    rows = []
    for cluster in CLUSTERS:
        ratio = cluster_ratio(model, cluster)
        rows.append((cluster.name, cluster.cause, f"{ratio.together:.3g}", f"{ratio.product:.3g}"))
    return Section(
        "Findings that measure one thing",
        (
            "Likelihood ratio of a whole cluster, all of it positive, beside the product of what "
            "its members say one by one, which would be right only if they were independent.",
            Grid(
                ("cluster", "cause", "together", "product"),
                tuple(rows),
                frozenset({"together", "product"}),
            ),
        ),
    )
