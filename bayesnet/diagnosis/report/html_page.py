"""Write a report as one HTML page of about two printed sides, which opens from disk."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bayesnet.diagnosis.report.drawings import probability_bars, weight_bars
from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.diagnosis.report.network_drawing import Tie, network
from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
from bayesnet.diagnosis.report.pivotal_words import pivotal_sentences
from bayesnet.diagnosis.report.plain_numbers import (
    of_hundred,
    other_side,
    out_of_hundred,
    side,
    span_of_hundred,
    strength,
)
from bayesnet.diagnosis.report.templates import template

TEMPLATE = "page.html.jinja"
DRAWN = 1
"""Causes of which what speaks for and against them is drawn by itself, from the most probable."""
WEIGHTS = 6
"""Answers that are named of each."""
JUDGEMENT = "judgement"
"""The grade of a number that rests on no figure."""
TIED = 10
"""Answers that are drawn with the causes that they speak for or against."""


def html_page(report: Mapping[str, Any], urgency: str, pivotal: Sequence[PivotalAnswers]) -> str:
    """Fill the page; report, urgency: as `Report.to_dict` and `Report.urgency` give them.

    Raises MissingExtraError for jinja2.
    """
    page = template(
        "bayesnet.diagnosis.report",
        TEMPLATE,
        {
            "of_hundred": of_hundred,
            "out_of_hundred": out_of_hundred,
            "other_side": other_side,
            "span": span_of_hundred,
            "strength": strength,
        },
    )
    explained = {each["cause"] for each in report["explanation"]}
    causes = [each for each in report["causes"] if each["id"] in explained]
    emergency = report["triage"]["level"] == "emergency"
    filled: str = page.render(
        report=report,
        urgency=urgency,
        model=msgspec.convert(report["model"], ModelIdentity),
        emergency=emergency,
        causes=causes,
        drawn_causes=_drawn_causes(report, causes),
        explained=_explained(report),
        ties=_ties(report),
        pivotal=[] if emergency else [pivotal_sentences(each, out_of_hundred) for each in pivotal],
    )
    return filled


def _drawn_causes(report: Mapping[str, Any], causes: Sequence[Mapping[str, Any]]) -> str:
    rows = [(each["label"], each["probability"], each["interval"]) for each in causes]
    none = report["no_identified_cause"]
    rows.append(("No cause that can be named", none["probability"], none["interval"]))
    return probability_bars("How many of 100 have each cause; the same as in the table", rows)


def _explained(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the leading causes with the answers worth naming, and these drawn."""
    found = []
    for each in report["explanation"][:DRAWN]:
        named = [one for one in _weights(each) if strength(one["decibans"])][:WEIGHTS]
        if named:
            rows = [(one["label"], one["decibans"]) for one in named]
            title = f"For and against {each['label']}; the same as in the table"
            found.append(
                {"label": each["label"], "weights": named, "drawn": weight_bars(title, rows)}
            )
    return found


def _ties(report: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the answers that weigh most and what each is to each cause, and these drawn.

    None where no answer speaks for or against anything. rows: the label of an answer, and by cause
    in words what it is to it; left_out: how many more answers weigh something.
    """
    weighed = {
        (one["id"], at): one
        for at, each in enumerate(report["explanation"])
        for one in _weights(each)
        if side(one["decibans"])
    }
    strongest: dict[str, float] = {}
    for (name, _), one in weighed.items():
        strongest[name] = max(strongest.get(name, 0.0), abs(one["decibans"]))
    if not strongest:
        return None
    shown = sorted(strongest, key=lambda name: -strongest[name])[:TIED]
    causes = [each["label"] for each in report["explanation"]]
    labels = {item["id"]: item["label"] for item in report["evidence"]}
    rows = [
        (labels[name], [_to_cause(weighed.get((name, at))) for at in range(len(causes))])
        for name in shown
    ]
    ties = [
        Tie(shown.index(name), at, one["decibans"])
        for (name, at), one in weighed.items()
        if name in shown
    ]
    title = "Which answers speak for and against which causes; the same as in the table"
    drawn = network(title, [label for label, _ in rows], causes, ties)
    return {"causes": causes, "rows": rows, "drawn": drawn, "left_out": len(strongest) - len(shown)}


def _to_cause(weight: Mapping[str, Any] | None) -> str:
    """Say what an answer is to a cause, and mark what rests on figures."""
    if weight is None:
        return "–"
    mark = "" if weight["grade"] == JUDGEMENT else "\N{NO-BREAK SPACE}*"
    return f"{side(weight['decibans'])}{mark}"


def _weights(explanation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*explanation["evidence_for"], *explanation["evidence_against"]]
