"""Write a report as one HTML page of about two printed sides, which opens from disk."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import msgspec

from bayesnet.diagnosis.report.drawings import probability_bars, weight_bars
from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.diagnosis.report.plain_numbers import (
    of_hundred,
    other_side,
    out_of_hundred,
    span_of_hundred,
    strength,
)
from bayesnet.errors import MissingExtraError

TEMPLATE = "page.html.jinja"
CAUSES = 6
"""Causes that the page lists, from the most probable."""
EXPLAINED = 2
"""Causes of which the page says what speaks for and against them."""
WEIGHTS = 6
"""Answers that it names of each."""


def html_page(report: Mapping[str, Any]) -> str:
    """Fill the page; report: as `Report.to_dict` gives it. Raises MissingExtraError for jinja2."""
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("the HTML page", "html", str(error)) from error
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        of_hundred=of_hundred, out_of_hundred=out_of_hundred, other_side=other_side,
        span=span_of_hundred, strength=strength,
    )  # fmt: skip
    text = files("bayesnet.diagnosis.report").joinpath(TEMPLATE).read_text(encoding="utf-8")
    causes = report["causes"][:CAUSES]
    emergency = report["triage"]["level"] == "emergency"
    page: str = environment.from_string(text).render(
        report=report,
        model=msgspec.convert(report["model"], ModelIdentity),
        emergency=emergency,
        causes=causes,
        drawn_causes=_drawn_causes(report, causes),
        explained=[] if emergency else _explained(report),
    )
    return page


def _drawn_causes(report: Mapping[str, Any], causes: Sequence[Mapping[str, Any]]) -> str:
    rows = [(each["label"], each["probability"], each["interval"]) for each in causes]
    none = report["no_identified_cause"]
    rows.append(("No cause that can be named", none["probability"], none["interval"]))
    return probability_bars("How many of 100 have each cause; the same as in the table", rows)


def _explained(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the leading causes with the answers worth naming, and these drawn."""
    found = []
    for each in report["explanation"][:EXPLAINED]:
        weights = [*each["evidence_for"], *each["evidence_against"]]
        named = [one for one in weights if strength(one["decibans"])][:WEIGHTS]
        if named:
            rows = [(one["label"], one["decibans"]) for one in named]
            title = f"For and against {each['label']}; the same as in the table"
            found.append(
                {"label": each["label"], "weights": named, "drawn": weight_bars(title, rows)}
            )
    return found
