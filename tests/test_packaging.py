"""What is installed: dependencies as declared, lower bounds as tested, extras asked for by name."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from support.cli import GEARBOX_FLAGS, child_environment
from support.models import GEARBOX_FILE
from support.paths import ROOT

from bayesnet.errors import MissingExtraError

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PRODUCT = (
    ROOT / "bayesnet",
    *(ROOT / "cli" / f"lbp_{each}" for each in ("fhir", "infer", "service")),
)
VALIDATION = ROOT / "validation" / "lbp_validation"
OURS = {"bayesnet", "lbp_fhir", "lbp_infer", "lbp_service", "lbp_validation", "support"}
IMPORTED_AS = {
    "axe-playwright-python": "axe_playwright_python",
    "fhir-resources": "fhir",
    "mcp-types": "mcp_types",
    "openapi-python-client": "openapi_python_client",
    "prometheus-client": "prometheus_client",
    "prompt-toolkit": "prompt_toolkit",
    "pyjwt": "jwt",
    "pyyaml": "yaml",
}
"""Packages whose import has another name than they."""
MEET_THEIR_EXTRA = ("compiled", "http", "mcp")
"""Packages that meet their extra at the top of their files; each is imported when asked for."""


def packages(requirements: list[str]) -> set[str]:
    """Import names of requirements; those of extras that are named in brackets included."""
    found = set()
    for each in requirements:
        name, extras = re.match(r"([\w.-]+)(?:\[([^]]*)])?", each).groups()
        if name == PROJECT["name"]:
            found |= {one for extra in extras.split(",") for one in packages(EXTRAS[extra])}
        else:
            found.add(IMPORTED_AS.get(name.lower(), name))
    return found


REQUIRED = packages(PROJECT["dependencies"])
OPTIONAL = {extra: packages(EXTRAS[extra]) for extra in EXTRAS}
APART = OPTIONAL["browser"] | OPTIONAL["contract"]
APART |= (OPTIONAL["ray"] | OPTIONAL["spark"]) - OPTIONAL["cohort"]
"""What one `make` target alone takes, since it is large."""


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(*folders: Path, at_the_top: bool = False) -> set[str]:
    """Top-level names from elsewhere that the files import, anywhere or at their top alone."""
    found = set()
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        if not (at_the_top and file.parent.name in MEET_THEIR_EXTRA):
            tree = parsed(file)
            nodes = tree.body if at_the_top else ast.walk(tree)
            found |= {name.partition(".")[0] for node in nodes for name in named(node)}
    return found - set(sys.stdlib_module_names) - OURS


def named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield str(node.module)


def alone(script: str, *missing: str) -> subprocess.CompletedProcess:
    """Run Python in a process in which these packages cannot be imported."""
    head = f"import sys\nfor name in {sorted(missing)!r}:\n    sys.modules[name] = None\n"
    command = [sys.executable, "-c", head + script]
    path = child_environment()["PYTHONPATH"] + f":{ROOT / 'validation'}"
    environment = child_environment(PYTHONPATH=path)
    return subprocess.run(command, capture_output=True, env=environment, timeout=120, text=True)


def test_what_the_product_imports_is_what_it_declares():
    offered = REQUIRED | OPTIONAL["fast"] | OPTIONAL["cohort"] | OPTIONAL["interop"]
    offered |= OPTIONAL["html"] | OPTIONAL["line"] | OPTIONAL["service"] | OPTIONAL["mcp"]
    offered |= OPTIONAL["dask"] | OPTIONAL["ray"] | OPTIONAL["spark"]
    offered |= OPTIONAL["hooks"]
    found = imported(*PRODUCT)
    assert found <= offered
    assert offered <= found


def test_what_stands_at_the_top_of_a_file_is_required():
    assert imported(*PRODUCT, VALIDATION, at_the_top=True) <= REQUIRED


def test_the_validation_and_the_tests_import_what_their_extras_bring():
    assert imported(VALIDATION) <= REQUIRED | OPTIONAL["validation"] | OPTIONAL["dask"] | APART
    assert imported(ROOT / "tests") <= REQUIRED | OPTIONAL["test"] | APART


def test_every_make_target_has_every_extra_but_those_apart():
    everything = set().union(*OPTIONAL.values())
    assert everything - APART == OPTIONAL["dev"]
    assert not APART & OPTIONAL["dev"]
    for extra in ("dev", "browser", "contract", "ray,spark"):
        assert f'-e ".[{extra}]"' in MAKEFILE


def test_every_module_imports_without_any_extra():
    script = f"""
import pkgutil
from importlib import import_module
import bayesnet, lbp_fhir, lbp_infer, lbp_service, lbp_validation
for package in (bayesnet, lbp_fhir, lbp_infer, lbp_service, lbp_validation):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        *folders, name = module.name.split(".")
        if name != "__main__" and not {{*{MEET_THEIR_EXTRA!r}}} & set(folders):
            import_module(module.name)
"""
    assert alone(script, *OPTIONAL["dev"] - REQUIRED).stderr == ""


def test_the_command_line_runs_without_any_extra(tmp_path):
    copy = str(tmp_path / "copy")
    commands = [
        [*GEARBOX_FLAGS],
        ["--json", *GEARBOX_FLAGS],
        ["explain", *GEARBOX_FLAGS],
        ["--sensitivity", *GEARBOX_FLAGS],
        ["model", "check"],
        ["model", "show", "--numbers"],
        ["model", "copy", str(GEARBOX_FILE), copy],
        ["--help"],
        ["--version"],
    ]
    script = f"""
import json, os
from lbp_infer.main import main
os.environ["LBP_INFER_MODEL"] = {str(GEARBOX_FILE)!r}
for command in json.loads({json.dumps(commands)!r}):
    assert main(command) == 0, command
"""
    result = alone(script, *OPTIONAL["dev"] - REQUIRED)
    assert result.returncode == 0, result.stderr
    assert all(": warning: " in line for line in result.stderr.splitlines()), result.stderr


ASKED_FOR = {
    "bayesnet.Network.from_pgmpy(object())": "interop",
    "network.to_pgmpy()": "interop",
    "network.compile(executor='numba')": "fast",
    "bayesnet.load_model('lbp-runner').diagnose_many({'age': [42]}).to_arrow()": "cohort",
    "bayesnet.load_model('lbp-runner').diagnose({}).to_html()": "html",
    "plot([], None)": "validation",
    "forest_plots([])": "validation",
    "new_figure(1, 1)": "validation",
    "peers(network)": "validation",
    "read_clients(None)": "hooks",
}


def test_what_an_extra_brings_is_asked_for_by_its_name():
    script = f"""
import bayesnet
from bayesnet.errors import MissingExtraError
from lbp_service.http.clients import read_clients
from lbp_validation.bench.peer import peers
from lbp_validation.bench.plot import plot
from lbp_validation.published.forest import forest_plots
from lbp_validation.report.pictures import new_figure
network = bayesnet.Network(
    (bayesnet.Variable("x", ("no", "yes")),), (bayesnet.Table("x", (), [0.9, 0.1]),)
)
for statement in {list(ASKED_FOR)!r}:
    try:
        eval(statement)
    except MissingExtraError as error:
        print(error)
"""
    result = alone(script, *OPTIONAL["dev"] - REQUIRED)
    assert result.stderr == ""
    for said, extra in zip(result.stdout.splitlines(), ASKED_FOR.values(), strict=True):
        assert "is not installed" in said
        assert said.endswith(f"pip install 'lbp-infer[{extra}]'")


@pytest.mark.parametrize(("command", "extra"), [("serve", "service"), ("mcp", "mcp")])
def test_what_serves_asks_for_its_extra_first(command, extra):
    script = f"import sys; from lbp_infer.main import main; sys.exit(main([{command!r}]))"
    result = alone(script, *OPTIONAL["dev"] - REQUIRED)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith(f"pip install 'lbp-infer[{extra}]'\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("module", ["lbp_validation", "lbp_validation.bench"])
def test_what_takes_minutes_asks_for_its_extra_first(module):
    script = f"import sys; from {module}.__main__ import main; sys.exit(main())"
    result = alone(script, *OPTIONAL["dev"] - REQUIRED)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("pip install 'lbp-infer[validation]'\n")
    assert result.stderr.count("\n") == 1


def test_pipx_is_told_its_own_command(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert str(MissingExtraError("it", "fast", "none")).endswith(
        "install it with: pip install 'lbp-infer[fast]'"
    )
    (tmp_path / "pipx_metadata.json").touch()
    assert str(MissingExtraError("it", "fast", "none")).endswith(
        "install it with: pipx runpip lbp-infer install 'lbp-infer[fast]'"
    )


def release(version: str) -> tuple[int, ...]:
    """A version's numbers without zeros at the end: 3.0 is 3.0.0."""
    numbers = [int(each) for each in re.findall(r"\d+", version)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def pinned(name: str) -> dict[str, tuple[int, ...]]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if "==" in line]
    return {re.sub("[._]", "-", package.lower()): release(version) for package, version in pairs}


def bounded(*extras: str) -> dict[str, tuple[int, ...]]:
    """{package: its lower bound}, what every installation has included."""
    lists = [PROJECT["dependencies"], *(EXTRAS[extra] for extra in extras)]
    pairs = [each.split(">=") for one in lists for each in one if ">=" in each]
    return {name: release(bound.partition(",")[0]) for name, bound in pairs}


def test_lower_bounds_are_the_versions_that_the_tests_are_run_with():
    lowest = pinned("constraints-lowest.txt")
    bounds = bounded(*set(EXTRAS) - {"browser", "contract", "dev"})
    assert {name: lowest[name] for name in bounds} == bounds


def test_the_constraints_are_within_the_bounds():
    pins = pinned("constraints.txt")
    bounds = bounded(*EXTRAS)
    assert [name for name, bound in bounds.items() if pins[name] < bound] == []


def test_the_workflow_runs_make_targets():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    targets = {word for each in commands for word in re.findall(r"make ([\w-]+)", each)}
    assert {"check", "lowest", "newest", "install-check"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_help_names_every_target():
    # Within another make, as `make test` is, it would say which directory it enters.
    command = ["make", "--no-print-directory", "help"]
    result = subprocess.run(command, capture_output=True, cwd=ROOT, text=True)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE).group(1).split()
    assert [line.split()[0] for line in result.stdout.splitlines()] == phony


def test_the_installed_wheel_runs_the_first_command_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    first = re.search(r"^lbp-infer (--leaning-back.*)$", readme, re.MULTILINE).group(1)
    answers = re.search(r"^ANSWERS := (.*)$", MAKEFILE, re.MULTILINE).group(1)
    assert first.split() == answers.split()
    assert "build/pipx/bin/lbp-infer $(ANSWERS)" in MAKEFILE


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]


def test_the_classifiers_say_the_versions_from_the_lowest_on():
    said = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if ":: 3." in each]
    assert said[0] == PROJECT["requires-python"].removeprefix(">=")
    assert said == [f"3.{minor}" for minor in range(11, 11 + len(said))]
