"""The command as a process: its bytes, pipes, signals, faults, imports and threads."""

import json
import os
import re
import signal
import subprocess
import threading
import time

import pytest
from support.cli import COMMAND, FLAGS, child_environment, in_shell, run, spawn


def test_json_is_pure_utf8_with_two_spaces():
    result = spawn("--json", *FLAGS, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert result.returncode == 0
    assert result.stderr == b""
    text = result.stdout.decode("utf-8")
    data = json.loads(text, parse_constant=pytest.fail)
    assert data["schema_version"] == 1
    assert re.search(r'^  "model": \{\n    "id": ', text, re.MULTILINE)
    assert text.endswith("\n}\n")
    assert "\\u" not in text


@pytest.mark.parametrize(
    "script",
    ["$RUN --help | head -1", "$RUN --json | true", "$RUN | head -1", "$RUN model show | true"],
)
def test_a_closed_pipe_is_quiet(script):
    result = in_shell(script)
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_full_disk_is_said():
    result = in_shell("$RUN --json > /dev/full")
    assert result.returncode == 1
    assert b"No space left" in result.stderr
    assert b"Traceback" not in result.stderr


def test_ctrl_c_is_quiet(tmp_path):
    fifo = tmp_path / "case.yaml"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [*COMMAND, "--case", str(fifo)],
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Tests that run where interrupts are ignored, as under nohup, would hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    writer = opened_by_its_reader(fifo, process)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    os.close(writer)
    assert (process.returncode, stdout, stderr) == (130, b"", b"")


def opened_by_its_reader(fifo, process):
    """The writing end of a pipe, once the program has reached it."""
    while process.poll() is None:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # Nobody reads it yet.
            time.sleep(0.01)
    return pytest.fail(f"ended before it read the case: {process.communicate()}")


def test_no_traceback_even_for_a_bug(monkeypatch):
    def broken(*_args):
        raise KeyError("lost")

    monkeypatch.setattr("lbp_infer.commands.diagnose.evidence_from", broken)
    monkeypatch.delenv("LBP_INFER_DEBUG", raising=False)
    result = run("--json")
    assert result.exit_code == 1
    assert "internal error: KeyError: 'lost'" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("--json", LBP_INFER_DEBUG="1").stderr


def test_json_loads_nothing_heavy():
    heavy = ["rich", "pgmpy", "networkx", "jsonschema", "importlib.metadata", "pandas", "scipy"]
    script = (
        "import sys, lbp_infer.main as m; m.main(['--json', '--coughing']); "
        f"print([n for n in {heavy!r} if n in sys.modules], file=sys.stderr)"
    )
    run("--json")  # Leaves the model in the cache.
    command = [COMMAND[0], "-c", script]
    result = subprocess.run(command, capture_output=True, env=child_environment(), timeout=30)
    assert result.stderr == b"[]\n"


def test_threads_do_not_share_evidence():
    found = {}

    def one(name, *args):
        found[name] = vocabulary_run(*args)

    threads = [threading.Thread(target=one, args=(n, f"--{n}")) for n in ("coughing", "twisting")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"coughing": ["coughing"], "twisting": ["twisting"]}


def vocabulary_run(*args):
    from lbp_infer.commands.options import stated
    from lbp_infer.commands.program import program

    with program(args).make_context("lbp-infer", list(args)) as context:
        return [each.id for each in stated(context)]
