"""The Dockerfile: its form, by the rules that hadolint checks, and that it fits the project."""

import re
import tomllib

from support.dockerfile import TEXT, entrypoint, health_command, instructions, those
from support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL"}
KNOWN |= {"ENTRYPOINT"}


def stage() -> list[tuple[str, str]]:
    """The instructions of the image that is shipped: those of the last stage."""
    last = max(at for at, (name, _) in enumerate(instructions()) if name == "FROM")
    return instructions()[last:]


def test_every_line_is_an_instruction_that_is_known():
    assert {name for name, _ in instructions()} == KNOWN
    assert instructions()[0][0] == "FROM"


def test_images_are_pinned_to_a_version_that_is_supported():
    for told in those("FROM"):
        image = told.split()[0]
        version = re.fullmatch(r"python:(\d+\.\d+)-slim", image)[1]
        assert f"Programming Language :: Python :: {version}" in PROJECT["project"]["classifiers"]


def test_it_does_not_run_as_root_and_ships_no_build():
    names = [name for name, _ in stage()]
    assert dict(stage())["USER"] == "10001"
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert [told for name, told in stage() if name == "COPY"] == [
        "--from=build /opt/lbp-infer /opt/lbp-infer"
    ]


def test_commands_run_one_way_with_nothing_left_behind():
    for told in those("RUN"):
        assert "sudo" not in told
        assert ";" not in told
        assert "pip install" not in told or "--no-cache-dir" in told
    for told in those("WORKDIR"):
        assert told.startswith("/")
    assert not re.search(r"(?i)(key|token|password|secret)=", TEXT)


def test_what_is_copied_is_there_is_not_ignored_and_makes_the_wheel():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [word for told in those("COPY") if "--from" not in told for word in told.split()[:-1]]
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {each.partition("/")[0] for each in wheel["only-include"]}
    assert needed | {"pyproject.toml", PROJECT["project"]["readme"], "LICENSE"} <= set(copied)


def test_the_port_is_one_everywhere():
    (port,) = those("EXPOSE")
    assert entrypoint()[-2:] == ["--port", port]
    assert f":{port}/v1/health/ready" in health_command()[-1]


def test_signals_reach_the_service():
    assert those("ENTRYPOINT")[0].startswith("[")
    assert those("STOPSIGNAL") == ["SIGTERM"]
