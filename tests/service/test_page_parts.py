"""What each page holds, and what leads on; an emergency is where to go and why, and no more."""

import gzip
import re
from urllib.parse import urlencode

import pytest
from lbp_service.web.assets import TYPES, address
from lbp_service.web.state import spelled
from support.forms import FORM, Visitor, parsed
from support.models import BEARING, GEARBOX_FILE, gearbox
from support.service import Caller, service

FIRE = {"smoke": "yes", "burning_smell": "yes"}


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


@pytest.fixture
def visitor(caller: Caller) -> Visitor:
    return Visitor(caller)


def told(visitor: Visitor, do: str, said: dict[str, str], **more: str) -> Visitor:
    """Send answers as forms carry them."""
    pairs = [("said", f"{name}={text}") for name, text in said.items()]
    visitor.send([*pairs, ("do", do), *more.items()])
    return visitor


SAID = {name: spelled(value) for name, value in BEARING.items()}


def test_back_takes_the_last_answer_back_and_fills_it_in(visitor):
    visitor.press("Begin")
    first = visitor.asked
    visitor.press("Continue", answer="4000")
    second, heading = visitor.asked, visitor.heading
    assert (first, visitor.hidden("said")) == ("hours", ["hours=4000"])
    visitor.press("Back")
    assert (visitor.asked, visitor.hidden("said")) == (first, [])
    (field,) = [each for each in visitor.page.all("input") if each.get("name") == "answer"]
    assert field.get("value") == "4000"
    visitor.press("Continue")
    assert (visitor.asked, visitor.heading) == (second, heading)
    assert visitor.hidden("said") == ["hours=4000"]


def test_a_screen_is_one_list_and_what_is_left_open_is_asked_line_by_line(visitor):
    told(visitor, "go", {"hours": "4000", "drive": "?"})
    assert visitor.asked == "fire"
    lines = gearbox().description.interview.gates["fire"].lines
    boxes = [each for each in visitor.page.all("input") if each.get("name") == "line"]
    assert [each.get("value") for each in boxes] == list(lines)
    assert visitor.press("Continue").status == 422
    assert "There is a problem" in visitor.page.text
    assert visitor.press("Continue", line=[lines[2]], none="yes").status == 422
    ticked = [e.get("value") for e in visitor.page.all("input") if "checked" in e.attributes]
    assert ticked == [lines[2], "yes"]
    visitor.press("Not sure: ask me one by one")
    assert visitor.asked == lines[0]
    visitor.press("Continue", answer="no")
    assert visitor.asked == lines[1]
    visitor.press("None of the rest of these")
    assert visitor.hidden("said")[2:] == [f"{lines[0]}=no", "fire=none"]
    assert visitor.asked == "leaks"
    visitor.press("Back")
    visitor.press("Back")
    assert visitor.asked == "fire"


def test_what_was_answered_can_be_looked_through_and_changed(visitor):
    told(visitor, "answers", SAID)
    rows = [each.text for each in visitor.page.all("th")][2:]
    labels = {item.id: item.label for item in gearbox().diagnose(BEARING).evidence}
    assert rows == list(labels.values())
    visitor.press(f"Change {labels['felt_at']}")
    assert visitor.asked == "felt_at"
    chosen = [e.get("value") for e in visitor.page.all("input") if "checked" in e.attributes]
    assert chosen == ["floor"]
    visitor.press("Continue", answer="wheel")
    assert visitor.hidden("said")[-1] == "felt_at=wheel"
    told(visitor, "change felt_at", SAID)
    visitor.press("Leave it as it is")
    assert visitor.hidden("said") == [f"{name}={text}" for name, text in SAID.items()]


def test_what_other_answers_would_change_is_shown_and_not_noted(visitor):
    told(visitor, "what_if", SAID)
    before = gearbox().diagnose(BEARING)
    visitor.press("Show what would change", if__whine="no", if__hours="1")
    after = gearbox().diagnose({**BEARING, "whine": False, "hours": 1})
    for label, number in visitor.numbers.items():
        (cause,) = [each for each in after.causes if each.label == label]
        assert number == cause.probability
    assert before.causes[0].label in visitor.numbers
    assert visitor.hidden("said") == [f"{name}={text}" for name, text in SAID.items()]
    assert visitor.press("Show what would change", if__hours="many").status == 422
    assert "whole number" in visitor.page.text
    (field,) = [each for each in visitor.page.all("input") if each.get("name") == "if.hours"]
    assert field.get("value") == "many"
    visitor.press("All as it was")
    assert not visitor.numbers


def prevalence(visitor: Visitor, cause: str) -> str:
    """What stands in the field of a cause."""
    found = [each for each in visitor.page.all("input") if each.get("id") == f"prevalence-{cause}"]
    (field,) = found
    return field.get("value")


def test_a_cause_that_is_more_common_is_supposed_and_the_shared_model_stays(visitor):
    told(visitor, "what_if", SAID)
    before = gearbox().diagnose(BEARING).cause("worn_bearing")
    assert float(prevalence(visitor, before.id)) == pytest.approx(100 * before.prior)
    visitor.press("Show what would change", prevalence__worn_bearing="20,5", if__whine="no")
    after = gearbox().supposing({before.id: 0.205}).diagnose({**BEARING, "whine": False})
    assert visitor.numbers[before.label] == after.cause(before.id).probability
    assert f"{before.label}: 20,5 of 100 people have it" in visitor.page.text
    visitor.press("Show what would change", prevalence__worn_bearing="", if__whine="yes")
    assert not visitor.numbers
    assert gearbox().diagnose(BEARING).cause("worn_bearing") == before
    assert visitor.hidden("said") == [f"{name}={text}" for name, text in SAID.items()]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *((typed, "over 0 and under 100") for typed in ("nan", "0", "100", "-3", "many", "1e999")),
        ("31.5", "leave no room"),
    ],
)
def test_a_number_that_cannot_be_had_is_named_at_its_field(visitor, typed, said):
    told(visitor, "what_if", SAID)
    assert visitor.press("Show what would change", prevalence__worn_teeth=typed).status == 422
    assert said in visitor.page.text
    assert b'href="#prevalence-worn_teeth"' in visitor.reply.body
    assert prevalence(visitor, "worn_teeth") == typed


def test_a_cause_that_the_model_has_not_is_no_field(visitor):
    told(visitor, "what_if", SAID, **{"prevalence.nothing": "5", "prevalence.": "5"})
    assert visitor.reply.status == 200
    assert "nothing" not in visitor.page.text


def test_an_answer_that_was_not_given_can_be_supposed(visitor):
    told(visitor, "what_if", {"hours": "4000"})
    visitor.press("Show what would change", add="whine")
    visitor.press("Show what would change", if__whine="yes")
    after = gearbox().diagnose({"hours": 4000, "whine": True})
    assert visitor.numbers[after.causes[0].label] == after.causes[0].probability


def test_an_emergency_is_where_to_go_and_why_and_nothing_else(visitor):
    report = gearbox().diagnose({"smoke": True, "burning_smell": True})
    assert report.triage.level == "emergency"
    for do in ("go", "result", "what_if"):
        told(visitor, do, FIRE)
        assert visitor.heading == report.triage.message
        text = visitor.page.text
        assert text.count(report.triage.message) >= 2
        assert not visitor.numbers
        assert not [*visitor.page.all("svg", "table", "details", "header")]
        for each in report.causes:
            assert f"{each.label}:" not in text
        exercises = gearbox().description.exercises.values()
        assert not [each.label for each in exercises if each.label in text]
    visitor.press("An answer was a mistake")
    assert visitor.heading == "Your answers"


def test_the_number_to_call_is_the_service_s():
    visitor = told(Visitor(service(telephone="999")), "go", FIRE)
    links = [each.get("href") for each in visitor.page.all("a")]
    assert links == ["tel:999"]


def test_more_is_asked_after_the_questions_have_stopped(visitor):
    session = gearbox().interview(BEARING)
    while not session.should_stop:
        question = session.next_question
        value = "none" if question.items else question.choices[-1].value
        session = session.answer(question.id, value)
    told(visitor, "go", SAID | {step.id: spelled(step.value) for step in session.steps})
    assert visitor.heading.startswith("How urgent")
    visitor.press("Ask me more")
    assert visitor.asked == session.more().next_question.id


def test_the_page_to_print_is_the_report_s_own(caller):
    pairs = [("said", f"{name}={text}") for name, text in SAID.items()]
    reply = caller.send("POST", "/print", [urlencode(pairs).encode()], FORM)
    pivotal = gearbox().pivotal_answers(BEARING)
    assert reply.body.decode() == gearbox().diagnose(BEARING).to_html(pivotal)
    policy = reply.headers["content-security-policy"]
    assert re.search(r"style-src 'sha256-[\w+/]{43}='", policy)
    assert "unsafe" not in policy


def test_a_model_is_shown_with_every_number_and_its_source(caller):
    page = parsed(caller.get("/model/gearbox").body)
    links = {each.get("href") for each in page.all("a")}
    description = gearbox().description
    for section in (description.causes, description.findings, description.risk_factors):
        for name in section:
            assert f"/model/gearbox/{name}" in links
            shown = parsed(caller.get(f"/model/gearbox/{name}").body)
            assert section[name].label in shown.text
    text = parsed(caller.get("/model/gearbox/worn_bearing").body).text
    cause = description.causes["worn_bearing"]
    assert cause.prevalence.why in text
    assert f"{cause.prevalence.value * 100:.4g} %" in text


@pytest.mark.parametrize(
    "path", ["/model/nobody", "/model/gearbox/nothing", "/model/gearbox/%3Cb%3E"]
)
def test_a_model_or_an_entry_that_is_none_says_what_there_is(caller, path):
    reply = caller.get(path)
    assert reply.status == 404
    assert "/model/gearbox" in {each.get("href") for each in parsed(reply.body).all("a")}


def test_numbers_that_an_overlay_sets_stand_beside_those_of_the_base(tmp_path):
    (tmp_path / "garage.yaml").write_text(
        f"extends: {GEARBOX_FILE}\n"
        "model: {id: garage}\n"
        "causes:\n"
        "  worn_bearing:\n"
        "    prevalence:\n"
        "      {value: 0.07, interval: [0.05, 0.1], source: [expert judgement], why: few}\n",
        encoding="utf-8",
    )
    text = parsed(service(folder=tmp_path).get("/model/garage").body).text
    assert "What it is put together from" in text
    assert "Numbers that differ from gearbox: 1" in text
    assert "7 % (5 % to 10 %)" in text


def test_every_page_forbids_what_it_does_not_need_and_is_kept_nowhere(caller):
    for reply in (
        caller.get("/"),
        caller.send("POST", "/", [b"do=begin"], FORM),
        caller.get("/model/gearbox"),
        caller.get("/model/nobody"),
        caller.send("POST", "/", [b"%ff"], FORM),
        caller.send("POST", "/print", [b""], FORM),
    ):
        headers = reply.headers
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        body = reply.body.decode()
        assert not re.search(r"<[^>]+\son\w+=|<script(?! src)|\sstyle=", body)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//(?!doi\.org)", body)


def test_the_files_of_a_page_are_there_and_change_their_address_with_what_they_hold(caller):
    for name, kind in TYPES.items():
        reply = caller.get(address(name))
        assert (reply.status, reply.headers["content-type"]) == (200, kind)
        assert "immutable" in reply.headers["cache-control"]
    assert caller.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert caller.get("/assets/page.html").status == 404
    assert caller.get("/assets/..%2fwriting.py").status == 404


def test_a_page_with_all_that_it_loads_is_small(caller):
    total = 0
    for path in ("/model/gearbox", *map(address, TYPES)):
        reply = caller.get(path, Accept_Encoding="br, gzip")
        plain = caller.get(path).body
        packed = reply.headers.get("content-encoding") == "gzip"
        assert (gzip.decompress(reply.body) if packed else reply.body) == plain
        assert packed or len(plain) < 1000
        total += len(reply.body)
    assert total < 100_000
