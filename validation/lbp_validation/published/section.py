"""Write the sections on model-implied against published figures."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from lbp_validation.published.figures import ImpliedFigure, worst_verdicts
from lbp_validation.published.heterogeneity import Heterogeneity
from lbp_validation.published.intervals import (
    TAU_PROPORTION,
    TAU_RATIO,
    VERDICTS,
    Interval,
    Verdict,
)
from lbp_validation.published.tables import PROPORTIONS
from lbp_validation.report.document import Block, Grid, Section

GOAL = 0.9
"""Share of the published figures that should lie inside their interval for this setting."""
NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "false_positive_share": "false positives",
    "lr_positive": "LR+",
    "lr_negative": "LR-",
    "odds_ratio": "odds ratio",
    "risk_ratio": "risk ratio",
    "post_test": "P(cause | finding)",
    "prevalence": "P(cause)",
    "share": "P(finding)",
}
MARKS: dict[Verdict, str] = {"inside": "", "inside transfer only": "~", "outside": "!"}
BASES = {"printed": "", "range": "r", "computed": "c", "none": "-"}


def published_section(
    figures: Sequence[ImpliedFigure], found: Sequence[Heterogeneity], not_applicable: int
) -> Section:
    """Count figures per verdict, show the heterogeneity, and list all that lies outside."""
    worst = worst_verdicts(figures)
    return Section(
        "Model-implied against published",
        (
            "For each published figure that the model can express: the exact figure that the model "
            "implies for the people of that study, beside the study's 95 % interval, and beside "
            "that interval widened by how far the study lies from runners at a physiotherapist "
            "(a prediction interval; near, moderate and far are "
            f"{_listed(TAU_PROPORTION.values())} logits for proportions and "
            f"{_listed(TAU_RATIO.values())} in the logarithm of ratios).",
            summary_line(figures),
            Grid(
                ("quantity", "numbers", *VERDICTS),
                (
                    _count_row("sensitivity", figures, lambda e: e.quantity == "sensitivity"),
                    _count_row("specificity", figures, lambda e: e.quantity == "specificity"),
                    _count_row("other proportions", figures, _is_other_proportion),
                    _count_row("LR+", figures, lambda e: e.quantity == "lr_positive"),
                    _count_row("LR-", figures, lambda e: e.quantity == "lr_negative"),
                    _count_row(
                        "odds and risk ratios",
                        figures,
                        lambda e: e.quantity in ("odds_ratio", "risk_ratio"),
                    ),
                    _count_row("all numbers", figures, lambda e: True),
                    ("figures, by their worst number", str(len(worst)), *_counts(worst.values())),
                ),
                frozenset({"numbers", *VERDICTS}),
            ),
            f"{not_applicable} further figures with a number cannot be expressed; "
            "data/published.yaml says why, figure by figure.",
            "How far studies of the same test lie apart beyond chance, which the widening for far "
            "settings follows:",
            Grid(
                ("quantity", "tests", "studies", "standard deviation"),
                tuple(
                    (NAMES[s.quantity], str(s.tests), str(s.studies), f"{s.tau:.2f}") for s in found
                ),
                frozenset({"tests", "studies", "standard deviation"}),
            ),
            *_outside_blocks([each for each in figures if each.verdict == "outside"]),
        ),
    )


def published_table(figures: Sequence[ImpliedFigure]) -> Section:
    """Tabulate every number, study by study."""
    rows: list[tuple[str, ...]] = []
    for _, group in groupby(figures, key=lambda each: (each.id, each.event)):
        for at, each in enumerate(group):
            first = (each.id, f"{each.event} | {each.cause}") if at == 0 else ("", "")
            rows.append((*first, *_numbers(each), MARKS[each.verdict]))
    return Section(
        "Every published figure",
        (
            "In brackets the study's 95 % interval (r: range of a review's studies, c: computed "
            "from the number of people, -: neither known); transfer: the same for our setting. "
            "~ inside the transfer interval only, ! outside both.",
            Grid(
                ("figure", "finding | cause", "number", "published", "transfer", "model", ""),
                tuple(rows),
                frozenset({"published", "transfer", "model"}),
            ),
        ),
    )


def summary_line(figures: Sequence[ImpliedFigure]) -> str:
    """Say in one sentence how many figures lie inside."""
    worst = tuple(worst_verdicts(figures).values())
    numbers = tuple(each.verdict for each in figures)
    return (
        f"Inside the study's own or the transfer interval: {_share(worst)} figures with all their "
        f"numbers, {_share(numbers)} numbers (goal {GOAL:.0%} of figures). Inside the study's own "
        f"interval: {_share(worst, VERDICTS[:1])} figures, {_share(numbers, VERDICTS[:1])} numbers."
    )


def shown(value: float) -> str:
    """Return a number in three digits at most."""
    return f"{value:.2g}" if value < 1 else f"{value:.3g}"


def shown_interval(interval: Interval) -> str:
    """Return a published figure with its interval, and on what that rests."""
    value = "" if interval.value is None else shown(interval.value)
    span = "" if interval.basis == "none" else f"[{shown(interval.low)}, {shown(interval.high)}]"
    return " ".join(part for part in (value, span, BASES[interval.basis]) if part)


def _share(found: Sequence[Verdict], wanted: Sequence[Verdict] = VERDICTS[:2]) -> str:
    count = sum(each in wanted for each in found)
    return f"{count} of {len(found)} ({count / max(1, len(found)):.0%})"


def _numbers(each: ImpliedFigure) -> tuple[str, str, str, str]:
    low, high = each.transfer_interval
    wider = f"[{shown(low)}, {shown(high)}]"
    return NAMES[each.quantity], shown_interval(each.published), wider, shown(each.implied)


def _outside_blocks(outside: Sequence[ImpliedFigure]) -> tuple[Block, ...]:
    if not outside:
        return ("None lies outside both intervals.",)
    rows = tuple(
        (each.id, f"{NAMES[each.quantity]}: {each.event} | {each.cause}", *_numbers(each)[1:])
        for each in outside
    )
    reasons = {each.id: each.explained or "NOT EXPLAINED" for each in outside}
    return (
        "Outside both intervals:",
        Grid(
            ("figure", "of", "published", "transfer", "model"),
            rows,
            frozenset({"published", "transfer", "model"}),
        ),
        *(f"{name}: {reason}" for name, reason in reasons.items()),
    )


def _is_other_proportion(each: ImpliedFigure) -> bool:
    return each.quantity in PROPORTIONS and each.quantity not in ("sensitivity", "specificity")


def _count_row(
    label: str, figures: Sequence[ImpliedFigure], wanted: Callable[[ImpliedFigure], bool]
) -> tuple[str, ...]:
    found = [each.verdict for each in figures if wanted(each)]
    return (label, str(len(found)), *_counts(found))


def _counts(found: Iterable[Verdict]) -> tuple[str, ...]:
    counts = Counter(found)
    return tuple(str(counts[verdict]) for verdict in VERDICTS)


def _listed(values: Iterable[float]) -> str:
    *most, last = (f"{value:g}" for value in values)
    return f"{', '.join(most)} and {last}"
