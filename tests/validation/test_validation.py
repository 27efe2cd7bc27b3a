"""The product's promises, and the report of the validation."""

import time
from functools import cache
from xml.etree import ElementTree

import pytest
from lbp_validation.cases.textbook import broken_promises
from lbp_validation.paths import CASES
from lbp_validation.report.document import Document, Grid, Picture, Section, as_markdown, as_text
from lbp_validation.report.page import as_html
from lbp_validation.report.progress import Progress
from lbp_validation.report.validation_report import Run, Scale, Validation, validate
from msgspec import structs
from support.models import runner

from bayesnet.diagnosis.report.records import Report
from bayesnet.tuning.patients import Sizes
from bayesnet.tuning.published_cases import load_cases

PUBLISHED = load_cases(CASES)


@cache
def unremarkable() -> Report:
    return runner().diagnose({})


# --- the promises -----------------------------------------------------------------------------


def test_a_cause_that_does_not_lead_breaks_its_promise() -> None:
    leading = unremarkable().causes[0].id
    assert broken_promises(leading, unremarkable()) == ()
    (broken,) = broken_promises("facet_joint", unremarkable())
    assert leading in broken


def test_a_serious_cause_needs_its_place_and_its_triage() -> None:
    place, level = broken_promises("cauda_equina", unremarkable())
    assert "must_not_miss" in place
    assert "self_care instead of emergency" in level


@pytest.mark.parametrize(("cause", "partner"), [("nerve_root", "disc"), ("disc", "nerve_root")])
def test_disc_and_nerve_root_may_share_the_first_two_ranks(cause: str, partner: str) -> None:
    def first(*names: str) -> Report:
        rest = [each for each in unremarkable().causes if each.id not in names]
        found = {each.id: each for each in unremarkable().causes}
        causes = (*(found[name] for name in names), *rest)
        return structs.replace(unremarkable(), causes=causes)

    assert broken_promises(cause, first(partner, cause)) == ()
    assert broken_promises(cause, first("facet_joint", cause)) != ()
    assert broken_promises(cause, first(partner, "facet_joint", cause)) != ()


# --- the reports ------------------------------------------------------------------------------


SMALL = Scale(
    patients=Sizes(people=20_000, anyone=24, each_cause=2),
    examined=3,
    worlds=1,
    of_each_world=Sizes(people=20_000, anyone=12, each_cause=1),
    followed=Sizes(people=5_000, anyone=6, each_cause=0),
    intervals=Sizes(people=2_000, anyone=3, each_cause=0),
    around=2,
    alarms=(4, 1, 40_000),
    nulls=0,
    answers=(3, 5, 0),
    drawn=24,
    interviewed=1,
    causes_changed=2,
)


def fits_a_hundred_columns_and_names_every_cause(small_run: Validation) -> None:
    text, markdown = as_text(small_run.document), as_markdown(small_run.document)
    assert max(map(len, text.splitlines())) <= 100
    for name in (*runner().description.causes, *(case.id for case in PUBLISHED[:3])):
        assert name in text
        assert name in markdown


def every_goal_stands_in_it_with_its_verdict(small_run: Validation) -> None:
    assert "all thresholds would have to be multiplied by" in as_markdown(small_run.document)
    first = small_run.document.sections[0].blocks[0]
    assert isinstance(first, Grid)
    assert [row[2] for row in first.rows] == [goal.verdict for goal in small_run.goals]
    assert len({goal.asked for goal in small_run.goals}) == len(small_run.goals)
    for word in ("full history", "published cases", "contradict", "must_not_miss"):
        assert any(word in goal.asked for goal in small_run.goals), word
    assert not any("calibration" in g.asked or "interval hold" in g.asked for g in small_run.goals)


def the_card_has_all_its_figures_and_the_headings_of_tripod(small_run: Validation) -> None:
    card = small_run.document.sections[-1]
    grid = card.blocks[1]
    assert isinstance(grid, Grid)
    items = {row[0] for row in grid.rows}
    assert {"1", "3a", "4", "8a", "10", "11", "14", "15", "19", "23a", "26", "27"} <= items
    assert all("{" not in row[2] and row[2] for row in grid.rows)


def the_page_holds_all_that_it_needs(small_run: Validation) -> None:
    page = as_html(small_run.document)
    tree = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
    elements = list(tree.iter())
    tags = {element.tag.rpartition("}")[2] for element in elements}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    for element in elements:
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in ("href", "src"):
                is_source = element.tag == "a" and value.startswith("https://")
                assert value.startswith("#") or is_source, (element.tag, value)
    assert "url(http" not in page
    assert "@import" not in page
    drawn = [
        block
        for section in small_run.document.sections
        for block in (*section.blocks, *section.details)
        if isinstance(block, Picture)
    ]
    assert sum(element.tag.endswith("svg") for element in elements) == len(drawn) > 4
    sections = len(small_run.document.sections)
    assert sum(element.tag == "h2" for element in elements) == sections
    assert {f"#section-{at + 1}" for at in range(sections)} <= {
        element.get("href") for element in elements if element.tag == "a"
    }


@pytest.mark.validation
def test_a_small_run_of_the_whole_validation() -> None:
    cases, further = PUBLISHED[:3], PUBLISHED[3:5]
    small_run = validate(Run(runner(), cases, further, SMALL, Progress(time.time())), processes=2)
    fits_a_hundred_columns_and_names_every_cause(small_run)
    every_goal_stands_in_it_with_its_verdict(small_run)
    the_card_has_all_its_figures_and_the_headings_of_tripod(small_run)
    the_page_holds_all_that_it_needs(small_run)


def test_words_of_a_page_are_taken_literally_but_for_code_and_addresses() -> None:
    section = Section(
        "S", ("a < b & `x_y` (https://doi.org/10.1/x). End", Grid(("h",), (("<b>\n2",),)))
    )
    page = as_html(Document("T", (section,)))
    assert "a &lt; b &amp; <code>x_y</code>" in page
    assert '(<a href="https://doi.org/10.1/x">https://doi.org/10.1/x</a>). End' in page
    assert "<td>&lt;b&gt;<br/>2</td>" in page


def test_details_and_pictures_are_for_the_page() -> None:
    picture = Picture("<svg></svg>", "what it shows")
    document = Document("T", (Section("S", ("words", picture), ("more",)),))
    assert "(Picture: what it shows)" in as_markdown(document)
    assert "more" not in as_markdown(document)
    assert "<svg></svg>" in as_html(document)
    assert "<p>more</p>" in as_html(document)


def test_markdown_cells_keep_their_lines_and_bars() -> None:
    grid = Grid(("a", "n"), (("x|y\nz", "1"),), frozenset({"n"}))
    found = as_markdown(Document("T", (Section("S", ("words", grid)),)))
    assert found == "# T\n\n## S\n\nwords\n\n| a | n |\n| --- | ---: |\n| x\\|y<br>z | 1 |\n"
