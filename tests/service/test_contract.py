"""The service seen by tools that know only its description: `make service` runs this.

schemathesis sends what it makes of the description; clients are generated of it, compiled, and ask.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.models import BEARING
from support.served import Served

HERE = Path(__file__).with_name("contract")
MINUTES = 10
EXAMPLES = os.environ.get("EXAMPLES", "200")
PACKAGES = ("openapi-typescript@7", "openapi-fetch@0.17", "typescript@5", "@types/node@20")

OPTIONAL = "--default-non-nullable=false"
"""What has a default may be left out of a request."""

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One worker, so that what one request leaves behind meets the next."""
    found = Served(tmp_path_factory.mktemp("served"), "--workers", "1")
    yield found
    found.process.terminate()
    assert found.process.wait(60) == 0
    assert '"status":500' not in found.log


def run(*command: str, folder: Path, **environment: str) -> str:
    """Run a tool to its end, and show what it said where it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    return done.stdout


def test_schemathesis_finds_nothing_by_any_of_its_checks(served: Served, tmp_path: Path):
    said = run(
        sys.executable,
        *("-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
        *("run", f"{served.address}/openapi.json", "--checks", "all"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES),
        *("--seed", "1", "--request-timeout", "60", "--generation-database", "none"),
        folder=tmp_path,
        SCHEMATHESIS_HOOKS="hooks",
        PYTHONPATH=str(HERE),
        LBP_INFER_SERVED=served.address,
    )
    assert re.search(r"[1-9]\d* passed", said), said[-6000:]
    answered = served.log.count('"status":200')
    assert answered > 200, "most of what was made up should be worked out"
    assert served.ask("GET", "/v1/health/live")[0] == 200


def expected(served: Served) -> tuple[str, list[float]]:
    """The level and the probabilities of the report, by a plain request."""
    report = json.loads(served.ask("POST", "/v1/diagnosis", {"evidence": BEARING})[1])
    return report["triage"]["level"], [each["probability"] for each in report["causes"]]


def test_a_generated_python_client_holds_the_report(served: Served, tmp_path: Path):
    description = tmp_path / "openapi.json"
    description.write_bytes(served.ask("GET", "/openapi.json")[1])
    generator = Path(sys.executable).with_name("openapi-python-client")
    run(
        *(str(generator), "generate", "--path", str(description)),
        *("--meta", "none", "--output-path", str(tmp_path / "client")),
        folder=tmp_path,
    )
    script = f"""
import json
from client import Client
from client.api.default import diagnosis
from client.models import Case, Problem
client = Client(base_url={served.address!r}, timeout=60)
report = diagnosis.sync(client=client, body=Case.from_dict({{"evidence": {BEARING!r}}}))
print(json.dumps([report.triage.level, [each.probability for each in report.causes]]))
wrong = diagnosis.sync(client=client, body=Case.from_dict({{"evidence": {{"wine": True}}}}))
assert isinstance(wrong, Problem) and "whine" in wrong.nearest, wrong
"""
    said = run(sys.executable, "-c", script, folder=tmp_path)
    assert json.loads(said) == list(expected(served))


def test_a_generated_typescript_client_compiles_and_holds_the_report(
    served: Served, tmp_path: Path
):
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    (tmp_path / "openapi.json").write_bytes(served.ask("GET", "/openapi.json")[1])
    shutil.copy(HERE / "client.ts", tmp_path)
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}')
    run("npm", "install", "--no-audit", "--no-fund", *PACKAGES, folder=tmp_path)
    run("npx", "openapi-typescript", "openapi.json", "-o", "api.d.ts", OPTIONAL, folder=tmp_path)
    strict = ("--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck")
    run("npx", "tsc", *strict, "client.ts", folder=tmp_path)
    said = run("node", "client.js", served.address, json.dumps(BEARING), folder=tmp_path)
    report, refused = (json.loads(line) for line in said.splitlines())
    level, probabilities = expected(served)
    assert report == {"level": level, "probabilities": probabilities}
    assert refused["status"] == 422
    assert "unknown evidence" in refused["detail"]
