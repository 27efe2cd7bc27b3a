"""docs/mcp.md: its tools are all there are, and what it shows is answered as it says."""

import json
import re

import pytest
from lbp_service.tools.resources import patterns, resources
from lbp_service.tools.tools import TOOLS, call
from support.models import runner
from support.paths import ROOT

from bayesnet import BayesnetError

TEXT = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
REFUSED = re.findall(r"^\| `(\w+) (\{.*\})` \| (.*) \|$", TEXT, re.MULTILINE)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_every_tool_is_on_the_page_and_no_other():
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE) == list(TOOLS)


@pytest.mark.parametrize(("name", "given", "said"), REFUSED)
def test_what_is_refused_is_refused_so(name, given, said):
    with pytest.raises(BayesnetError, match=re.escape(said)):
        call(runner(), name, json.loads(given))


def test_the_example_in_python_runs(capsys):
    (example,) = PYTHON
    exec(compile(example, "docs/mcp.md", "exec"), {})
    assert capsys.readouterr().out.startswith("URGENCY (")
    assert len(REFUSED) == 3


def test_the_resources_are_those_of_the_page():
    root = next(resources(runner())).address
    assert f"`{root}`" in TEXT
    for each in patterns(runner()):
        assert f"`{each.address.removeprefix(root)}`" in TEXT
