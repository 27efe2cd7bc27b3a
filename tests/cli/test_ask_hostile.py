"""`lbp-infer ask` as a process: input that no person types, signals, and closed streams."""

import json
import signal
import subprocess

import pytest
from support.cli import COMMAND, child_environment
from support.interviews import kept
from support.models import GEARBOX_FILE

pytestmark = pytest.mark.usefixtures("gearbox_by_default", "state")


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
