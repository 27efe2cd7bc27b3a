"""Validators that run in Node: fetched from npm into build/, pinned, and asked over a pipe."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from support.paths import ROOT

SCRIPTS = ROOT / "tests" / "fhir" / "validators"
BUILD = ROOT / "build" / "fhir"
MINUTES = 20
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"

Checked = tuple[str, Mapping[str, Any], Sequence[str]]
"""A name, a resource, and the URLs of the profiles that it has to keep beside FHIR itself."""


def fetched() -> Path:
    """Fetch what package.json pins, unless it is there; returns the folder."""
    pinned = (SCRIPTS / "package.json").read_text(encoding="utf-8")
    BUILD.mkdir(parents=True, exist_ok=True)
    for each in SCRIPTS.iterdir():
        shutil.copy(each, BUILD)
    stamp = BUILD / "fetched.json"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != pinned:
        _run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
        # Definitions are packed and not installed: what they depend on is not in npm.
        for package in json.loads(pinned)["packages"]:
            name = _run("npm", "pack", "--silent", package).split()[-1]
            folder = BUILD / "packages" / package.partition("@")[0]
            with tarfile.open(BUILD / name) as archive:
                archive.extractall(folder, filter="data")
        stamp.write_text(pinned, encoding="utf-8")
    return BUILD


def problems(version: str, resources: Iterator[Checked]) -> Iterator[tuple[str, list[str]]]:
    """Yield each name with what is wrong with its resource, as the validators of Node have it."""
    command = ["node", "validate.mjs", version, "packages"]
    with subprocess.Popen(
        command, cwd=fetched(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        for name, resource, profiles in resources:
            asked = {"name": name, "resource": resource, "profiles": profiles}
            node.stdin.write(json.dumps(asked) + "\n")
            node.stdin.flush()
            told = json.loads(node.stdout.readline())
            yield told["name"], told["problems"]
        node.stdin.close()
        node.stdout.read()
    assert node.returncode == 0


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=BUILD, capture_output=True, text=True, timeout=60 * MINUTES)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout
