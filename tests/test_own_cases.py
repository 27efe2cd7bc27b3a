"""The page about own cases: its table is read, and its commands run as they stand there."""

import re
import shlex

import pytest
from support.cli import run
from support.models import runner
from support.paths import ROOT

PAGE = (ROOT / "docs" / "own-cases.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
TABLE = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)

pytest.importorskip("jinja2")


@pytest.mark.usefixtures("in_folder")
def test_the_commands_run_one_after_the_other():
    lines = [line for block in COMMANDS for line in block.splitlines()]
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line, comments=True)
        assert words[0] == "lbp-infer"
        done = run(*words[1:])
        assert done.exit_code == 0, done.output


def test_the_table_is_one_that_can_be_tested(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(TABLE[1], encoding="utf-8")
    done = run("model", "test", "lbp-runner", str(path), "--keep", "id")
    assert done.exit_code == 0, done.output
    shown = " ".join(done.stdout.split())
    assert "Causes confirmed: 2; ruled out: 2." in shown
    assert f"{runner().description.causes['facet_joint'].label} 1/2" in shown
