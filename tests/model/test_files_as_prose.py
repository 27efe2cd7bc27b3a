"""The shipped model files are made of short lines: a changed number is a change of one of them."""

import re
from pathlib import Path

import pytest
from support.paths import MODELS

FILES = sorted(MODELS.rglob("*.yaml"))
LONGEST = 119
# A link cannot be broken, and stands on its line alone or behind its key.
LINK = re.compile(r'\s*(- |url: )?"?https?://\S+')
NUMBER_WITHIN_A_LINE = re.compile(r"\{[^{}]*\b(value|relative_risk|benefit): [^{}]*\bsource: ")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_line_is_long_and_each_number_has_its_own(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    named = [f"{path.name}:{at}" for at, line in enumerate(lines, 1) if _is_hard_to_change(line)]
    assert named == []


def _is_hard_to_change(line: str) -> bool:
    is_long = len(line) > LONGEST and not LINK.fullmatch(line)
    return is_long or bool(NUMBER_WITHIN_A_LINE.search(line))
