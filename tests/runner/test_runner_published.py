"""Published figures beside the runner model: nothing left out, what disagrees explained.

A number tuned far enough takes a figure out of its interval. The test then names the figure,
which needs its reason in validation/lbp_validation/data/published.yaml. All of them take a
while: `make validate` looks at them, and here at every tenth and those that are explained.
"""

import dataclasses
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lbp_validation.published.entries import (
    NUMERIC,
    Published,
    bands_of,
    load_published,
    quantities,
)
from lbp_validation.published.events import parse_event, variables_of
from lbp_validation.published.figures import (
    ImpliedFigure,
    implied_figures,
    implied_table,
)
from lbp_validation.published.forest import LINES, forest_plots, pages
from lbp_validation.published.heterogeneity import heterogeneities
from lbp_validation.published.intervals import Interval
from lbp_validation.published.section import published_section, published_table
from lbp_validation.published.tables import Margin, Population, two_by_two
from lbp_validation.report.document import Document, as_markdown, as_text
from support.models import runner

from bayesnet.errors import ModelFileError
from bayesnet.model.format.published_figures import PublishedFigure

SIX = ("thigh_thrust", "sij_distraction", "sij_compression", "sacral_thrust", "gaenslen", "faber")


@cache
def _published() -> Published:
    return load_published()


@cache
def _some() -> tuple[ImpliedFigure, ...]:
    numbered = enumerate(_published().entries)
    few = tuple(entry for at, entry in numbered if at % 10 == 0 or entry.explained)
    return implied_figures(runner(), dataclasses.replace(_published(), entries=few))


def _unexplained(figures: tuple[ImpliedFigure, ...]) -> list[str]:
    return [each.id for each in figures if each.verdict == "outside" and not each.explained]


def _has_number(figure: PublishedFigure) -> bool:
    """Whether anything of a figure is a number."""
    return any(getattr(figure, field) not in (None, {}) for field in NUMERIC)


def test_every_read_number_is_compared_or_set_aside_with_a_reason() -> None:
    evidence = runner().description.figures
    numeric = {
        name for name, each in evidence.items() if each.status == "read" and _has_number(each)
    }
    compared = {entry.figure for entry in _published().entries}
    assert not compared & _published().not_applicable.keys()
    assert compared | _published().not_applicable.keys() == numeric


def test_a_figure_takes_all_the_numbers_it_has_as_a_test() -> None:
    for entry in _published().entries:
        if not entry.take:
            assert list(quantities(entry, runner().description.figures[entry.figure]))


def test_everything_named_is_in_the_runner_model() -> None:
    known = set(runner().network.names)
    for entry in _published().entries:
        margins = (margin.of for margin in entry.population.margins)
        for event in (entry.event, entry.population.seen, *margins):
            assert set(variables_of(event)) <= known, entry.figure
        assert set(entry.causes) <= known, entry.figure


def test_a_population_has_the_studys_make_up() -> None:
    entry = next(each for each in _published().entries if each.figure == "cauda_equina-008")
    assert implied_table(runner(), entry).quantity("prevalence") == pytest.approx(
        25 / 334, rel=0.01
    )


def test_the_golden_cluster() -> None:
    """Saueressig 2021 (sij-010): from 20 %, three positive tests give 35 %, and fewer 8 %."""
    event = parse_event({"count": 3, "of": [{test: True} for test in SIX]})
    cause = parse_event({"sacroiliac_joint": True})
    people = Population("", parse_event({"duration": "over_12_weeks"}), (Margin(cause, 0.2),))
    table = two_by_two(
        runner().engine, bands_of(runner().description), ("sacroiliac_joint",), event, people
    )
    assert table.quantity("post_test") == pytest.approx(0.35, abs=0.02)
    assert table.quantity("post_test_negative") == pytest.approx(0.08, abs=0.02)


def test_what_lies_outside_of_some_figures_is_explained() -> None:
    assert _unexplained(_some()) == []


@pytest.mark.validation
def test_what_lies_outside_is_explained() -> None:
    assert _unexplained(implied_figures(runner(), _published())) == []


def test_only_what_lies_outside_is_explained() -> None:
    explained = [each for each in _published().entries if each.explained]
    assert explained
    outside = {(each.id, each.explained) for each in _some() if each.verdict == "outside"}
    for entry in explained:
        assert (entry.figure, entry.explained) in outside, entry.figure


def test_studies_of_one_test_differ_more_than_chance() -> None:
    found = {
        each.quantity: each for each in heterogeneities(_published(), runner().description.figures)
    }
    assert 0.6 < found["specificity"].tau < 1.3
    assert 0.8 < found["sensitivity"].tau < 1.3
    assert 0.2 < found["lr_positive"].tau < 0.5
    assert 0.1 < found["lr_negative"].tau < 0.5


def test_the_sections_name_every_figure_and_every_miss() -> None:
    found = heterogeneities(_published(), runner().description.figures)
    summary = published_section(_some(), found, len(_published().not_applicable))
    document = Document("", (summary, published_table(_some())))
    text = as_markdown(document)
    assert all(f"| {each.id} |" in text for each in _some())
    assert all(each.explained in text for each in _some() if each.verdict == "outside")
    assert max(map(len, as_text(document).splitlines())) <= 100


def test_forest_plots_show_every_number_once_on_legible_pages() -> None:
    drawn = [line for page in pages(_some()) for line in page.lines]
    shown = [line for line in drawn if not isinstance(line, str)]
    assert sorted(map(id, shown)) == sorted(map(id, _some()))
    assert all(len(page.lines) <= LINES for page in pages(_some()))


def test_forest_plots_are_pictures_and_the_same_every_time() -> None:
    few = _some()[:4]
    plots = forest_plots(few)
    assert plots == forest_plots(few)
    assert len(plots) == 2
    assert all(ElementTree.fromstring(plot).tag.endswith("svg") for plot in plots)
    assert "sij-006" in plots[0]


def test_a_ratio_off_the_scale_is_still_drawn() -> None:
    wild = dataclasses.replace(
        _some()[2], implied=1e9, published=Interval(1e9, 0.0, float("inf"), "printed")
    )
    assert len(forest_plots([wild])) == 1


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        (
            "[{figure: x, cause: c, event: {a: yes}, population: nobody, transfer: far, why: w}]",
            "nobody",
        ),
        (
            "[{figure: x, cause: c, event: {a: 3}, population: all, transfer: far, why: w}]",
            "an answer",
        ),
        (
            "[{figure: x, cause: c, event: {a: yes}, population: all, transfer: away, why: w}]",
            "away",
        ),
        (
            "[{figure: x, cause: c, event: {}, population: all, transfer: far, why: w, "
            "take: {value: chance}}]",
            "chance",
        ),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, figures: str, problem: str) -> None:
    path = tmp_path / "published.yaml"
    path.write_text(
        f"populations: {{all: {{about: everyone}}}}\nfigures: {figures}\nnot_applicable: {{}}\n"
    )
    with pytest.raises(ModelFileError, match=problem):
        load_published(path)
