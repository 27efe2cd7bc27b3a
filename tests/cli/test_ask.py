"""`lbp-infer ask` held from a file and through a pipe; on a terminal see test_ask_terminal.py."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.cli import refused, run
from support.interviews import answers_file, ask
from support.models import gearbox

pytestmark = pytest.mark.usefixtures("gearbox_by_default", "state")


# ---- What is asked and shown ------------------------------------------------------------


def test_an_answer_shows_what_it_was_taken_as_and_what_it_moved():
    said = ask(stdin="whine=yes\nstop\n").stdout
    assert "Noted: Whine on driving off: yes." in said
    after = said.partition("Noted:")[2]
    assert "Urgency: " in after
    assert "Worn bearing" in after


def test_every_question_has_keys_and_not_known():
    said = ask(stdin="").stdout
    assert "1. " in said
    assert re.search(r"^   \?  +Not known", said, re.MULTILINE)


def test_what_is_no_answer_is_asked_again_with_the_choices():
    said = ask(stdin="hello\nhours=many\n").stdout
    assert "'hello' is no answer here; type " in said
    assert "whole number" in said


def test_commands_change_nothing_but_back():
    first = ask(
        stdin="whine=yes\nwhy\nso far\nwhat if smoke=yes\nhelp\nback\nso far\nback\n"
    ).stdout
    assert "Everybody is asked this" in first
    assert "What if Smoke: yes (now: not asked)" in first
    assert "Nothing yet." in first
    assert "This is the first question." in first


def test_an_emergency_says_nothing_but_where_to_go_and_why():
    said = ask(stdin="smoke=yes\n\n").stdout.partition("Noted: Smoke: yes.")[2]
    assert "Worn bearing   " not in said.partition("EMERGENCY")[0]
    assert "Stop now." in said.rstrip().splitlines()[-1] or "Stop now." in said.rstrip()[-60:]


def test_a_mistaken_emergency_is_taken_back():
    result = ask("--json", stdin="smoke=yes\nback\nhours=9\n")
    assert [item["id"] for item in json.loads(result.stdout)["evidence"]] == ["hours"]


def test_answers_that_cannot_hold_together_are_explained_and_not_noted():
    contradiction = _contradiction()
    result = ask("--json", stdin=f"{contradiction[0]}\n{contradiction[1]}\n")
    assert "contradict" in result.stderr or "impossible" in result.stderr
    assert len(json.loads(result.stdout)["evidence"]) == 1


def _contradiction():
    """Two answers, ID=ANSWER, of which a derived finding denies the other."""
    derived = next(each for each in gearbox().known.values() if each.derived_from)
    return f"{derived.derived_from}={derived.derived_states[0]}", f"{derived.id}=no"


# ---- The answer at the end --------------------------------------------------------------


@examples(12)
@given(data=st.data())
def test_json_is_that_of_the_same_evidence(data):
    known = data.draw(st.permutations(sorted(gearbox().known)))[:3]
    lines = [f"{name}={data.draw(_answer(name))}" for name in known]
    lines += data.draw(
        st.lists(st.sampled_from(["0", "1", "2", "?", "n", "back", "99"]), max_size=6)
    )
    lines = data.draw(st.permutations(lines))
    result = run("ask", "--json", stdin="\n".join(lines) + "\n", XDG_STATE_HOME="/dev/null")
    assert result.exit_code == 0, result.stderr
    evidence = {item["id"]: item["value"] for item in json.loads(result.stdout)["evidence"]}
    again = run("--json", "--case", "-", stdin=json.dumps({"evidence": evidence}) or "{}")
    assert again.stdout == result.stdout


def _answer(name):
    askable = gearbox().known[name]
    if askable.is_number:
        return st.sampled_from(["10", "4000", "?"])
    return st.sampled_from([*(str(c.value) for c in askable.choices()), "?"])


def test_a_file_of_answers_with_json_prints_json_alone(tmp_path, state):
    path = answers_file(tmp_path, "# a car", "", "whine=yes", "hours=4000", "stop")
    result = ask("--answers", path, "--json")
    assert result.stderr == ""
    assert result.stdout == run("--json", "--whine", "--hours", "4000").stdout
    assert not state.exists()


def test_a_file_of_answers_is_echoed(tmp_path):
    path = answers_file(tmp_path, "whine=yes")
    assert "> whine=yes\nNoted: Whine on driving off: yes." in ask("--answers", path).stdout


def test_answers_from_stdin():
    result = ask("--answers", "-", "--json", stdin="whine=yes\n")
    assert json.loads(result.stdout)["evidence"][0]["id"] == "whine"


def test_a_line_of_a_file_that_is_no_answer_is_an_error_with_its_place(tmp_path):
    path = answers_file(tmp_path, "whine=yes", "", "perhaps")
    result = run("ask", "--answers", path)
    assert result.exit_code == 2
    assert f"{path}:3: 'perhaps' is no answer here; type " in result.stderr


def test_the_gates_come_first_and_none_of_these_denies_all():
    result = ask("--json", stdin="0\n")
    evidence = json.loads(result.stdout)["evidence"]
    assert {item["value"] for item in evidence} == {False}


def test_a_yes_opens_a_gate_line_by_line_and_back_closes_it_in_steps():
    lines = gearbox().description.interview.gates["leaks"].lines
    begun = ("--hours", "9", "--json")
    gates = "By hand\n0\n"
    answered = ask(*begun, stdin=f"{gates}yes\nyes\nback\nback\n1\nnone\n").stdout
    values = {item["id"]: item["value"] for item in json.loads(answered)["evidence"]}
    assert [values[line] for line in lines] == [True, False, False]


def test_evidence_flags_begin_the_interview():
    result = ask("--whine", "--json", stdin="")
    assert result.stdout == run("--whine", "--json").stdout


def test_an_interview_stops_and_says_why():
    said = ask(stdin="?\n\n" * 60).stdout
    assert "The questions stop. " in said


def test_the_options_are_checked(tmp_path):
    assert "--max" in refused("ask", "--max", "0")
    assert "did you mean 'worn_bearing'?" in refused("ask", "--policy", "confirm:wurn_bearing")
    assert "No such file" in refused("ask", "--answers", str(tmp_path / "gone.txt"))
    assert "write" in refused("ask", "--record", str(tmp_path / "no" / "folder"))


def test_answers_of_a_file_that_cannot_hold_together_end_it_with_their_place(tmp_path):
    path = answers_file(tmp_path, *_contradiction())
    result = run("ask", "--answers", path, "--json")
    assert result.exit_code in (2, 4)
    assert f"{path}:2: " in result.stderr


# ---- A record ---------------------------------------------------------------------------


def test_a_record_has_a_line_for_each_answer_and_conclusion(tmp_path):
    path = tmp_path / "record.jsonl"
    ask("--record", str(path), stdin="hours=4000\nwhine=yes\nback\n")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["answer", "answer", "back", "conclusion"]
    assert lines[1]["said"] == {"whine": True}
    assert lines[1]["evidence"] == {"hours": 4000, "whine": True}
    report = json.loads(run("--json", "--hours", "4000", "--whine").stdout)
    assert lines[1]["posteriors"] == {c["id"]: c["probability"] for c in report["causes"]}
    assert lines[1]["triage"] == report["triage"]["level"]
    assert len({line["interview"] for line in lines}) == 1


def test_damaged_lines_of_a_record_are_named(tmp_path):
    path = tmp_path / "record.jsonl"
    ask("--record", str(path), stdin="hours=4000\n")
    with path.open("a") as stream:
        stream.write('{"cut\n')
    result = ask("--record", str(path), stdin="")
    assert f"{path}:3: cannot be read" in result.stderr
