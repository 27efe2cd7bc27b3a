"""Report model-implied against published figures, as a part of the validation."""

from collections.abc import Iterator, Sequence

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.scoring.shares import of_people, percent
from lbp_validation.held import held_figures, holds_event
from lbp_validation.published.entries import Published, load_published
from lbp_validation.published.figures import implied_figures, worst_verdicts
from lbp_validation.published.forest import forest_plots
from lbp_validation.published.heterogeneity import heterogeneities
from lbp_validation.published.intervals import VERDICTS, Verdict
from lbp_validation.published.null import null_description
from lbp_validation.published.section import (
    GOAL,
    published_section,
    published_table,
    summary_line,
)
from lbp_validation.report.document import Grid, Picture, Section
from lbp_validation.report.goals import at_least
from lbp_validation.report.part import Part, left_out
from lbp_validation.simulation.dependence import (
    CLUSTERS,
    GUARDED,
    MOST_REASSURED,
    cluster_ratio,
    red_flags,
    times_below_prior,
)
from lbp_validation.simulation.simulation import solved_model

CAPTION = (
    "Dot and line: published, with its 95 % interval; pale line: widened for this setting; "
    "diamond: what the model implies for the people of that study."
)


def published_part(model: DiagnosticModel, rng: np.random.Generator, nulls: int) -> Part:
    """Report the published figures beside the model, and findings that measure one thing.

    nulls: how many models of random numbers are asked for the same figures.
    """
    written = load_published()
    published = held_figures(model, written)
    if not published.entries:
        return left_out(
            "Model-implied against published",
            f"of the {len(written.entries)} comparisons in data/published.yaml none is of causes, "
            "findings and figures that this model holds",
        )
    figures = implied_figures(model, published)
    worst = list(worst_verdicts(figures).values())
    found = heterogeneities(published, model.description.figures)
    summary = published_section(figures, found, len(published.not_applicable))
    table = published_table(figures)
    plots = tuple(Picture(svg, CAPTION) for svg in forest_plots(figures))
    sections = (
        summary,
        *_not_held(len(written.entries) - len(published.entries)),
        _null_section(model, published, worst, rng, nulls),
        Section("Forest plots", ("On the page only.",), plots),
        Section(table.title, ("On the page only.",), table.blocks),
        *_dependence_section(model),
        *_absence_section(model),
    )
    goal = at_least(
        f"published figures: {GOAL:.0%} inside their interval, or inside the one for this setting",
        of_people([each != "outside" for each in worst]),
        GOAL,
    )
    return Part(sections, (goal,), {"published figures": summary_line(figures)})


def _null_section(
    model: DiagnosticModel,
    published: Published,
    worst: Sequence[Verdict],
    rng: np.random.Generator,
    nulls: int,
) -> Section:
    """Set what the model reproduces beside what models of random numbers do."""
    drawn = [solved_model(null_description(model.description, rng)) for _ in range(nulls)]
    chance = [list(worst_verdicts(implied_figures(each, published)).values()) for each in drawn]
    rows = []
    kinds = {"the study's own interval": VERDICTS[:1], "or the one for this setting": VERDICTS[:2]}
    for label, verdicts in kinds.items():
        own = of_people([each in verdicts for each in worst])
        shares = sorted(sum(v in verdicts for v in each) / len(each) for each in chance)
        rows.append((label, str(own), _spread(shares)))
    words = (
        "The same figures set the model's numbers, so that they come out again shows that the "
        "numbers live together, and is no validation. How much of it is chance: of "
        f"{nulls} models in which every background, finding number and relative risk is drawn from "
        "those that judgement gave to other things, the median, and the range."
    )
    grid = Grid(("inside", "the model", "random numbers"), tuple(rows))
    return Section("Published figures, beside a null model", (words, grid))


def _spread(shares: Sequence[float]) -> str:
    """Word the median and the range of sorted shares."""
    if not shares:
        return "-"
    return f"{percent(shares[len(shares) // 2])} ({percent(shares[0])} to {percent(shares[-1])})"


def _not_held(comparisons: int) -> Iterator[Section]:
    """Say how many comparisons name what an overlay or another model lacks."""
    if comparisons:
        words = f"Comparisons that name what this model does not hold, left out: {comparisons}."
        yield Section("Published figures of what is not held", (words,))


def _absence_section(model: DiagnosticModel) -> Iterator[Section]:
    flags = red_flags(model.description)
    guarded = [cause for cause in GUARDED if cause in model.description.causes]
    rows = tuple((cause, f"{times_below_prior(model, flags, cause):.2f}") for cause in guarded)
    if not rows:
        return
    words = (
        f"How many times less probable each of these is with all {len(flags)} red flags answered "
        f"no; absence must not reassure by more than {MOST_REASSURED:g}."
    )
    grid = Grid(
        ("cause", "times below its prevalence"), rows, frozenset({"times below its prevalence"})
    )
    yield Section("No red flag at all", (words, grid))


def _dependence_section(model: DiagnosticModel) -> Iterator[Section]:
    rows = []
    for cluster in CLUSTERS:
        held = cluster.cause in model.description.causes
        if not held or not all(holds_event(model, item) for item in cluster.items):
            continue
        ratio = cluster_ratio(model, cluster)
        rows.append((cluster.name, cluster.cause, f"{ratio.together:.3g}", f"{ratio.product:.3g}"))
    if not rows:
        return
    yield Section(
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
