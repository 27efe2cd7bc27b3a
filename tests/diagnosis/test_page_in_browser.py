"""The page in Chromium: what axe-core finds, what is fetched, how many sides it prints.

`make browser` installs what it takes and runs this.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.browser import chromium
from support.models import runner
from support.transcripts import answered_by, scripts

pytest.importorskip("jinja2")
pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser
SIZES = {"desk": (1280, 900), "hand": (360, 800)}
SIDES = 2


def serious() -> dict[str, Any]:
    textbook = runner().description.causes["malignancy"].textbook
    return {**textbook, "age": 67, "sex": "male"}


PEOPLE: dict[str, Callable[[], dict[str, Any]]] = {
    "facet_joint": lambda: answered_by(scripts()["facet_joint"]),
    "malignancy": serious,
    "cauda_equina": lambda: {"saddle_numbness": True, "age": 44},
}
"""Answers after a whole interview, with a serious cause in front, and in an emergency."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module", params=PEOPLE)
def page(request: pytest.FixtureRequest, browser: Any, tmp_path_factory: Any) -> Any:
    """One person's page, opened from disk; `fetched` is what it asked for."""
    given = PEOPLE[request.param]()
    file = tmp_path_factory.mktemp("page") / "page.html"
    report = runner().diagnose(given)
    file.write_text(report.to_html(runner().pivotal_answers(given)), encoding="utf-8")
    opened = browser.new_page()
    opened.fetched = []
    opened.on("request", lambda asked: opened.fetched.append(asked.url))
    opened.goto(file.as_uri())
    yield opened
    opened.close()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(page: Any, size: str) -> None:
    """All its rules: WCAG 2 A and AA, and best practice."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_fetches_nothing(page: Any) -> None:
    assert page.fetched == [page.url]


def test_it_prints_on_two_sides(page: Any) -> None:
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= SIDES
