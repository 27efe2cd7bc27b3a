"""`lbp-infer ask` held from a file and through a pipe; on a terminal see test_ask_terminal.py."""

import json
import os
import re
import signal
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cli import COMMAND, child_environment, refused, run
from support.models import GEARBOX_FILE, gearbox

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """Where interviews are kept while a test runs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def kept(state: Path) -> Path:
    """The only interview that is kept."""
    (found,) = (state / "lbp-infer" / "interviews").glob("*.json")
    return found


def ask(*args, stdin=None, **environment):
    result = run("ask", *args, stdin=stdin, **environment)
    assert result.exit_code == 0, result.stderr
    return result


def answers_file(tmp_path, *lines):
    path = tmp_path / "answers.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


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


@settings(max_examples=12)
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


# ---- Kept and gone on with --------------------------------------------------------------


def test_what_was_answered_is_kept_in_a_case_file(state):
    result = ask(stdin="whine=yes\nhours=4000\n")
    path = kept(state)
    assert f"Kept for you alone in {path}" in result.stderr
    assert f"--resume {path}" in result.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    assert (
        run("--json", "--case", str(path)).stdout
        == run("--json", "--whine", "--hours", "4000").stdout
    )


def test_nothing_is_kept_of_nothing(state):
    assert "Kept" not in ask(stdin="").stderr


def last_question(text):
    """The words of the question that was asked last, without its number."""
    numbered = [line for line in text.splitlines() if line[:1].isdigit()]
    return numbered[-1].partition(". ")[2]


def test_resume_goes_on_with_the_same_question(state):
    first = ask(stdin="0\nhours=4000\nwhine=yes\n")
    second = ask("--resume", str(kept(state)), stdin="")
    assert last_question(first.stdout) == last_question(second.stdout)


def test_resume_can_go_back_before_it_was_broken_off(state):
    ask(stdin="hours=4000\nwhine=yes\n")
    result = ask("--resume", str(kept(state)), "--json", stdin="back\n")
    assert result.stdout == run("--json", "--hours", "4000").stdout


def test_resume_takes_any_case_file_and_flags_on_top(tmp_path, state):
    path = tmp_path / "case.yaml"
    path.write_text("whine: yes\n")
    result = ask("--resume", str(path), "--hours", "4000", "--json", stdin="")
    assert result.stdout == run("--json", "--whine", "--hours", "4000").stdout
    ask("--resume", str(path), stdin="hours=4000\n")
    assert path.read_text() == "whine: yes\n"
    assert json.loads(kept(state).read_text())["evidence"] == {"whine": True, "hours": 4000}


def test_a_kept_file_that_was_edited_counts_as_it_stands(state):
    ask(stdin="hours=4000\n")
    path = kept(state)
    path.write_text(path.read_text().replace('"hours": 4000', '"hours": 9', 1))
    result = ask("--resume", str(path), "--json", stdin="")
    assert json.loads(result.stdout)["evidence"][0]["value"] == 9


def days_old(path, days):
    """Let a kept interview be so many days old."""
    content = json.loads(path.read_text())
    saved = datetime.fromisoformat(content["interview"]["saved"]) - timedelta(days=days)
    content["interview"]["saved"] = saved.isoformat()
    path.write_text(json.dumps(content))


def test_after_weeks_it_asks_what_has_changed(state):
    ask(stdin="getting_worse=no\nhours=4000\nwhine=yes\n")
    path = str(kept(state))
    days_old(kept(state), 15)
    text = " ".join(ask("--resume", path, stdin="why\n\n").stdout.split())
    assert "What may have changed since is asked again." in text
    assert "As before: no" in text
    assert "It may have changed since it was answered." in text
    days_old(kept(state), 15)
    result = ask("--resume", path, "--json", stdin="yes\n")
    evidence = {item["id"]: item["value"] for item in json.loads(result.stdout)["evidence"]}
    assert evidence == {"hours": 4000, "whine": True, "getting_worse": True}


def test_after_a_day_it_asks_nothing_again(state):
    ask(stdin="getting_worse=no\n")
    days_old(kept(state), 1)
    assert "changed since" not in ask("--resume", str(kept(state)), stdin="").stdout


def test_an_interview_of_another_model_is_refused(state, monkeypatch):
    ask(stdin="hours=4000\n")
    path = kept(state)
    content = json.loads(path.read_text())
    content["interview"]["session"]["model"]["id"] = "bicycle"
    path.write_text(json.dumps(content))
    said = refused("ask", "--resume", str(path))
    assert f"{path}: this session is of the model 'bicycle', not of 'gearbox'" in said


def test_an_interview_of_an_earlier_form_of_the_model_goes_on(state):
    ask(stdin="hours=4000\n")
    path = kept(state)
    content = json.loads(path.read_text())
    content["interview"]["session"]["model"]["sha256"] = "earlier"
    path.write_text(json.dumps(content))
    result = ask("--resume", str(path), "--json", stdin="")
    assert "the model has changed since;" in result.stderr
    assert result.stdout == run("--json", "--hours", "4000").stdout


@pytest.mark.parametrize(
    "content",
    [
        *("", "   \n", '{"evidence": {"hours": 4', "[1]", "\0", "7", "hoors: 4"),
        pytest.param(f'{{"hours": 1{"0" * 5000}}}', id="many digits"),
        pytest.param("[" * 5000, id="deep"),
    ],
)
def test_a_file_that_cannot_be_gone_on_with_is_one_clear_line(tmp_path, content):
    path = tmp_path / "kept.json"
    path.write_text(content)
    said = refused("ask", "--resume", str(path))
    assert str(path) in said
    assert path.read_text() == content


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("version", 99, "newer lbp-infer"),
        ("saved", "2026-11-29T00:00:00", "changed by hand"),
        ("session", {}, "changed by hand"),
        ("session.policy", 5, "changed by hand"),
        ("session.most", -5, "changed by hand"),
        ("session.steps", [["hours", 4], 7], "changed by hand"),
        ("session.audience", "king", "give one of self, clinician"),
        ("session.steps", [["hoors", 4]], "did you mean 'hours'"),
    ],
)
def test_a_kept_interview_that_was_damaged_is_one_clear_line(state, part, value, said):
    ask(stdin="hours=4000\n")
    content = json.loads(kept(state).read_text())
    *parents, last = part.split(".")
    held = content["interview"]
    for name in parents:
        held = held[name]
    held[last] = value
    kept(state).write_text(json.dumps(content))
    assert said in refused("ask", "--resume", str(kept(state)))
    assert json.loads(kept(state).read_text()) == content


def test_a_kept_interview_without_its_answers_is_said(state):
    ask(stdin="hours=4000\n")
    content = json.loads(kept(state).read_text())
    kept(state).write_text(json.dumps({"interview": content["interview"]}))
    assert "'evidence' is missing" in refused("ask", "--resume", str(kept(state)))


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_resumed(tmp_path, kind):
    path = tmp_path / kind
    make = {"link": lambda: path.symlink_to("case.yaml"), "pipe": lambda: os.mkfifo(path)}
    make.get(kind, path.mkdir)()
    assert str(path) in refused("ask", "--resume", str(path))


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


def test_a_file_to_resume_that_is_not_there_is_said(tmp_path):
    assert "No such file" in refused("ask", "--resume", str(tmp_path / "gone.json"))


def test_where_nothing_can_be_kept_the_interview_is_held(tmp_path):
    result = ask("--json", stdin="hours=4\n", XDG_STATE_HOME="/dev/null")
    assert "the answers will be lost when this ends" in result.stderr
    assert json.loads(result.stdout)["evidence"]


def test_an_answer_that_cannot_be_kept_counts_and_is_kept_with_the_next(state, monkeypatch):
    replace, full = os.replace, [True]

    def sometimes(*paths):
        if full.pop() if full else False:
            raise OSError(28, "No space left on device")
        replace(*paths)

    monkeypatch.setattr("os.replace", sometimes)
    result = ask("--json", stdin="hours=4000\nwhine=yes\n")
    assert "No space left on device; it has what was answered before" in result.stderr
    assert result.stdout == run("--json", "--hours", "4000", "--whine").stdout
    assert json.loads(kept(state).read_text())["evidence"] == {"hours": 4000, "whine": True}


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


# ---- Input that no person types ---------------------------------------------------------


def process(*args, stdin=b"", **environment):
    return subprocess.run(
        [*COMMAND, "ask", *args],
        input=stdin,
        capture_output=True,
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE), **environment),
        timeout=60,
    )


def test_bytes_of_every_kind_end_in_lines_of_text(state):
    noise = b"\0\n\x1b[A\n\xff\xfe\n\xe2\x80\xae42\n" + b"x" * 100_000 + b"\nwhine=yes\n"
    result = process(stdin=noise, LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert b"\x1b" not in result.stdout + result.stderr
    assert b"Traceback" not in result.stderr
    assert b"Noted: Whine on driving off: yes." in result.stdout


def test_ten_thousand_lines_that_are_no_answers_end_it_and_lose_nothing(state):
    result = process(stdin=b"hours=4000\n" + b"lorem ipsum\n" * 10_000)
    assert result.returncode == 2
    assert b"20 lines in a row were no answer" in result.stderr
    assert json.loads(kept(state).read_text())["evidence"] == {"hours": 4000}


def test_ctrl_c_keeps_what_was_answered(state):
    child = subprocess.Popen(
        [*COMMAND, "ask"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE)),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    child.stdin.write(b"hours=4000\n")
    child.stdin.flush()
    while b"Noted" not in child.stdout.readline():
        pass
    child.send_signal(signal.SIGINT)
    _, stderr = child.communicate(timeout=30)
    assert child.returncode == 130
    assert b"Traceback" not in stderr
    assert str(kept(state)).encode() in stderr
    assert json.loads(kept(state).read_text())["evidence"] == {"hours": 4000}


def test_a_kill_after_an_answer_loses_nothing(state):
    child = subprocess.Popen(
        [*COMMAND, "ask"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE)),
    )
    child.stdin.write(b"hours=4000\n")
    child.stdin.flush()
    while b"Noted" not in child.stdout.readline():
        pass
    child.kill()
    child.communicate(timeout=30)
    assert json.loads(kept(state).read_text())["evidence"] == {"hours": 4000}


def test_a_closed_stdin_is_said():
    result = subprocess.run(
        ["bash", "-c", f"{' '.join(COMMAND)} ask <&-"],
        capture_output=True,
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE)),
        timeout=30,
    )
    assert result.returncode == 2
    assert b"stdin is closed" in result.stderr


def test_with_stderr_closed_json_stays_alone():
    result = subprocess.run(
        ["bash", "-c", f"echo hours=4000 | {' '.join(COMMAND)} ask --json 2>&-"],
        capture_output=True,
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE)),
        timeout=30,
    )
    assert json.loads(result.stdout)["evidence"][0]["value"] == 4000


def test_a_reader_that_has_gone_ends_it_quietly():
    result = subprocess.run(
        ["bash", "-c", f"yes '?' | {' '.join(COMMAND)} ask | head -1"],
        capture_output=True,
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE)),
        timeout=60,
    )
    assert b"Traceback" not in result.stderr
    assert b"internal error" not in result.stderr
