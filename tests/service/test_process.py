"""`lbp-infer serve` as processes on a port: what only sockets, signals and processes can show."""

import http.client
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from support.cli import COMMAND, child_environment, refused, spawn
from support.dockerfile import entrypoint, health_command
from support.models import BEARING, GEARBOX_FILE
from support.served import SECONDS, Served, until


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Served]:
    """Two workers, started as a container starts them, which end in peace."""
    name, command, *options = entrypoint()
    assert (name, command) == ("lbp-infer", "serve")
    found = Served(tmp_path_factory.mktemp("service"), *options, "--workers", "2")
    try:
        yield found
        found.process.send_signal(signal.SIGTERM)
        assert found.process.wait(SECONDS) == 0
    finally:
        found.process.kill()


RAW = {
    "HTTP/1.0": (b"GET /v1/health/live HTTP/1.0\r\n\r\n", b" 200 "),
    "no HTTP": (b"\x16\x03\x01\x02\x00\r\n\r\n", b" 400 "),
    "a large head": (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 90_000 + b"\r\n\r\n", b" 431 "),
    "a line break in a header": (
        b"GET / HTTP/1.1\r\nHost: a\r\nInterview-Id: a\rSet-Cookie: b\r\n\r\n",
        b" 400 ",
    ),
    "TRACE": (b"TRACE /v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b" 405 "),
    "more than is said": (
        b"POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b'Content-Length: 2\r\nConnection: close\r\n\r\n{}{"evidence": 1}',
        b" 200 ",
    ),
    "another host": (
        b"GET http://x.test/v1/models HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n",
        b" 200 ",
    ),
}


@pytest.mark.parametrize(("raw", "status"), RAW.values(), ids=RAW)
def test_bytes_of_all_kinds_are_answered(running, raw, status):
    first = running.say(raw).partition(b"\r\n")[0]
    assert status in first + b" "


def test_the_container_s_check_sees_whether_it_is_well(running):
    *program, script = health_command()
    assert program == ["python", "-c"]
    for port, well in ((running.port, True), (1, False)):
        command = [COMMAND[0], "-c", script.replace("8000", str(port))]
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        assert (done.returncode == 0) == well


def test_counts_are_of_all_workers_together(running):
    for _ in range(6):
        assert running.ask("POST", "/v1/triage?fields=model", {})[0] == 200
    counted = re.compile(rb'route="/v1/triage",status="200"} (\d+)')
    seen = {int(counted.search(running.ask("GET", "/metrics")[1])[1]) for _ in range(6)}
    assert len(seen) == 1
    assert seen.pop() >= 6


def test_a_worker_that_is_killed_loses_only_what_it_was_at(running):
    _, expected = running.ask("POST", "/v1/diagnosis", {"evidence": BEARING})
    ends, answers, failed = threading.Event(), [], []

    def keep_asking() -> None:
        while not ends.is_set():
            try:
                answers.append(running.ask("POST", "/v1/diagnosis", {"evidence": BEARING}))
            except (OSError, http.client.HTTPException):
                failed.append(1)

    callers = [threading.Thread(target=keep_asking) for _ in range(3)]
    for each in callers:
        each.start()
    until(lambda: len(answers) > 5)
    killed = running.workers()[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(running.workers()) > 2)
    # Until it is gone, the system still hands it callers, who may fail and try again.
    lost, seen = len(failed), len(answers)
    until(lambda: len(answers) > seen + 10)
    ends.set()
    for each in callers:
        each.join()
    assert b"lbp_answers_waiting 0.0" in running.ask("GET", "/metrics")[1]
    assert {status for status, _ in answers} == {200}
    assert {body for _, body in answers} == {expected}
    assert len(failed) == lost


def test_a_folder_is_read_again_and_sigterm_lets_answers_end(tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    running = Served(tmp_path, "--workers", "1", "--models", str(models))
    try:
        overlay = f"extends: {GEARBOX_FILE}\nmodel: {{id: clinic, version: '2'}}\n"
        (models / "clinic.yaml").write_text(overlay)
        until(lambda: running.ask("GET", "/v1/models/clinic")[0] == 200)
        (models / "clinic.yaml").write_text("causes: [")
        until(lambda: '"problems":{"clinic"' in running.log)
        assert running.ask("POST", "/v1/triage", {"model": "clinic"})[0] == 200
        statuses = []
        slow = threading.Thread(
            target=lambda: statuses.append(
                running.ask("POST", "/v1/explain", {"evidence": BEARING})[0]
            )
        )
        slow.start()
        time.sleep(0.15)
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(SECONDS) == 0
        slow.join()
        assert statuses == [200]
        assert time.monotonic() - began < SECONDS
    finally:
        running.process.kill()


def test_what_is_wrong_with_the_start_is_said_at_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "cannot listen" in refused("serve", "--port", str(port))
    assert "no key" in refused("serve", "--keys", os.devnull)
    assert "did you mean" in refused("serve", "--model", "lbp-runer", "--port", "1")
    assert refused("serve", "--models", str(tmp_path / "none"))
    assert "no such option" in refused("serve", "--json")


def test_without_the_extra_it_says_how_to_get_it():
    script = (
        "import sys; sys.modules['granian'] = None\n"
        "from lbp_infer.main import main; sys.exit(main(['serve']))"
    )
    command = [*COMMAND[:1], "-c", script]
    done = subprocess.run(
        command, capture_output=True, env=child_environment(), timeout=SECONDS, text=True
    )
    assert done.returncode == 2
    assert "lbp-infer[service]" in done.stderr


def test_a_start_of_the_command_loads_nothing_of_the_service():
    script = (
        "import sys; from lbp_infer.main import main; main(['--version'])\n"
        "print(sorted(each for each in sys.modules if each.partition('.')[0] in "
        "('lbp_service', 'starlette', 'granian', 'prometheus_client', 'asyncio')))"
    )
    done = subprocess.run(
        [*COMMAND[:1], "-c", script], capture_output=True, env=child_environment(), text=True
    )
    assert done.stdout.splitlines()[1] == "[]"


def test_the_help_stands_for_itself():
    done = spawn("serve", "--help")
    assert done.returncode == 0
    assert b"--workers" in done.stdout
