"""What forms can hold that no page sent: each is answered by a page that keeps what was said."""

import json
import logging
import re

import pytest
from support.forms import FORM, Visitor, parsed
from support.models import GEARBOX_FILE, gearbox
from support.service import Caller, service

HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}<img src=x onerror=alert(1)>&amp;'
FIVE_THOUSAND = "x" * 5000
WORDS = re.compile(
    r'^( *(?:label|question|title|about|setting|disclaimer): )([^\n{\[>|"]+)$', re.MULTILINE
)
"""Lines of a model file with words for people."""


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


@pytest.fixture
def visitor(caller: Caller) -> Visitor:
    return Visitor(caller)


def said(*lines: str) -> list[tuple[str, str]]:
    return [("said", line) for line in lines]


@pytest.mark.parametrize(
    "typed",
    ["42 years", "\N{RUNNER}", "4000 h", "-1", "1e3", "99999999999999", "4000.5", "٤٢", "NaN", "\0",
     HOSTILE, FIVE_THOUSAND, "none", "yes"],
)  # fmt: skip
def test_what_is_no_number_is_asked_again_with_what_was_typed(visitor, typed):
    reply = visitor.send([("asked", "hours"), ("answer", typed), ("do", "answer")])
    assert reply.status == 422
    assert visitor.asked == "hours"
    (link,) = [each for each in visitor.page.all("a") if each.get("href").startswith("#")]
    (field,) = [each for each in visitor.page.all("input") if each.get("name") == "answer"]
    assert link.get("href") == f"#{field.get('id')}"
    assert field.get("value") == typed.strip()
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "hint error"
    assert "whole number from 0 to 9000" in link.text


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_chosen_is_asked_again(visitor, typed):
    fields = [("asked", "felt_at"), ("answer", typed), ("do", "answer")]
    assert visitor.send(fields).status == 422
    assert "Choose one of the answers" in visitor.page.text


@pytest.mark.parametrize("said_so", ["maybe", HOSTILE, FIVE_THOUSAND, "\N{RUNNER}"])
def test_an_answer_that_was_not_on_offer_is_asked_again(visitor, said_so):
    fields = [("asked", "whine"), ("answer", said_so), ("do", "answer")]
    assert visitor.send(fields).status == 422
    assert visitor.asked == "whine"


@pytest.mark.parametrize(
    "damaged",
    ["hours", "hours=", "=4000", "", "nobody=yes", "whine=perhaps", "hours=4000 years", "fire=yes",
     HOSTILE, FIVE_THOUSAND, "\N{RUNNER}=yes", "whi", "hours=40\x00"],
)  # fmt: skip
def test_a_damaged_answer_is_shown_and_all_others_are_kept(visitor, damaged):
    reply = visitor.send([*said("hours=4000", damaged, "whine=yes"), ("do", "go")])
    assert reply.status == 422
    assert visitor.heading == "Some answers could not be read"
    (shown,) = [each.text for each in visitor.page.all("code")]
    assert " ".join(damaged.split())[:200] in shown
    assert visitor.hidden("said") == ["hours=4000", "whine=yes"]
    visitor.press("Go on without them")
    assert visitor.reply.status == 200
    assert visitor.hidden("said") == ["hours=4000", "whine=yes"]


def test_a_question_that_is_none_keeps_what_was_typed(visitor):
    fields = [*said("hours=4000"), ("asked", "nobody"), ("answer", "something"), ("do", "answer")]
    assert visitor.send(fields).status == 422
    assert "nobody=something" in visitor.page.text
    assert visitor.hidden("said") == ["hours=4000"]


@pytest.mark.parametrize(
    "do",
    ["", "nothing", "change nobody", "without 99", "audience nobody", "back", "none_left", "open",
     "unknown", "more", HOSTILE],
)  # fmt: skip
def test_a_button_that_no_page_has_loses_nothing(visitor, do):
    reply = visitor.send([*said("hours=4000", "whine=yes"), ("do", do), ("opened", "nobody")])
    assert reply.status == 200
    kept = visitor.hidden("said")
    assert kept == (["hours=4000"] if do == "back" else ["hours=4000", "whine=yes"])


def test_answers_out_of_order_count_as_they_were_given(visitor):
    """A question of long ago, answered from another tab or after going back in the browser."""
    visitor.send([("asked", "whine"), ("answer", "yes"), ("do", "answer")])
    assert visitor.reply.status == 200
    assert visitor.hidden("said") == ["whine=yes"]
    assert visitor.asked == "hours"


def test_two_tabs_do_not_know_each_other(caller):
    one, other = Visitor(caller), Visitor(caller)
    one.press("Begin")
    other.press("Begin")
    one.press("Continue", answer="4000")
    other.press("I don't know")
    assert one.hidden("said") == ["hours=4000"]
    assert other.hidden("said") == ["hours=?"]


def test_a_form_that_is_sent_twice_gives_the_same_page(visitor):
    fields = [("asked", "hours"), ("answer", "4000"), ("do", "answer")]
    assert visitor.send(fields).body == visitor.send(fields).body


def test_a_state_of_an_older_model_goes_on_and_says_so(visitor):
    visitor.send([*said("hours=4000"), ("sha256", "0" * 64), ("do", "go")])
    assert visitor.reply.status == 200
    assert "The model was renewed" in visitor.page.text
    assert visitor.hidden("sha256") == [gearbox().compiled.sha256]
    visitor.press("I don't know")
    assert "renewed" not in visitor.page.text


def test_a_state_of_another_model_says_what_that_model_does_not_know():
    visitor = Visitor(service(more=("lbp-runner",)))
    visitor.send([*said("age=42", "hours=4000"), ("model", "lbp-runner"), ("do", "go")])
    assert visitor.heading == "Some answers could not be read"
    assert "hours=4000" in visitor.page.text
    assert visitor.hidden("said") == ["age=42"]


@pytest.mark.parametrize("name", ["nobody", HOSTILE, FIVE_THOUSAND])
def test_a_state_of_a_model_that_is_gone_goes_on_with_another(visitor, name):
    assert visitor.send([*said("hours=4000"), ("model", name), ("do", "go")]).status == 422
    visitor.press("Go on", model="gearbox")
    assert visitor.hidden("said") == ["hours=4000"]
    assert visitor.reply.status == 200


def test_answers_that_cannot_all_be_true_are_taken_out_one_by_one(visitor):
    derived = next(iter(gearbox().description.derived.items()))
    name, each = derived
    states = [
        s for s in gearbox().findings[each.derived_from].answer.states if s not in each.states
    ]
    lines = [f"{name}=yes", f"{each.derived_from}={states[0]}"]
    assert visitor.send([*said(*lines), ("do", "go")]).status == 422
    assert visitor.heading == "These answers do not go together"
    assert visitor.hidden("said") == lines
    _, button = next(
        (form, b)
        for form in visitor.page.all("form")
        for b in form.all("button")
        if b.get("value") == "without 0"
    )
    visitor.press(button.get("aria-label"))
    assert visitor.reply.status == 200
    assert visitor.hidden("said") == lines[1:]


def test_an_answer_that_contradicts_another_is_asked_again_with_a_way_out(visitor):
    name, each = next(iter(gearbox().description.derived.items()))
    states = [
        s for s in gearbox().findings[each.derived_from].answer.states if s not in each.states
    ]
    fields = [("asked", each.derived_from), ("answer", states[0]), ("do", "answer")]
    assert visitor.send([*said(f"{name}=yes"), *fields]).status == 422
    assert "contradict" in visitor.page.text
    assert visitor.hidden("said") == [f"{name}=yes"]
    visitor.press("Your answers")
    assert visitor.heading == "Your answers"


@pytest.mark.parametrize(
    "body",
    [b"%ff=1", b"\xff", b"said=%c3%28", b"&".join([b"said=a"] * 3000), b"said=" + b"x" * 70000],
)
def test_a_body_that_is_no_form_is_refused_by_a_page(caller, body):
    reply = caller.send("POST", "/", [body], FORM)
    assert reply.status in (413, 422)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "Traceback" not in parsed(reply.body).text


def test_json_is_no_form(caller):
    reply = caller.send("POST", "/", [b"{}"], {"Content-Type": "application/json"})
    assert reply.status == 415
    assert parsed(reply.body).text


def test_when_it_is_busy_a_page_says_so_and_what_was_said_can_be_sent_again():
    visitor = Visitor(service(queue=0))
    reply = visitor.send([*said("hours=4000"), ("do", "go")])
    assert reply.status == 503
    assert reply.headers["retry-after"]
    assert visitor.hidden("said") == ["hours=4000"]


def test_no_answer_stands_in_an_address_or_a_log(caller, caplog):
    caplog.set_level(logging.DEBUG)
    visitor = Visitor(caller)
    visitor.send([*said("hours=4321", "nobody=secret"), ("do", "go")])
    visitor.send([*said("hours=4321"), ("asked", "whine"), ("answer", "secret"), ("do", "answer")])
    assert "4321" not in caplog.text
    assert "secret" not in caplog.text
    assert "whine" not in caplog.text
    lines = [json.loads(each.message) for each in caplog.records if each.name == "lbp_service"]
    assert {each["route"] for each in lines} == {"/"}


def test_a_model_s_own_words_are_never_read_as_html(tmp_path):
    """Every text of the gearbox is made hostile, and every kind of page is read."""
    evil = "<script>alert(1)</script>"
    folder = tmp_path / "gearbox"
    folder.mkdir()
    for path in (GEARBOX_FILE, *GEARBOX_FILE.with_suffix("").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        text = WORDS.sub(lambda m: f"{m[1]}{json.dumps(m[2] + evil)}", text)
        (tmp_path / path.relative_to(GEARBOX_FILE.parent)).write_text(text, encoding="utf-8")
    visitor = Visitor(service(str(tmp_path / "gearbox.yaml")))
    hostile = 0
    for do in ("begin", "answers", "result", "what_if", "change hours", "go"):
        visitor.send([*said("hours=4000", "whine=yes"), ("do", do)])
        hostile += visitor.page.text.count(evil)
        assert not [e for e in visitor.page.all("script") if not e.get("src")]
    for path in ("/", "/model/gearbox", "/model/gearbox/worn_bearing"):
        reply = visitor.caller.get(path)
        page = parsed(reply.body)
        hostile += page.text.count(evil)
        assert not [e for e in page.all("script") if not e.get("src")]
    printed = visitor.caller.send("POST", "/print", [b"said=hours%3D4000"], FORM)
    assert b"<script" not in printed.body
    assert hostile > 20
