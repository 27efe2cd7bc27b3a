"""`lbp-infer ask` on a terminal: editing, Ctrl-C, Ctrl-D, pastes, small windows, plain lines."""

import json
import signal
import sys
from pathlib import Path

import pytest
from support.cli import child_environment
from support.models import GEARBOX_FILE

pexpect = pytest.importorskip("pexpect")

READY = r"\?2004h[^\n]*\?25h"
"""The line can be typed: bracketed paste is on, and the cursor is shown."""
WINDOW = (24, 80)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def terminal(state, *args, window=WINDOW, **more):
    environment = child_environment(
        LBP_INFER_MODEL=str(GEARBOX_FILE),
        XDG_STATE_HOME=str(state),
        **{"TERM": "xterm-256color", "PYTHONUTF8": "1", **more},
    )
    environment.pop("COLUMNS")
    return pexpect.spawn(
        sys.executable,
        ["-m", "lbp_infer", "ask", *args],
        dimensions=window,
        env=environment,
        encoding="utf-8",
        timeout=60,
        # Tests that run where interrupts are ignored, as under nohup, would hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def kept(state: Path) -> dict:
    (found,) = (state / "lbp-infer" / "interviews").iterdir()
    return json.loads(found.read_text())["evidence"]


def ended(child) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def test_a_line_is_edited_whatever_keys_are_hit_and_ctrl_d_ends(state):
    child = terminal(state)
    child.expect(READY)
    # Arrows, NUL, a colour and a cut report of a mouse; then full-width digits, one taken back.
    child.sendline("\x1b[A\x00\x1b[31m\x1b[<1Mhours=４００００\x7f")
    child.expect("Noted: Hours run: 4000 hours")
    assert "Unhandled" not in child.before
    child.expect(READY)
    child.sendcontrol("d")
    assert ended(child) == 0
    assert kept(state) == {"hours": 4000}


def test_without_the_line_editor_lines_are_read_plainly(state):
    script = (
        "import sys; sys.modules['prompt_toolkit'] = None; from lbp_infer.main import main; main()"
    )
    environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE), XDG_STATE_HOME=str(state))
    child = pexpect.spawn(
        sys.executable,
        ["-c", script, "ask"],
        env={**environment, "TERM": "xterm-256color"},
        encoding="utf-8",
        timeout=60,
    )
    child.expect_exact("> ")
    child.sendline("hours=4000")
    child.expect("Noted: Hours run: 4000 hours")
    child.expect_exact("> ")
    child.sendcontrol("d")
    assert ended(child) == 0
    assert kept(state) == {"hours": 4000}


def test_ctrl_c_tells_where_the_answers_are(state):
    child = terminal(state)
    child.expect(READY)
    child.sendline("hours=4000")
    child.expect("Noted")
    child.expect(READY)
    child.sendintr()
    child.expect("Kept for you alone in")
    child.expect("--resume")
    assert ended(child) == 130
    assert "Traceback" not in child.before
    assert kept(state) == {"hours": 4000}


def test_ctrl_z_puts_it_aside_and_fg_goes_on(state):
    command = f"{sys.executable} -m lbp_infer ask"
    environment = child_environment(
        LBP_INFER_MODEL=str(GEARBOX_FILE), XDG_STATE_HOME=str(state), TERM="xterm-256color"
    )
    shell = pexpect.spawn(
        "bash",
        ["--norc", "-i"],
        env={**environment, "PS1": "ready$ "},
        encoding="utf-8",
        timeout=60,
    )
    shell.expect_exact("ready$ ")
    shell.sendline(command)
    shell.expect(READY)
    shell.sendline("hours=4000")
    shell.expect("Noted")
    shell.expect(READY)
    shell.sendcontrol("z")
    shell.expect("Stopped")
    shell.sendline("fg")
    shell.expect(READY)
    shell.sendline("whine=yes")
    shell.expect("Noted: Whine on driving off: yes")
    shell.expect(READY)
    shell.sendcontrol("d")
    shell.expect_exact("ready$ ")
    shell.close(force=True)
    assert kept(state) == {"hours": 4000, "whine": True}


def test_a_paste_of_ten_thousand_lines_is_no_answer(state):
    child = terminal(state)
    child.expect(READY)
    child.send("\x1b[200~" + "yes\n" * 10_000 + "\x1b[201~\r")
    child.expect("is no answer here")
    child.expect(READY)
    child.sendline("hours=4000")
    child.expect("Noted")
    child.expect(READY)
    child.sendcontrol("d")
    assert ended(child) == 0
    assert kept(state) == {"hours": 4000}


@pytest.mark.parametrize("window", [(3, 10), (24, 40), (50, 200)])
def test_any_window_will_do(state, window):
    child = terminal(state, window=window)
    child.expect(READY)
    child.sendline("hours=4000")
    child.expect("Noted")
    child.expect(READY)
    child.setwinsize(3, 10)
    child.sendline("whine=yes")
    child.expect("Noted")
    child.expect(READY)
    child.sendcontrol("d")
    assert ended(child) == 0
    assert "Traceback" not in child.before


@pytest.mark.parametrize("plainly", [{"ACCESSIBLE": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_plain_lines_without_an_escape(state, plainly):
    child = terminal(state, **plainly)
    said = []
    child.expect_exact("> ")
    said.append(child.before)
    child.sendline("hours=4000")
    child.expect("Noted")
    said.append(child.before)
    child.expect_exact("> ")
    said.append(child.before)
    child.sendcontrol("d")
    child.expect(pexpect.EOF)
    said.append(child.before)
    child.close()
    assert child.exitstatus == 0
    assert "\x1b" not in "".join(said)
    assert kept(state) == {"hours": 4000}


def test_sentences_in_place_of_bars(state):
    child = terminal(state, ACCESSIBLE="1")
    child.expect_exact("> ")
    child.sendline("whine=yes")
    child.expect(r"Worn bearing: \d+ %, was \d+ %\.")
    child.sendcontrol("c")
    assert ended(child) == 130


def test_a_locale_of_ascii_alone(state):
    child = terminal(state, LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    child.expect(READY)
    child.sendline("whine=yes")
    child.expect("Noted")
    child.expect(READY)
    child.sendcontrol("d")
    assert ended(child) == 0
    assert "Traceback" not in child.before


def test_one_interview_is_held_by_one_terminal(state):
    first = terminal(state)
    first.expect(READY)
    first.sendline("hours=4000")
    first.expect("Noted")
    first.expect(READY)
    (path,) = (state / "lbp-infer" / "interviews").glob("*.json")
    second = terminal(state, "--resume", str(path))
    second.expect("is open in another terminal")
    assert ended(second) == 2
    first.sendcontrol("d")
    assert ended(first) == 0
    third = terminal(state, "--resume", str(path))
    third.expect(READY)
    third.sendcontrol("d")
    assert ended(third) == 0
