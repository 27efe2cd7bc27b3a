"""The Dockerfile as a list of instructions, for tests of its form and of what it runs."""

import json
import shlex

from support.paths import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions(text: str = TEXT) -> list[tuple[str, str]]:
    """List (instruction, arguments), lines joined and comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    pairs = (line.split(None, 1) for line in whole.splitlines() if line.strip())
    return [(name, told) for name, told in pairs]


def those(name: str) -> list[str]:
    """List the arguments of each instruction of this name."""
    return [told for each, told in instructions() if each == name]


def entrypoint() -> list[str]:
    """The command that a container runs."""
    (found,) = those("ENTRYPOINT")
    words: list[str] = json.loads(found)
    return words


def health_command() -> list[str]:
    """The command that says whether a container is well."""
    (found,) = those("HEALTHCHECK")
    return shlex.split(found.partition(" CMD ")[2])
