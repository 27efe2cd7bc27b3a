"""Measure whether the list not to be missed is worth reading, and triage of simulated patients."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network import Array
from bayesnet.tuning.patients import Patients
from bayesnet.tuning.scoring.shares import Share, of_patients, percent
from lbp_validation.report.document import Block, Grid, Picture, Section
from lbp_validation.report.goals import Goal, at_least, at_most
from lbp_validation.report.part import Part
from lbp_validation.report.pictures import COLOURS, LINE, SOFT, as_svg, new_figure
from lbp_validation.simulation.decisions import (
    any_of,
    listed,
    questions,
    thresholds,
)
from lbp_validation.simulation.simulation import SELF, Simulation, View

MOST_FALSE, LEAST_TRUE = 0.1, 0.75
"""Goals: shares of people without and with a serious cause who get a list."""
FACTORS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0)
"""What all thresholds are multiplied by, in steps of about a half; 1 is the model as shipped."""
GROUPED_BY = ("sex", "age")
CURVE = ("thresholds times", "without: list", "with: list", "with: own cause")
OWN = (
    "cause",
    "threshold",
    "listed with it",
    "listed without it",
    f"for {LEAST_TRUE:.0%}",
    "then without it",
)


@dataclass(frozen=True)
class Shares:
    """Weighted shares of people.

    false_alarm: of people without a serious cause, those who get a list; any_listed: of people with
    one, those who get a list; own_listed: of people with one, those who find a cause of theirs on
    it.
    """

    false_alarm: Share
    any_listed: Share
    own_listed: Share


def shares(
    model: DiagnosticModel, patients: Patients, posteriors: Mapping[str, Array], factor: float
) -> Shares:
    """Measure the shares with every threshold times a factor."""
    on_list = listed(model, posteriors, factor)
    serious = patients.having_any(on_list)
    some = np.any([each == 1 for each in on_list.values()], axis=0)
    own = np.any([(each == 1) & patients.having(c) for c, each in on_list.items()], axis=0)
    asked = ((some, ~serious), (some, serious), (own, serious))
    return Shares(*(of_patients(patients, group, among) for group, among in asked))


def must_not_miss_part(simulated: Simulation) -> Part:
    """Report shares by audience, the trade-off as all thresholds move, and each cause by itself."""
    curves = {
        audience: [
            shares(simulated.model, view.patients, view.decisions.posteriors, factor)
            for factor in FACTORS
        ]
        for audience, view in simulated.views.items()
    }
    at = {audience: curve[FACTORS.index(1.0)] for audience, curve in curves.items()}
    groups = _group_grid(simulated)
    words = (
        "Of simulated people with a full history. Without: they have none of the causes with an "
        "action threshold; with: at least one. List: something is on `must_not_miss`; own cause: "
        "one that they have is."
    )
    section = Section(
        "Simulated patients: must_not_miss",
        (words, _at_grid(at), _bound_in_words(simulated)),
        (*_trade_off(curves), *_each_by_itself(simulated), *_by_group(groups)),
    )
    said = "; ".join(
        f"audience {audience}: a list for {each.false_alarm} of people without a serious "
        f"cause and {each.any_listed} of those with one"
        for audience, each in at.items()
    )
    figures = {"must_not_miss": said, "fairness": _fairness(groups)}
    return Part((section,), tuple(_goals(at)), figures)


def _goals(at: Mapping[str, Shares]) -> Iterator[Goal]:
    for audience, each in at.items():
        yield at_most(
            f"must_not_miss for at most {MOST_FALSE:.0%} without a serious cause ({audience})",
            each.false_alarm,
            MOST_FALSE,
        )
        yield at_least(
            f"must_not_miss for at least {LEAST_TRUE:.0%} with a serious cause ({audience})",
            each.any_listed,
            LEAST_TRUE,
        )


def _bound_in_words(simulated: Simulation) -> str:
    bounds = ", ".join(
        f"{percent(most_found(simulated, audience))} ({audience})" for audience in simulated.views
    )
    return (
        "How much there is to find: of all rules whatever that list something for "
        f"{MOST_FALSE:.0%} of people without a serious cause, from the same answers, the best "
        "(one cut through the exact probability of any serious cause; Neyman and Pearson 1933) "
        f"finds so many of those with one: {bounds}. Where that is less than {LEAST_TRUE:.0%}, no "
        "thresholds reach the goal; it would take answers that tell more than those the model asks."
    )


def _trade_off(curves: Mapping[str, Sequence[Shares]]) -> Iterator[Block]:
    yield "All thresholds times a factor; 1 is the model as shipped."
    for audience, curve in curves.items():
        yield f"Audience: {audience}."
        yield _curve_grid(curve)
    yield _picture(curves)


def _each_by_itself(simulated: Simulation) -> Iterator[Block]:
    for audience, view in simulated.views.items():
        yield (
            f"Each cause at its own threshold, audience: {audience}. For {LEAST_TRUE:.0%}: the "
            "threshold at which so many people with the cause have it on their list, and the share "
            "of people without it who then do too."
        )
        yield _own_grid(simulated.model, view)


def _by_group(groups: Grid) -> Iterator[Block]:
    yield "By sex and age, thresholds as shipped; patients: those with a serious cause."
    yield groups


def _at_grid(at: Mapping[str, Shares]) -> Grid:
    rows = tuple((audience, *_three(each)) for audience, each in at.items())
    return Grid(("audience", *CURVE[1:]), rows, frozenset(CURVE[1:]))


def _curve_grid(curve: Sequence[Shares]) -> Grid:
    rows = tuple((f"{f:g}", *_three(each)) for f, each in zip(FACTORS, curve, strict=True))
    return Grid(CURVE, rows, frozenset(CURVE))


def _three(each: Shares) -> tuple[str, ...]:
    return tuple(map(str, (each.false_alarm, each.any_listed, each.own_listed)))


def _own_grid(model: DiagnosticModel, view: View) -> Grid:
    patients, posteriors = view.patients, view.decisions.posteriors
    rows = []
    for cause, threshold in thresholds(model).items():
        has, given = patients.having(cause), posteriors[cause]
        wanted = _exceeded_by(LEAST_TRUE, given[has], patients.weights[has])
        rows.append(
            (
                cause,
                f"{threshold:g}",
                str(of_patients(patients, given >= threshold, has)),
                str(of_patients(patients, given >= threshold, ~has)),
                f"{wanted:.2g}",
                str(of_patients(patients, given >= wanted, ~has)),
            )
        )
    return Grid(OWN, tuple(rows), frozenset(OWN[1:]))


def most_found(simulated: Simulation, audience: str) -> float:
    """Return the greatest share of people with a serious cause that any rule could list.

    The rules are those that list something for MOST_FALSE of the people without one, from the
    answers that such an audience can give (see `any_of`).
    """
    model, patients = simulated.model, simulated.views[audience].patients
    asked = questions(model, audience)
    given = any_of(model, {n: patients.codes[n] for n in asked}, tuple(thresholds(model)))
    with_one = patients.having_any(thresholds(model))
    cut = _exceeded_by(MOST_FALSE, given[~with_one], patients.weights[~with_one])
    return patients.share(given >= cut, with_one)


def _exceeded_by(share: float, values: Array, weights: Array) -> float:
    """Return the greatest of some values that at least this weighted share of them reach."""
    order = np.argsort(-values)
    reached = np.cumsum(weights[order]) / weights.sum()
    place = int(np.searchsorted(reached, share))
    return float(values[order][min(place, len(values) - 1)]) if len(values) else float("nan")


def _group_grid(simulated: Simulation) -> Grid:
    """Tabulate the shares in each group of people, for the audience that has no tests."""
    model, patients = simulated.model, simulated.views[SELF].patients
    posteriors = simulated.views[SELF].decisions.posteriors
    rows = []
    for name in (each for each in GROUPED_BY if each in model.known):
        for code, state in enumerate(model.network.variable(name).states):
            rows_in = np.flatnonzero(patients.codes[name] == code)
            part = patients.take(rows_in)
            given = {cause: values[rows_in] for cause, values in posteriors.items()}
            serious = int(part.having_any(thresholds(model)).sum())
            found = _three(shares(model, part, given, 1.0))
            rows.append((f"{name} {state.replace('_', ' ')}", str(serious), *found))
    headers = ("group", "patients", *CURVE[1:])
    return Grid(headers, tuple(rows), frozenset(headers[1:]))


def _fairness(groups: Grid) -> str:
    """Word what the model card quotes of the groups."""
    parts = [
        f"{row[0]} {row[3]} of people with a serious cause, {row[2]} without" for row in groups.rows
    ]
    return f"A list on `must_not_miss` by group, full history: {'; '.join(parts)}"


def _picture(curves: Mapping[str, Sequence[Shares]]) -> Picture:
    figure = new_figure(7.5, 4.2)
    axes = figure.subplots()
    axes.axvline(100 * MOST_FALSE, color=LINE)
    axes.axhline(100 * LEAST_TRUE, color=LINE)
    for colour, (audience, curve) in zip(COLOURS, curves.items(), strict=False):
        across = [100 * each.false_alarm.value for each in curve]
        up = [100 * each.any_listed.value for each in curve]
        axes.plot(across, up, "o-", color=colour, label=audience, markersize=4)
        for factor, x, y in zip(FACTORS, across, up, strict=True):
            if audience == next(iter(curves)):
                axes.annotate(
                    f"{factor:g}", (x, y), (5, -11), textcoords="offset points", color=SOFT
                )
    axes.set_xlabel("without a serious cause, and a list: %")
    axes.set_ylabel("with a serious cause, and a list: %")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 102)
    axes.legend(title="audience", frameon=False, loc="lower right")
    return Picture(
        as_svg(figure, "must_not_miss"),
        "People with a list as all thresholds are scaled together; the numbers are the factor "
        f"(1: as shipped). Goal: left of {MOST_FALSE:.0%} and above {LEAST_TRUE:.0%}.",
    )
