"""The page about own cases: its table is read, and its commands run as they stand there."""

import re
import shlex

import pytest
from lbp_validation.__main__ import main
from support.cli import run
from support.models import runner
from support.paths import ROOT

PAGE = (ROOT / "docs" / "own-cases.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
TABLE = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)

pytest.importorskip("jinja2")


@pytest.mark.usefixtures("in_folder")
def test_the_commands_run_one_after_the_other():
    commands = [words for words in COMMANDS if words[0] == "lbp-infer"]
    assert len(commands) >= 4
    for words in commands:
        done = run(*words[1:])
        assert done.exit_code == 0, done.output


def test_the_validation_takes_what_the_page_gives_it():
    (words,) = [words for words in COMMANDS if words[0] == "python"]
    assert words[1:3] == ["-m", "lbp_validation"]
    taken = main.make_context("validation", words[3:]).params
    assert taken["name"] == "clinic.yaml"
    assert str(taken["out"]) == "clinic-validation"


def test_the_table_is_one_that_can_be_tested(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(TABLE[1], encoding="utf-8")
    done = run("model", "test", "lbp-runner", str(path), "--keep", "id")
    assert done.exit_code == 0, done.output
    shown = " ".join(done.stdout.split())
    assert "Causes confirmed: 2; ruled out: 2." in shown
    assert f"{runner().description.causes['facet_joint'].label} 1/2" in shown
