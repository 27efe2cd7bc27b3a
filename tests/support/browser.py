"""The page of a service in Chromium: opened, gone through, looked at."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.models import BEARING, gearbox

PROGRAMS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
SIZES = {"hand": (320, 640), "desk": (1280, 900)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Those of axe-core for WCAG 2.2 AA, and its own."""

Opened = Callable[..., Any]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; skips the test where there is none."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, filter(None, PROGRAMS))), None)
    if program is None:
        pytest.skip("no Chromium is installed, or named by CHROMIUM")
    with sync_playwright() as playwright:
        # Without its sandbox it also starts as root; it opens nothing but these pages.
        yield playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


@contextmanager
def opening(browser: Any, address: str) -> Iterator[Opened]:
    """Opens a page in a window of its own, which may ask for nothing elsewhere."""
    contexts = []

    def open_page(path: str = "", **settings: Any) -> Any:
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.wrong, page.fetched = [], []
        page.on("request", lambda asked: page.fetched.append(asked.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda line: page.wrong.append(line.text) if is_wrong(line) else None)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.wrong == []
            assert [each for each in page.fetched if not each.startswith(address)] == []
        assert context.cookies() == []
        context.close()


def is_wrong(line: Any) -> bool:
    """Tell whether a line is of a script or a policy; what is refused has a status of its own."""
    return line.type in ("error", "warning") and not re.search(r"status of (404|422)", line.text)


def next_page(page: Any, button: str, script: bool = True) -> None:
    """Press a button and wait for the page that comes."""
    pressed = page.get_by_role("button", name=button, exact=True).first
    if not script:
        with page.expect_navigation():
            pressed.click()
        return
    before = page.query_selector("#page")
    pressed.click()
    page.wait_for_function("old => !old.isConnected", arg=before)


def interviewed(page: Any, known: dict[str, Any], script: bool = True) -> None:
    """Answer what is asked to the end; what is not known is denied, or left open."""
    next_page(page, "Begin", script)
    while page.query_selector("[name=asked]"):
        name = page.input_value("[name=asked]")
        lines = [each.get_attribute("value") for each in page.query_selector_all("[name=line]")]
        text = _spelled(known.get(name))
        if lines:
            ticked = [each for each in lines if known.get(each) is True]
            for each in [f"[value={each}]" for each in ticked] or ["#none"]:
                page.check(each)
            next_page(page, "Continue", script)
        elif page.query_selector("input.number") and name in known:
            page.fill("#answer", text)
            next_page(page, "Continue", script)
        elif page.query_selector(f"[name=answer][value='{text}']"):
            page.check(f"[name=answer][value='{text}']")
            next_page(page, "Continue", script)
        else:
            next_page(page, "I don't know", script)


def _spelled(value: Any) -> str:
    return "yes" if value is True else "no" if value in (False, None) else str(value)


def numbers(page: Any) -> dict[str, float]:
    """{label: number} of the tables of causes."""
    return {
        row.query_selector("th").inner_text() or row.query_selector("th").text_content(): float(
            row.query_selector("data").get_attribute("value")
        )
        for row in page.query_selector_all("table.causes tbody tr")
    }


def expected(page: Any) -> dict[str, float]:
    """The same of the report on what the form carries."""
    session = gearbox().interview()
    for each in page.query_selector_all("form >> nth=0 >> [name=said]"):
        name, _, text = each.get_attribute("value").partition("=")
        session = session.answer(name, None if text == "?" else text)
    report = session.report
    found = {f"{c.label}{' (serious)' if c.serious else ''}": c.probability for c in report.causes}
    return {**found, "No cause that can be named": report.no_identified_cause.probability}


def kinds(page: Any) -> Iterator[str]:
    """Go through every kind of page, and stop at each."""
    yield "start"
    next_page(page, "Begin")
    yield "number"
    page.fill("#answer", "4000 hours")
    next_page(page, "Continue")
    yield "mistake"
    next_page(page, "I don't know")
    yield "choice"
    next_page(page, "I don't know")
    yield "screen"
    next_page(page, "Continue")
    yield "screen-mistake"
    next_page(page, "Not sure: ask me one by one")
    yield "line"
    page.click("header a")
    interviewed(page, BEARING)
    for each in page.query_selector_all("details"):
        each.evaluate("each => { each.open = true; }")
    yield "result"
    next_page(page, "Show it for a clinician")
    yield "clinician"
    next_page(page, "Your answers")
    yield "answers"
    next_page(page, "Show the result")
    next_page(page, "What if I had answered otherwise?")
    page.fill("[name='if.hours']", "1")
    next_page(page, "Show what would change")
    yield "what-if"
    next_page(page, "Back to the result")
    with page.expect_navigation():
        page.get_by_role("button", name="A page to print").click()
    yield "print"
    page.goto(page.url.replace("print", "model/gearbox"))
    yield "model"
    page.goto(f"{page.url}/worn_bearing")
    yield "entry"
    page.goto(f"{page.url}_none")
    yield "nothing"


def look(page: Any, kind: str) -> None:
    """See a page in light and dark, on a phone and on a desk: axe finds nothing, all fits."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options={"runOnly": RULES})
            assert found.violations_count == 0, (kind, scheme, size, found.generate_report())
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (kind, size, wide)
            if SCREENSHOTS:
                name = f"{kind}-{scheme}-{size}.png"
                page.screenshot(path=Path(SCREENSHOTS) / name, full_page=True)
                # What takes the picture hides the caret by a style, which the policy refuses it.
                page.wrong.clear()
