"""What is typed in an interview, and what it is taken as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lbp_infer.commands.vocabulary import vocabulary
from lbp_infer.dialogue.asked import Gate, Option, Question, Stopped, question_about
from lbp_infer.dialogue.understanding import Answered, Command, Opened, Unclear, understand
from support.models import gearbox

KNOWN = gearbox().known
WORDS = vocabulary(gearbox().description)


def about(name):
    askable = KNOWN[name]
    return question_about(askable, askable.asked.question, askable.choices())


YES_NO, NUMBER, STATES = about("whine"), about("hours"), about("felt_at")
LINES = ("knocked", "smoke", "burning_smell")
GATE = Gate("fire", "Any of these?", tuple(Option(str(i), n, n) for i, n in enumerate(LINES, 1)))
STOPPED = Stopped("enough is known")


def answers(typed, asked):
    understood = understand(typed, asked, WORDS)
    assert isinstance(understood, Answered), understood
    return understood.answers


@pytest.mark.parametrize("typed", ["y", "Y", "YES ", "yes", "1", "１", "true", " yEs\t"])
def test_yes_is_said_in_many_ways(typed):
    assert answers(typed, YES_NO) == (("whine", True),)


@pytest.mark.parametrize("typed", ["n", "No", "2", "２", "0", "false"])
def test_no_is_said_in_many_ways(typed):
    assert answers(typed, YES_NO) == (("whine", False),)


@pytest.mark.parametrize("typed", ["?", "unknown", "not known", "Don't know", "？"])
def test_not_known_is_an_answer(typed):
    assert answers(typed, YES_NO) == (("whine", None),)
    assert answers(typed, NUMBER) == (("hours", None),)


def test_a_number_in_usual_and_full_width_digits():
    assert answers("4000", NUMBER) == answers("４０００", NUMBER) == (("hours", 4000),)


@pytest.mark.parametrize("typed", ["-1", "4.5", "1e3", "9" * 30, "forty", "42 hours", "٤٢x", "y"])
def test_what_is_no_number_is_told_the_range(typed):
    understood = understand(typed, NUMBER, WORDS)
    assert isinstance(understood, Unclear)
    assert "whole number from" in understood.message


def test_a_state_by_key_wording_value_or_beginning():
    option = STATES.options[-1]
    for typed in (option.key, option.label, str(option.value), option.label[:-1].upper()):
        assert answers(typed, STATES) == (("felt_at", option.value),)


def test_keys_are_letters_where_answers_begin_with_digits():
    digits = (Option("", "2 to 6 weeks", "short"), Option("", "over 6 weeks", "long"))
    question = question_about(KNOWN["felt_at"], "How long?", digits)
    assert [option.key for option in question.options] == ["a", "b"]
    assert understand("2", question, WORDS).answers == (("felt_at", "short"),)


def test_an_ambiguous_beginning_lists_what_it_could_be():
    options = (Option("1", "Front left", "fl"), Option("2", "Front right", "fr"))
    message = understand("fro", Question(KNOWN["felt_at"], "Where?", options), WORDS).message
    assert message == "'fro' could be 1 Front left or 2 Front right; type its key"


def test_a_word_that_is_answer_and_command_is_neither():
    question = Question(KNOWN["felt_at"], "Where?", (Option("1", "low back", "back"),))
    assert isinstance(understand("back", question, WORDS), Unclear)
    assert understand("/back", question, WORDS) == Command("back")
    assert understand("go back", question, WORDS) == Command("back")
    assert understand("1", question, WORDS).answers == (("felt_at", "back"),)


@pytest.mark.parametrize("asked", [YES_NO, NUMBER, STATES, GATE, STOPPED])
def test_commands_are_known_everywhere(asked):
    for word in ("why", "back", "so far", "more", "stop", "help"):
        assert understand(word.upper(), asked, WORDS) == Command(word)
    assert understand("what if hours=99?", asked, WORDS) == Command("what if", "hours=99")


def test_anything_can_be_answered_by_its_id():
    assert answers("hours = 99", GATE) == (("hours", 99),)
    assert answers("felt-at=?", STOPPED) == (("felt_at", None),)


@pytest.mark.parametrize("typed", ["hoors=99", "hours=", "=4", "hours=many", "worn_bearing=yes"])
def test_an_answer_by_id_that_is_wrong_is_explained(typed):
    assert isinstance(understand(typed, YES_NO, WORDS), Unclear)


def test_a_gate_takes_none_several_or_opens():
    for typed in ("0", "none", "No", "none of these"):
        assert answers(typed, GATE) == (("fire", "none"),)
    assert (
        answers("1 3", GATE) == answers("1,3", GATE) == (("knocked", True), ("burning_smell", True))
    )
    assert answers("smo", GATE) == (("smoke", True),)
    for typed in ("y", "?", "not sure"):
        assert understand(typed, GATE, WORDS) == Opened("fire")
    for typed in ("4", "1 9", "1 0", "maybe"):
        assert isinstance(understand(typed, GATE, WORDS), Unclear)


@pytest.mark.parametrize("asked", [YES_NO, NUMBER, STATES, GATE, STOPPED])
@given(typed=st.text(max_size=50))
def test_any_text_is_understood_or_explained_in_one_printable_line(asked, typed):
    understood = understand(typed, asked, WORDS)
    if isinstance(understood, Unclear):
        assert understood.message.isprintable()
