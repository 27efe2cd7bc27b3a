"""The page on engines of tables: its examples run, those of engines that are not here compile."""

import re

import pytest
from support.paths import ROOT

pytest.importorskip("pyarrow")
pytest.importorskip("dask.dataframe")

PAGE = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|py)\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_run_one_after_another():
    names: dict[str, object] = {}
    for kind, text in BLOCKS:
        code = compile(text, "docs/clusters.md", "exec")
        if kind == "python":
            exec(code, names)
    assert {"mapper", "people", "answers", "meta"} <= names.keys()


def test_every_engine_of_the_command_is_on_the_page():
    from lbp_infer.engines.choice import ENGINES

    rows = re.findall(r"^\| \w+(?: 4)? \| `(\w+)`", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(ENGINES)
