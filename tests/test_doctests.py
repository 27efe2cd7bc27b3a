"""The examples in docstrings run and print what they say."""

import doctest
import importlib

import pytest
from support.paths import ROOT

SOURCES = {"": ROOT / "bayesnet", "cli": ROOT / "cli", "validation": ROOT / "validation"}


def modules_with_examples() -> list[str]:
    """List dotted names of all modules that have an example."""
    found = []
    for folder, source in SOURCES.items():
        for file in source.rglob("*.py"):
            if ">>> " in file.read_text(encoding="utf-8"):
                parts = file.relative_to(ROOT / folder).with_suffix("").parts
                found.append(".".join(parts).removesuffix(".__init__"))
    return sorted(found)


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_run(name: str):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert not result.failed
