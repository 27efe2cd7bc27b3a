"""Running `lbp-infer` in tests: in this process, as a process of its own, and on a terminal."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
from click.testing import CliRunner, Result
from lbp_infer.main import main

from support.paths import ROOT

COMMAND = [sys.executable, "-m", "lbp_infer"]

FLAGS = (
    "--leaning-back",
    "--downhill-running",
    "--prolonged-standing",
    "--no-coughing",
    *("--referral", "buttock", "--age", "42"),
)
SAME = {
    "leaning_back": True,
    "downhill_running": True,
    "prolonged_standing": True,
    "coughing": False,
    "referral": "buttock",
    "age": 42,
}

GEARBOX_FLAGS = (
    *("--whine", "--whine-under-load", "--quiet-downhill", "--no-squeal-cold"),
    *("--felt-at", "floor", "--hours", "4000"),
)
"""What BEARING says, for the model that the fixture `gearbox_by_default` names."""

GEARBOX = """\
model:
  id: gearbox
  version: "1"
  title: Noises of a gearbox
  setting: Cars in a workshop
  disclaimer: An estimate.
causes:
  worn_bearing:
    label: Worn bearing
    about: A bearing that has run dry.
    prevalence: {value: 0.2, interval: [0.1, 0.3], source: [expert judgement], why: a guess}
findings:
  whine:
    label: Whine
    asked: {question: "Does it whine?", group: aggravating}
    background: {value: 0.1, interval: [0.05, 0.2], source: [expert judgement], why: a guess}
    causes:
      worn_bearing: {value: 0.7, interval: [0.5, 0.8], source: [expert judgement], why: a guess}
  no_whine:
    label: Silence
    asked: {question: "Is it silent?", group: easing}
    background: {value: 0.5, interval: [0.4, 0.6], source: [expert judgement], why: a guess}
  case:
    label: Crack in the case
    asked: {question: "Is the case cracked?", group: tests}
    background: {value: 0.1, interval: [0.05, 0.2], source: [expert judgement], why: a guess}
    causes:
      worn_bearing: {value: 0.2, interval: [0.1, 0.3], source: [expert judgement], why: a guess}
"""
"""The smallest of models: no triage, no pathways, and ids that clash with other flags."""


class _Entry(click.Command):
    """What CliRunner calls: the real entry point, with its exit code."""

    def main(self, args: Sequence[str] | None = None, *_: object, **__: object) -> NoReturn:
        raise SystemExit(main(list(args or ())))


def run(*args: str, stdin: str | bytes | None = None, **environment: str | None) -> Result:
    """Run in this process; of the environment only what is named changes."""
    settings = {"NO_COLOR": None, "COLUMNS": "80", **environment}
    return CliRunner().invoke(_Entry("lbp-infer"), args, input=stdin, env=settings)


def answer(*args: str, stdin: str | bytes | None = None, **environment: str | None) -> Any:
    """The JSON report of a run that succeeds."""
    result = run("--json", *args, stdin=stdin, **environment)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*args: str, code: int = 2, stdin: str | bytes | None = None) -> str:
    """The one line that a refusal says."""
    result = run(*args, stdin=stdin)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a process of its own."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "cli"), os.environ.get("PYTHONPATH", "")])
    kept = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    return {**kept, "PYTHONPATH": path, "COLUMNS": "80", **more}


def spawn(*args: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run as a process of its own."""
    return subprocess.run(
        [*COMMAND, *args], capture_output=True, env=child_environment(**more), timeout=30
    )


def in_shell(script: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell line in which $RUN is the command."""
    environment = child_environment(RUN=" ".join(COMMAND))
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], capture_output=True, env=environment, timeout=30
    )


def on_terminal(*args: str, **more: str) -> str:
    """Run with stdout on a pseudo-terminal and give what was written there."""
    import pty

    leader, follower = pty.openpty()
    environment = child_environment(TERM="xterm-256color", **more)
    process = subprocess.Popen([*COMMAND, *args], stdout=follower, env=environment)
    os.close(follower)
    chunks = []
    try:
        while chunk := os.read(leader, 65536):
            chunks.append(chunk)
    except OSError:  # Linux says EIO when the other end is closed.
        pass
    finally:
        os.close(leader)
        process.wait(timeout=30)
    return b"".join(chunks).decode()
