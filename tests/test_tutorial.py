"""The tutorial, followed to the letter: its parts pasted, its commands run, answers compared."""

import re
import shlex
from pathlib import Path

import pytest
from support.cli import run
from support.paths import ROOT

import bayesnet
from bayesnet.model.reading.reader import read_description

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
FILE = Path("car.yaml")


def pasted(text: str, part: str) -> str:
    """The file with a part in the place of that of the same name, as the page says to do it."""
    name = part.partition(":")[0]
    replaced, count = re.subn(
        rf"^{name}:\n.*?(?=^[a-z_]+:|\Z)", lambda _: part, text, flags=re.DOTALL | re.MULTILINE
    )
    assert count == 1, name
    return replaced


def said_by(commands: str) -> str:
    """What the commands of a block say; the last may find mistakes."""
    said = ""
    for line in commands.strip().splitlines():
        words = shlex.split(line)
        assert words[0] == "lbp-infer"
        done = run(*words[1:], stdin="stop\n" if words[1] == "ask" else None)
        assert done.exit_code in (0, 3), line
        assert (done.exit_code == 3) == (f"{FILE}:" in done.stderr), done.output
        said += done.output
    return said


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """What each block of commands said, with the answer that the page shows below it, if any."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("tutorial"))
        patch.delenv("LBP_INFER_MODEL", raising=False)
        for kind, text in BLOCKS:
            if kind == "yaml":
                FILE.write_text(pasted(FILE.read_text(encoding="utf-8"), text), encoding="utf-8")
            elif kind == "sh":
                found.append([text, said_by(text), ""])
            else:
                found[-1][2] = text
        yield found


def test_every_block_is_one_that_is_followed():
    assert {kind for kind, _ in BLOCKS} == {"sh", "yaml", "text"}
    assert all(len(line) <= 120 for _, text in BLOCKS for line in text.splitlines())


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert links
    assert all((ROOT / "docs" / link).is_file() for link in links)


def test_what_the_page_shows_is_what_is_said(followed):
    shown = [(said, line) for _, said, text in followed for line in text.splitlines()]
    assert len(shown) == 3
    for said, line in shown:
        assert line in said


def test_only_the_half_made_model_has_mistakes(followed):
    wrong = [commands for commands, said, _ in followed if f"{FILE}:" in said]
    assert len([each for each in wrong if "model check" in each]) == 1
    assert followed[0][1].count("is sound") == 1


def test_the_model_ends_as_the_page_says(followed):
    description = read_description(FILE).description
    assert description.causes["flat_battery"].prevalence.value == 0.43
    assert Path("car.html").is_file()
    assert Path("car.xdsl").is_file()
    model = bayesnet.load_model(FILE)
    told = {"lights_fade": True, "cranking": "slow", "petrol_smell": False}
    report = model.diagnose(told)
    assert (report.causes[0].id, report.pathway.id) == ("flat_battery", "jump")
    danger = model.diagnose({**told, "petrol_smell": True})
    assert (danger.triage.level, danger.pathway.id) == ("urgent", "leave_it")
