"""The page in Chromium: axe-core's rules, the keyboard alone, no JavaScript, back and reload.

`make browser` installs what it takes and runs this; SCREENSHOTS names a folder to look at.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from support.browser import (
    Opened,
    chromium,
    expected,
    interviewed,
    kinds,
    look,
    next_page,
    numbers,
    opening,
)
from support.models import BEARING
from support.served import Served

pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser
FIRE = {"smoke": True, "burning_smell": True}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a service with the gearbox listens."""
    served = Served(tmp_path_factory.mktemp("served"), "--workers", "1", "--telephone", "999")
    try:
        yield f"{served.address}/"
    finally:
        served.process.terminate()
        served.process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Opened]:
    with opening(browser, address) as open_page:
        yield open_page


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
    next_page(page, "Begin")
    page.fill("#answer", "4000")
    next_page(page, "Continue")
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
    next_page(page, "Begin", False)
    page.fill("#answer", "4000")
    next_page(page, "Continue", False)
    heading = page.inner_text("h1")
    page.reload()
    assert page.inner_text("h1") == heading
    said = [each.get_attribute("value") for each in page.query_selector_all("[name=said]")]
    assert said == ["hours=4000"]


def test_where_no_answer_comes_what_was_typed_is_kept_and_it_is_said(opened):
    page = opened()
    next_page(page, "Begin")
    page.fill("#answer", "4000")
    page.route("**/", lambda route: route.abort())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector("#status.shown")
    assert "No answer came" in page.inner_text("#status")
    assert page.input_value("#answer") == "4000"
    page.unroute("**/")
    page.wrong.clear()
    next_page(page, "Continue")
    assert page.query_selector("[value='hours=4000']")


def test_where_a_script_fails_the_form_is_sent_by_the_browser(opened, address):
    page = opened("model/gearbox")
    page.route("**/assets/*.js*", lambda route: route.fulfill(body="throw new Error('broken')"))
    page.goto(address)
    next_page(page, "Begin", False)
    page.fill("#answer", "4000")
    next_page(page, "Continue", False)
    assert page.query_selector("[value='hours=4000']")
    page.wrong.clear()


def test_the_focus_is_on_what_is_wrong_and_leads_to_the_field(opened):
    page = opened()
    next_page(page, "Begin")
    next_page(page, "Continue")
    page.wait_for_function("() => document.activeElement.className === 'mistakes'")
    page.click(".mistakes a")
    assert page.evaluate("document.activeElement.id") == "answer"


def test_a_slider_shows_at_once_what_would_change(opened):
    page = opened()
    next_page(page, "Begin")
    page.fill("#answer", "4000")
    next_page(page, "Continue")
    next_page(page, "Show the result now")
    next_page(page, "What if I had answered otherwise?")
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


def test_a_cause_is_supposed_more_common_by_slider_button_and_field(opened):
    page = opened()
    next_page(page, "Begin")
    page.fill("#answer", "4000")
    next_page(page, "Continue")
    next_page(page, "Show the result now")
    next_page(page, "What if I had answered otherwise?")
    field, slider = "#prevalence-worn_bearing", "#prevalence-worn_bearing ~ input[type=range]"
    before = page.input_value(field)
    ticks = page.evaluate(f"[...document.querySelector('{slider}').list.options].map(o => o.value)")
    assert before in ticks[1:-1]
    page.focus(slider)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#compared table")
    assert float(page.input_value(field)) == float(before) + 1
    assert page.get_attribute(slider, "aria-valuetext") == f"{page.input_value(field)} of 100"
    page.click(f"{field} ~ .presses button >> text=−")
    page.wait_for_selector("#compared table", state="detached")
    assert page.input_value(field) == before
    page.fill(field, "20.5")
    page.press(field, "Tab")
    page.wait_for_function("() => document.getElementById('status').textContent.includes('20.5')")
    page.click(f"{field} ~ .presses button >> text=Reset")
    page.wait_for_selector("#compared table", state="detached")
    assert page.input_value(field) == before


@pytest.mark.parametrize("number", ["20.5", "60"], ids=["possible", "impossible"])
def test_a_cause_is_supposed_more_common_without_javascript(opened, number):
    page = opened(java_script_enabled=False)
    next_page(page, "Begin", False)
    page.fill("#answer", "4000")
    next_page(page, "Continue", False)
    next_page(page, "Show the result now", False)
    next_page(page, "What if I had answered otherwise?", False)
    page.fill("#prevalence-worn_bearing", number)
    next_page(page, "Show what would change", False)
    assert page.input_value("#prevalence-worn_bearing") == number
    said = page.inner_text("#compared")
    assert ("leave no room" in said) == (number == "60")
    assert (page.query_selector("#compared table") is None) == (number == "60")


def test_the_page_to_print_has_few_sides_and_its_own_style(opened):
    page = opened()
    next_page(page, "Begin")
    next_page(page, "I don't know")
    next_page(page, "Show the result now")
    with page.expect_navigation():
        page.get_by_role("button", name="A page to print").click()
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
