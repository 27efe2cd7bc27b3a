"""The default screen: 80 x 24 for whoever asks, urgency first and last, in words that they know."""

import io
import random
import re
from collections.abc import Iterator

import pytest
from lbp_infer.commands.vocabulary import vocabulary
from lbp_infer.screen.fitted import Block, Fitted
from lbp_infer.screen.open_signs import how_many, open_signs
from lbp_infer.screen.page import print_page
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.render_brief import brief_page
from lbp_infer.screen.render_care import in_short
from msgspec.structs import replace
from rich.console import Console
from rich.text import Text
from support.cli import GEARBOX_FLAGS, answer, on_terminal, run
from support.models import BEARING, gearbox, runner

from bayesnet.diagnosis.answers.reading import number_range
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.plain_numbers import span_of_hundred
from bayesnet.diagnosis.report.records import Report
from bayesnet.diagnosis.report.urgency_words import until_seen
from bayesnet.errors import BayesnetError

HOUSE_WORDS = re.compile(
    r"deciban|\bbits?\b|good (weeks|hours)|expected value|\bprior\b|posterior|95 %|\bodds\b", re.I
)
RUNNERS = (
    {},
    {"leaning_back": True, "downhill_running": True, "prolonged_standing": True, "age": 42},
    {"age": 24, "sex": "female", "main_pain": "buttock", "sacral_tenderness": True},
    {"age": 58, "night_pain": True, "weight_loss": True, "constant_pain": True},
    {"age": 68, "sex": "male", "pulsating_abdomen": True, "abdominal_pain": True},
    {"age": 15, "leaning_back": True, "one_sided": True, "onset": "gradual"},
    {"pregnant": True, "age": 31, "sex": "female", "high_energy_trauma": True},
    {"pregnant": True, "age": 17, "sex": "female", "fever": True},
    {"age": 61, "burning_leg_pain": True, "constant_pain": True, "rash_on_trunk": True},
    {"main_pain": "leg", "leg_pain": False, "unrelated_to_movement": True, "eased_by_rest": True},
    {"saddle_numbness": True, "bladder_change": True, "both_legs": True, "fever": True},
)


def people(model: DiagnosticModel, drawn: int) -> Iterator[dict[str, object]]:
    """Everyone with a single answer, then some with many at random."""
    choices: dict[str, list[object]] = {}
    for name, each in model.known.items():
        ends = number_range(each.answer) if each.is_number else ()
        choices[name] = [*ends, *(choice.value for choice in each.choices())]
        yield from ({name: value} for value in choices[name])
    chance = random.Random(5)
    for _ in range(drawn):
        asked = chance.sample(list(choices), chance.randint(2, 15))
        yield {name: chance.choice(choices[name]) for name in asked}


def check(model: DiagnosticModel, given: dict[str, object], audience: str, capsys) -> None:
    try:
        report = model.diagnose(given, audience)
    except BayesnetError:
        return
    words = vocabulary(model.description)
    print_page([brief_page(report, Reader(model.description, words, audience))])
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    emergency = report.triage.level == "emergency"
    assert len(lines) <= (12 if emergency else 23), shown
    assert max(map(len, lines)) <= 80
    level = report.triage.level.replace("_", " ").upper()
    assert lines[0].startswith(level)
    assert level in " ".join(lines[-2:])
    running = " ".join(shown.split())
    if audience == "self":
        assert not HOUSE_WORDS.search(shown), shown
    if emergency:
        assert "%" not in shown
        return
    for message in (report.triage.message, *(each.message for each in report.triage.scope)):
        assert message in running
    assert until_seen(report.triage) in running
    signs = open_signs(report, words)
    typed = [words.flags[name] for name in signs]
    assert not signs or how_many(signs, words) in running or " ".join(typed) in running
    question = report.next_question
    if question is not None:
        assert " ".join(in_short(question, words).split()) in running


@pytest.mark.parametrize("audience", ["self", "clinician"])
def test_it_fits_for_every_gearbox(audience, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for given in people(gearbox(), 20):
        check(gearbox(), given, audience, capsys)


@pytest.mark.parametrize("given", RUNNERS, ids=lambda given: "-".join(given) or "nothing")
def test_it_fits_for_runners(given, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    check(runner(), given, "self", capsys)


def test_pages_for_the_person_hold_no_words_of_the_house(gearbox_by_default):
    for args in (
        GEARBOX_FLAGS,
        ("--full", *GEARBOX_FLAGS),
        ("--full", "--hours", "7000", "--knock"),
        ("--full", "--smoke"),
        ("explain", *GEARBOX_FLAGS),
    ):
        shown = run(*args).stdout
        cited = shown.partition("\nSources")[0]
        assert not HOUSE_WORDS.search(cited), cited


def test_a_person_reads_what_a_cause_is_and_how_many_of_100_have_it(gearbox_by_default):
    first = gearbox().diagnose(BEARING).causes[0]
    shown = run(*GEARBOX_FLAGS).stdout
    assert "Of 100 cars with these answers" in shown
    assert first.about.split(".")[0] in shown
    technical = run("--audience", "clinician", *GEARBOX_FLAGS).stdout
    assert re.search(rf"\d %.*{first.label}", technical)


def test_an_emergency_by_probability_names_what_it_may_be(gearbox_by_default):
    shown = run("--smoke", "--burning-smell", "--towing").stdout
    assert shown.splitlines()[0].startswith("EMERGENCY")
    assert "Why: " in shown


def test_red_flags_can_be_denied_together_and_are_named(gearbox_by_default):
    open_before = run("--whine").stdout
    assert "Not asked yet (none of them: --no-red-flags): " in open_before
    denied = run("--whine", "--no-red-flags").stdout
    assert "Not asked yet" not in denied
    mandatory = [n for n, each in gearbox().known.items() if each.asked.mandatory]
    for name in mandatory:
        flag = vocabulary(gearbox().description).denials[name]
        assert flag in denied
    by_hand = dict.fromkeys(mandatory, False)
    assert (
        answer("--whine", "--no-red-flags")["causes"]
        == answer("--whine", *(f"--no-{name.replace('_', '-')}" for name in by_hand))["causes"]
    )
    assert run("explain", "--no-red-flags", "--whine").exit_code == 0


def test_the_urgency_is_so_far_until_the_red_flags_are_answered(gearbox_by_default):
    for args in ((), ("--audience", "clinician")):
        still_open = run("--hours", "9", *args).stdout.splitlines()
        answered = run("--hours", "9", "--no-red-flags", *args).stdout.splitlines()
        for at in (0, -1):
            assert still_open[at].startswith("SELF CARE SO FAR")
            assert re.match("SELF CARE[ :]+(?!SO FAR)", answered[at])


def test_an_urgent_level_does_not_wait_for_red_flags():
    report = gearbox().diagnose({"oil_puddle": True})
    assert any(each.mandatory for each in report.questions)
    assert (report.triage.level, report.urgency) == ("urgent", "urgent")


def test_what_is_answered_is_not_denied(gearbox_by_default):
    found = answer("--knock", "--no-red-flags")["evidence"]
    assert {each["id"]: each["value"] for each in found}["knock"] is True
    found = answer("--no-red-flags", "--unknown", "knock", "--no-red-flags")["evidence"]
    assert {each["id"]: each["value"] for each in found}["knock"] is None


def test_the_whole_report_goes_through_a_pager_only_where_somebody_turns_pages(gearbox_by_default):
    shown = on_terminal("--full", *GEARBOX_FLAGS, PAGER="false")
    assert "Expected" not in shown
    assert "Avoid" in shown


def test_a_contradiction_is_named_on_the_screen(gearbox_by_default):
    shown = run("--quiet-when-warm", "--getting-worse", "--duration", "days").stdout
    assert "! Quiet when warm and louder by the day" in " ".join(shown.split())


def test_what_matters_least_gives_way_first(capsys):
    blocks = [
        Block(Text("one two three " * 20), least=1, most=9, gives=1),
        Block(Text("kept"), gives=5),
        Block(Text("many words " * 20), least=0, most=2, gives=0),
    ]
    print_page([Fitted(blocks, 3)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[-1] == "kept"
    assert lines[1].endswith(" ...")


def test_a_screen_is_denied_by_its_own_flag_and_gives_way_to_what_is_said(gearbox_by_default):
    gate, spec = next(iter(gearbox().description.interview.gates.items()))
    flag = vocabulary(gearbox().description).denials[gate]
    found = {each["id"]: each["value"] for each in answer(flag)["evidence"]}
    assert found == dict.fromkeys(spec.lines, False)
    yes = f"--{spec.lines[0].replace('_', '-')}"
    found = {each["id"]: each["value"] for each in answer(flag, yes)["evidence"]}
    assert found == {**dict.fromkeys(spec.lines, False), spec.lines[0]: True}


@pytest.mark.parametrize("width", range(12, 30))
def test_what_is_cut_ends_in_a_whole_word(width):
    text = "what is said first and what follows it " * 9
    out = io.StringIO()
    Console(file=out, width=width).print(Fitted([Block(Text(text))], 1))
    kept, dots = " ".join(out.getvalue().split()).rsplit(" ", 1)
    assert dots == "..."
    assert text.startswith(f"{kept} ")


@pytest.mark.parametrize("width", [40, 60, 79])
def test_a_narrow_screen_gets_longer_and_cuts_no_more(width):
    blocks = [Block(Text("danger sign " * 13), least=2, most=2), Block(Text("plan " * 16))]
    out = io.StringIO()
    Console(file=out, width=width).print(Fitted(blocks, 3))
    assert out.getvalue().split().count("sign") == 13
    assert "..." not in out.getvalue()


def test_a_screen_that_is_read_aloud_draws_no_bars(monkeypatch):
    monkeypatch.setenv("ACCESSIBLE", "1")
    assert not re.search("[#█▏▎▍▌▋▊▉]", run(*GEARBOX_FLAGS).stdout)


def shown_with(report: Report, capsys) -> str:
    print_page(
        [
            brief_page(
                report, Reader(gearbox().description, vocabulary(gearbox().description), "self")
            )
        ]
    )
    return " ".join(capsys.readouterr().out.split())


def test_what_has_no_room_is_cut_between_sentences(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    report = gearbox().diagnose({**BEARING, "knock": True})
    assert report.pathway is not None
    first, *later = report.pathway.phases
    first = replace(first, actions=("Stop at once. Then " + "wait and look again, " * 20,))
    pathway = replace(report.pathway, phases=(first, *later))
    shown = shown_with(replace(report, pathway=pathway), capsys)
    assert "First: Stop at once. " in shown
    assert "Then wait" not in shown

    reason = next(each for each in report.triage.reasons if each.would_fall_if)
    few = replace(reason, would_fall_if=reason.would_fall_if[:1])
    many = replace(reason, would_fall_if=reason.would_fall_if[:1] * 40)
    for each, told in ((few, True), (many, False)):
        triage = replace(report.triage, reasons=(each,), forbids={})
        shown = shown_with(replace(report, triage=triage), capsys)
        assert ("With other answers it would be less urgent:" in shown) is told


def test_a_long_name_leaves_the_range_and_not_the_bar(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    report = gearbox().diagnose(BEARING)
    first, *others = report.causes
    within = span_of_hundred(first.interval)
    long = replace(first, label="Worn, or past its life, or both, or neither of them, or so")
    shown = shown_with(replace(report, causes=(long, *others)), capsys)
    assert f"({within}) Worn, or past" in shown
