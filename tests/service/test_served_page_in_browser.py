"""The page in Chromium: axe-core's rules, the keyboard alone, no JavaScript, back and reload.

`make browser` installs what it takes and runs this; SCREENSHOTS names a folder to look at.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from support.cli import COMMAND, child_environment
from support.models import BEARING, GEARBOX_FILE, gearbox

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser
PROGRAMS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
SIZES = {"hand": (320, 640), "desk": (1280, 900)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Those of axe-core for WCAG 2.2 AA, and its own."""
FIRE = {"smoke": True, "burning_smell": True}
START_SECONDS = 60.0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a service with the gearbox listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*COMMAND, "serve", "--port", str(port), "--workers", "1"]
    command += ["--model", str(GEARBOX_FILE), "--telephone", "999"]
    with subprocess.Popen(command, env=child_environment(), stderr=subprocess.DEVNULL) as server:
        found = f"http://127.0.0.1:{port}/"
        _wait_for(found)
        yield found
        server.terminate()


def _wait_for(found: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urlopen(found):
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError("the service does not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = next(filter(None, map(shutil.which, filter(None, PROGRAMS))), None)
    if program is None:
        pytest.skip("no Chromium is installed, or named by CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        # Without its sandbox it also starts as root; it opens nothing but these pages.
        yield playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


Opened = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Opened]:
    """Opens the page in a browser of its own, which may ask for nothing elsewhere."""
    contexts = []

    def open_page(path: str = "", **settings: Any) -> Any:
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.wrong, page.fetched = [], []
        page.on("request", lambda asked: page.fetched.append(asked.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda line: page.wrong.append(line.text) if _is_wrong(line) else None)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.wrong == []
            assert [each for each in page.fetched if not each.startswith(address)] == []
        assert context.cookies() == []
        context.close()


def _is_wrong(line: Any) -> bool:
    """Tell whether a line is of a script or a policy; what is refused has a status of its own."""
    return line.type in ("error", "warning") and not re.search(r"status of (404|422)", line.text)


def _next(page: Any, button: str, script: bool = True) -> None:
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
    _next(page, "Begin", script)
    while page.query_selector("[name=asked]"):
        name = page.input_value("[name=asked]")
        lines = [each.get_attribute("value") for each in page.query_selector_all("[name=line]")]
        text = _spelled(known.get(name))
        if lines:
            ticked = [each for each in lines if known.get(each) is True]
            for each in [f"[value={each}]" for each in ticked] or ["#none"]:
                page.check(each)
            _next(page, "Continue", script)
        elif page.query_selector("input.number") and name in known:
            page.fill("#answer", text)
            _next(page, "Continue", script)
        elif page.query_selector(f"[name=answer][value='{text}']"):
            page.check(f"[name=answer][value='{text}']")
            _next(page, "Continue", script)
        else:
            _next(page, "I don't know", script)


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
    _next(page, "Begin")
    yield "number"
    page.fill("#answer", "4000 hours")
    _next(page, "Continue")
    yield "mistake"
    _next(page, "I don't know")
    yield "choice"
    _next(page, "I don't know")
    yield "screen"
    _next(page, "Continue")
    yield "screen-mistake"
    _next(page, "Not sure: ask me one by one")
    yield "line"
    page.click("header a")
    interviewed(page, BEARING)
    for each in page.query_selector_all("details"):
        each.evaluate("each => { each.open = true; }")
    yield "result"
    _next(page, "Show it for a clinician")
    yield "clinician"
    _next(page, "Your answers")
    yield "answers"
    _next(page, "Show the result")
    _next(page, "What if I had answered otherwise?")
    page.fill("[name='if.hours']", "1")
    _next(page, "Show what would change")
    yield "what-if"
    _next(page, "Back to the result")
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
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            found = axe.Axe().run(page, options={"runOnly": RULES})
            assert found.violations_count == 0, (kind, scheme, size, found.generate_report())
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (kind, size, wide)
            if SCREENSHOTS:
                name = f"{kind}-{scheme}-{size}.png"
                page.screenshot(path=Path(SCREENSHOTS) / name, full_page=True)
                # What takes the picture hides the caret by a style, which the policy refuses it.
                page.wrong.clear()


def test_axe_finds_nothing_on_any_kind_of_page_and_all_of_it_fits(opened):
    page = opened()
    for kind in kinds(page):
        look(page, kind)


def test_axe_finds_nothing_in_an_emergency(opened):
    page = opened()
    interviewed(page, FIRE)
    assert page.query_selector("a[href='tel:999']")
    look(page, "emergency")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_interview_ends_in_the_report_number_by_number(opened, script):
    page = opened(java_script_enabled=script)
    interviewed(page, BEARING, script)
    assert numbers(page) == expected(page)


def test_an_interview_by_keyboard_alone(opened):
    page = opened()
    keys = page.keyboard

    def press(button: str) -> None:
        """Reach a button by Tab, from wherever the focus is, and press it."""
        before = page.query_selector("#page")
        for _ in range(80):
            if page.evaluate("document.activeElement.textContent.trim()") == button:
                break
            keys.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == button
        keys.press("Enter")
        page.wait_for_function("old => !old.isConnected", arg=before)

    press("Begin")
    while page.query_selector("[name=asked]"):
        # After each page the focus is on its heading, and the answers come next.
        assert page.evaluate("document.activeElement.tagName") == "H1"
        name = page.input_value("[name=asked]")
        if page.query_selector("[name=line]"):
            for _ in range(40):
                keys.press("Tab")
                if page.evaluate("document.activeElement.id") == "none":
                    break
            keys.press("Space")
        elif page.query_selector("input.number"):
            keys.press("Tab")
            keys.type(str(BEARING.get(name, 1)))
        else:
            keys.press("Tab")
            keys.press("Space")
        press("Continue")
    assert page.evaluate("document.activeElement.id") == "urgency"
    assert numbers(page) == expected(page)


def test_back_forward_and_reload_lose_and_double_nothing(opened):
    page = opened()
    _next(page, "Begin")
    page.fill("#answer", "4000")
    _next(page, "Continue")
    heading = page.inner_text("h1")
    page.go_back()
    page.wait_for_selector("#answer")
    page.go_forward()
    page.wait_for_function("said => document.querySelector('h1').innerText === said", arg=heading)
    page.reload()
    page.wait_for_function("said => document.querySelector('h1').innerText === said", arg=heading)
    said = [each.get_attribute("value") for each in page.query_selector_all("[name=said]")]
    assert said == ["hours=4000"]
    assert page.url.count("/") == 3


def test_without_javascript_back_and_reload_send_the_same_again(opened):
    page = opened(java_script_enabled=False)
    _next(page, "Begin", False)
    page.fill("#answer", "4000")
    _next(page, "Continue", False)
    heading = page.inner_text("h1")
    page.reload()
    assert page.inner_text("h1") == heading
    said = [each.get_attribute("value") for each in page.query_selector_all("[name=said]")]
    assert said == ["hours=4000"]


def test_where_no_answer_comes_what_was_typed_is_kept_and_it_is_said(opened):
    page = opened()
    _next(page, "Begin")
    page.fill("#answer", "4000")
    page.route("**/", lambda route: route.abort())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector("#status.shown")
    assert "No answer came" in page.inner_text("#status")
    assert page.input_value("#answer") == "4000"
    page.unroute("**/")
    page.wrong.clear()
    _next(page, "Continue")
    assert page.query_selector("[value='hours=4000']")


def test_where_a_script_fails_the_form_is_sent_by_the_browser(opened, address):
    page = opened("model/gearbox")
    page.route("**/assets/*.js*", lambda route: route.fulfill(body="throw new Error('broken')"))
    page.goto(address)
    _next(page, "Begin", False)
    page.fill("#answer", "4000")
    _next(page, "Continue", False)
    assert page.query_selector("[value='hours=4000']")
    page.wrong.clear()


def test_the_focus_is_on_what_is_wrong_and_leads_to_the_field(opened):
    page = opened()
    _next(page, "Begin")
    _next(page, "Continue")
    page.wait_for_function("() => document.activeElement.className === 'mistakes'")
    page.click(".mistakes a")
    assert page.evaluate("document.activeElement.id") == "answer"


def test_a_slider_shows_at_once_what_would_change(opened):
    page = opened()
    _next(page, "Begin")
    page.fill("#answer", "4000")
    _next(page, "Continue")
    _next(page, "Show the result now")
    _next(page, "What if I had answered otherwise?")
    page.focus("input[type=range]")
    page.keyboard.press("End")
    page.wait_for_selector("#compared table")
    assert page.input_value("[name='if.hours']") == "9000"
    assert page.evaluate("document.activeElement.type") == "range"
    assert page.get_attribute("input[type=range]", "aria-valuetext") == "9000 hours"
    assert "9000 hours" in page.text_content("#status")
    page.fill("[name='if.hours']", "0")
    page.press("[name='if.hours']", "Tab")
    said = "() => document.getElementById('status').textContent.includes(': 0 hours')"
    page.wait_for_function(said)
    assert page.input_value("input[type=range]") == "0"


def test_the_page_to_print_has_few_sides_and_its_own_style(opened):
    page = opened()
    _next(page, "Begin")
    _next(page, "I don't know")
    _next(page, "Show the result now")
    with page.expect_navigation():
        page.get_by_role("button", name="A page to print").click()
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
