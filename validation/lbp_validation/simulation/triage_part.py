"""Report triage of simulated people with full histories, and the curve of all thresholds."""

from collections.abc import Iterator, Mapping

import numpy as np

from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.tuning.scoring.shares import of_patients, percent
from lbp_validation.report.document import Block, Grid, Picture, Section
from lbp_validation.report.goals import Goal, at_least, at_most
from lbp_validation.report.part import Part
from lbp_validation.report.pictures import COLOURS, SOFT, as_svg, new_figure
from lbp_validation.simulation.decisions import thresholds
from lbp_validation.simulation.families import families
from lbp_validation.simulation.simulation import SELF, Simulation
from lbp_validation.simulation.triage import (
    Group,
    Point,
    Triage,
    curves,
    present,
    triage_of,
)

MOST_URGENT, MOST_EMERGENCY = 0.15, 0.07
LEAST_FOUND, LEAST_STOPPED, LEAST_SOON = 0.83, 0.92, 0.92
"""Goals: shares of people with full histories (see `_goals`)."""
GROUPED_BY = ("sex", "age")
BY_GROUP = ("people", "with", "urgent or more, without", "urgent or more, with")
BY_CAUSE = ("cause", "patients", "soon or more", "urgent or more", "emergency")


def triage_part(simulated: Simulation) -> Part:
    """Report who is told to hurry: without a serious cause, with one, by cause, age and sex."""
    triage = triage_of(simulated.model, simulated.views[SELF])
    at, found = present(triage), curves(triage)
    words = (
        f"{len(triage.patients):,} people who answered everything that a person can. Without: they "
        "have none of the causes with an action threshold. Urgent: they have "
        f"{families(triage.model).urgent_called}. Shares of the population, with 95 % intervals."
    )
    section = Section(
        "Simulated patients: triage",
        (words, _level_grid(simulated), *_curve_blocks(at, found)),
        ("By cause:", _cause_grid(triage), "By sex and age:", _group_grid(triage)),
    )
    over = triage.told("urgent", triage.without)
    said = (
        f"{over} of simulated people without a serious cause who answer everything are told to see "
        f"a doctor within days or to go to an emergency department, "
        f"{triage.told('emergency', triage.without)} the latter; by age and sex "
        f"{_spread(triage)}"
    )
    return Part((section,), tuple(_goals(triage)), {"over-triage": said})


def _goals(triage: Triage) -> Iterator[Goal]:
    named = families(triage.model)
    urgent, bone = triage.having(named.urgent), triage.having(named.soon)
    yield at_most(
        f"full history, no serious cause: told urgent or emergency, at most {MOST_URGENT:.0%}",
        triage.told("urgent", triage.without),
        MOST_URGENT,
    )
    yield at_most(
        f"full history, no serious cause: told emergency, at most {MOST_EMERGENCY:.0%}",
        triage.told("emergency", triage.without),
        MOST_EMERGENCY,
    )
    yield at_least(
        f"full history, {named.urgent_called}: told urgent or more, at least {LEAST_FOUND:.0%}",
        triage.told("urgent", urgent),
        LEAST_FOUND,
    )
    yield at_least(
        f"full history, {named.soon_called}: told soon or more, at least {LEAST_STOPPED:.0%}",
        triage.told("soon", bone),
        LEAST_STOPPED,
    )
    yield at_least(
        f"full history, any of these: told soon or more, at least {LEAST_SOON:.0%}",
        triage.told("soon", urgent | bone),
        LEAST_SOON,
    )


def _level_grid(simulated: Simulation) -> Grid:
    rows = []
    for audience, view in simulated.views.items():
        triage = triage_of(simulated.model, view)
        urgent = triage.having(families(triage.model).urgent)
        levels = view.decisions.levels
        groups = {"without": triage.without, "urgent": urgent, "any serious": ~triage.without}
        for name, among in groups.items():
            shares = (of_patients(view.patients, levels == at, among) for at in range(len(LEVELS)))
            rows.append((f"{audience}, {name}", *map(str, shares)))
    return Grid(("audience, people", *LEVELS), tuple(rows), frozenset(LEVELS))


def _curve_blocks(at: Point, found: Mapping[str, tuple[Point, ...]]) -> Iterator[Block]:
    yield (
        "All thresholds: of every cut through a score, whom it would tell without a serious cause, "
        f"and whom it would find with an urgent one. The model as shipped tells "
        f"{percent(at.without)} and finds {percent(at.found)}."
    )
    headers = ("told without", *found)
    rows = zip(*found.values(), strict=True)
    cells = tuple((percent(row[0].without), *(percent(each.found) for each in row)) for row in rows)
    yield Grid(headers, cells, frozenset(headers))
    yield _picture(at, found)


def _cause_grid(triage: Triage) -> Grid:
    rows = []
    for cause in thresholds(triage.model):
        among = triage.having((cause,))
        told = (triage.told(level, among) for level in ("soon", "urgent", "emergency"))
        rows.append((cause, str(int(among.sum())), *map(str, told)))
    return Grid(BY_CAUSE, tuple(rows), frozenset(BY_CAUSE[1:]))


def _group_grid(triage: Triage) -> Grid:
    urgent = triage.having(families(triage.model).urgent)
    rows = tuple(
        (
            name,
            str(int((group & urgent).sum())),
            str(triage.told("urgent", group & triage.without)),
            str(triage.told("urgent", group & urgent)),
        )
        for name, group in _groups(triage).items()
    )
    return Grid(BY_GROUP, rows, frozenset(BY_GROUP[1:]))


def _groups(triage: Triage) -> dict[str, Group]:
    """Return {a sex or a band of age: who is in it}, as far as the model asks for them."""
    network, codes = triage.model.network, triage.patients.codes
    return {
        f"{name} {state.replace('_', ' ')}": codes[name] == at
        for name in GROUPED_BY
        if name in triage.model.known
        for at, state in enumerate(network.variable(name).states)
    }


def _spread(triage: Triage) -> str:
    """Word the groups that are told to hurry least and most often without a serious cause."""
    shares = {
        name: triage.told("urgent", group & triage.without).value
        for name, group in _groups(triage).items()
    }
    known = {name: share for name, share in shares.items() if not np.isnan(share)}
    if not known:
        return "not told apart"
    low, high = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    return f"from {percent(known[low])} ({low}) to {percent(known[high])} ({high})"


def _picture(at: Point, found: Mapping[str, tuple[Point, ...]]) -> Picture:
    figure = new_figure(7.5, 4.2)
    axes = figure.subplots()
    for colour, (name, curve) in zip(COLOURS, found.items(), strict=False):
        across, up = [100 * p.without for p in curve], [100 * p.found for p in curve]
        axes.plot(across, up, "o-", color=colour, label=name, markersize=4)
    axes.plot([100 * at.without], [100 * at.found], "s", color=SOFT, label="as shipped")
    axes.plot([100 * MOST_URGENT], [100 * LEAST_FOUND], "+", color=SOFT, label="goal")
    axes.set_xlabel("told urgent or more without a serious cause: %")
    axes.set_ylabel("told urgent or more with an urgent one: %")
    axes.set_xlim(0, 60)
    axes.set_ylim(0, 102)
    axes.legend(frameon=False, loc="lower right")
    return Picture(
        as_svg(figure, "triage"),
        "What all thresholds together could reach, and where the model as shipped stands: right "
        "of a curve it tells more people than it needs to for those that it finds.",
    )
