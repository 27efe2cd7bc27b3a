"""What the documentation names is there: files, functions, make targets, commands and flags."""

import importlib.util
import re
import shlex

import click
import pytest
from lbp_infer.commands.program import program
from support.paths import ROOT

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/glossary.md",
    "docs/care.md",
    "docs/models.md",
    "docs/model-reference.md",
    "docs/interview.md",
    "docs/overlays.md",
    "docs/clinic.md",
    "docs/own-cases.md",
    "docs/service.md",
    "docs/fhir.md",
    "docs/fhir-resources.md",
    "docs/mcp.md",
    "docs/networks.md",
    "docs/fitting.md",
    "docs/clusters.md",
)
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in PAGES}
OF_EXAMPLES = {
    "CONTRIBUTING.md": {"--sneezing"},
    "docs/networks.md": {"--leak", "--oil-level"},
}
"""Flags that the examples of a page make."""
FOLDERS = ("bayesnet", "cli", "validation", "models", "tests", "docs")
NAMED = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*")
SYMBOL_IN_FILE = re.compile(r"`([\w.]+)` in\s+`([\w/.-]+\.py)`")
WALK = re.compile(r"^\| \d+ \| `([^`]+\.py)` \| ([^|]+) \|", re.MULTILINE)


def spans(text: str) -> list[str]:
    """List the code spans outside of code blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def shell(text: str) -> list[list[str]]:
    """List the words of each command in the shell blocks, and of those that stand in a span."""
    blocks = re.findall(r"^ *```sh\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    lines += [
        each for each in spans(text) if each.startswith((".venv/bin/", "make ", "lbp-infer "))
    ]
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def is_placeholder(path: str) -> bool:
    """Tell whether a path has a word in capitals, for which the reader puts a name."""
    return bool(re.search(r"(?<![A-Za-z])(?!README|CONTRIBUTING|CHANGELOG)[A-Z]{3,}", path))


@pytest.mark.parametrize("page", PAGES)
def test_files_and_folders_that_are_named_exist(page: str):
    words = [word for command in shell(TEXTS[page]) for word in command]
    named = [each for each in (*spans(TEXTS[page]), *words) if NAMED.fullmatch(each)]
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXTS[page])
    beside = [str((ROOT / page).parent.relative_to(ROOT) / link) for link in links]
    missing = [
        each
        for each in dict.fromkeys([*named, *beside])
        if not is_placeholder(each) and not (ROOT / each).exists()
    ]
    assert named
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_files_named_without_their_folder_exist(page: str):
    ours = [path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()]
    known = {path.name for path in (*ROOT.iterdir(), *ours)}
    bare = [each for each in spans(TEXTS[page]) if re.fullmatch(r"[\w-]+\.(py|yaml|md|toml)", each)]
    assert [each for each in bare if each not in known] == []


@pytest.mark.parametrize("page", PAGES)
def test_functions_that_are_named_stand_in_their_files(page: str):
    pairs = SYMBOL_IN_FILE.findall(TEXTS[page])
    for file, cell in WALK.findall(TEXTS[page]):
        pairs += [(symbol, file) for symbol in spans(cell)]
    lost = []
    for symbol, file in pairs:
        text = (ROOT / file).read_text(encoding="utf-8")
        lost += [
            (symbol, file) for part in symbol.split(".") if not re.search(rf"\b{part}\b", text)
        ]
    assert not lost


def test_the_walks_through_the_house_are_found():
    assert len(WALK.findall(TEXTS["docs/architecture.md"])) > 20


def test_every_package_is_on_the_map():
    page = "docs/architecture.md"
    sources = (ROOT / "bayesnet", ROOT / "cli", ROOT / "validation")
    packages = [file.parent for source in sources for file in source.rglob("__init__.py")]
    named = {each.rstrip("/") for each in spans(TEXTS[page])}
    ours = [str(each.relative_to(ROOT)) for each in packages if each.name != "bayesnet"]
    assert [each for each in ours if each not in named] == []


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page: str):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [words[1] for words in shell(TEXTS[page]) if words[0] == "make"]
    assert [each for each in targets if not re.search(rf"^{each}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES)
def test_modules_that_are_run_exist(page: str):
    for words in shell(TEXTS[page]):
        for at, word in enumerate(words):
            if word == "-m" and words[0].endswith(("python", "python3.11")):
                assert importlib.util.find_spec(words[at + 1]), words


def flags_of(command: click.Command, context: click.Context) -> set[str]:
    """Return every flag of a command and of the commands below it."""
    params = command.get_params(context)
    found = {flag for param in params for flag in (*param.opts, *param.secondary_opts)}
    if isinstance(command, click.Group):
        below = [command.get_command(context, name) for name in command.list_commands(context)]
        found |= {flag for each in below if each is not None for flag in flags_of(each, context)}
    return found


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_flags_exist(page: str):
    command = program([])
    context = click.Context(command)
    known = flags_of(command, context)
    unknown = []
    for words in shell(TEXTS[page]):
        if words[0].rpartition("/")[2] != "lbp-infer":
            continue
        new = OF_EXAMPLES.get(page, set())
        unknown += [word for word in words if word[:2] == "--" and word not in known | new]
        first = words[1] if len(words) > 1 else "--help"
        if first[:1].islower() and first not in command.list_commands(context):
            unknown.append(first)
    assert not unknown
