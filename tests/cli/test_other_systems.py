"""Systems without what only Unix has: the command imports, keeps an interview, and records it."""

import json
import subprocess
import sys

import pytest
from lbp_infer.dialogue.line_input import _output
from support.cli import child_environment
from support.models import GEARBOX_FILE

WITHOUT = """
import os, signal, sys
for name in ("fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "readline"):
    sys.modules[name] = None
for name in ("O_NOFOLLOW", "O_CLOEXEC", "pread", "pwrite", "chown", "lchown",
             "geteuid", "getpgid", "mkfifo", "fork", "killpg"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGTSTP", "SIGCONT", "SIGWINCH", "SIGHUP", "SIGQUIT", "SIGPIPE", "SIGALRM"):
    delattr(signal, name)
"""
"""What Python has on Unix and not on Windows, taken away."""
ALL_MODULES = """
import pkgutil
from importlib import import_module
import lbp_infer
for module in pkgutil.walk_packages(lbp_infer.__path__, "lbp_infer."):
    if not module.name.endswith(("__main__", "parquet")):
        import_module(module.name)
"""
ASK = "from lbp_infer.main import main; sys.exit(main(sys.argv[1:]))"
HELD_TWICE = """
from lbp_infer.files.kept_interview import kept_in
with kept_in(sys.argv[1]) as keep:
    keep(b"one")
    with kept_in(sys.argv[1]):
        pass
"""


def without_unix(script, *args, typed="", **more):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT + script, *args],
        env=child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE), **more),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_module_of_the_command_imports():
    assert without_unix(ALL_MODULES).stderr == ""


def test_an_interview_is_kept_and_recorded(tmp_path):
    record, state = tmp_path / "record.jsonl", tmp_path / "state"
    args = ("ask", "--record", str(record))
    done = without_unix(ASK, *args, typed="hours=4000\n", XDG_STATE_HOME=str(state))
    assert done.returncode == 0, done.stderr
    (found,) = (state / "lbp-infer" / "interviews").iterdir()
    assert json.loads(found.read_text())["evidence"] == {"hours": 4000}
    assert len(record.read_text().splitlines()) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["record.jsonl", "state"]


def test_a_windows_console_is_written_to_as_it_takes_it(monkeypatch):
    pytest.importorskip("prompt_toolkit")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("prompt_toolkit.output.defaults.create_output", lambda stream: stream)
    assert _output(sys.stderr) is sys.stderr


def test_an_interview_is_held_once(tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text("{}")
    assert "is open in another terminal" in without_unix(HELD_TWICE, str(kept)).stderr
    assert kept.read_text() == "one"
    assert list(tmp_path.iterdir()) == [kept]
