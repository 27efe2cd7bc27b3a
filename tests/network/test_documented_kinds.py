"""The table of kinds of files in docs/networks.md says what is so."""

import re

import numpy as np
import pytest
from support.interop import through
from support.paths import ROOT

from bayesnet.network import Network, NoisyMax, Table, Variable, noisy_or
from bayesnet.network.formats.kinds import KINDS

PAGE = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells
    for line in re.findall(r"^\| [A-Z]+ \|.*$", PAGE, re.MULTILINE)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}
WRITTEN = [kind for kind in KINDS if kind.writer is not None]


def small() -> Network:
    """A child before its parents; noisy-OR."""
    variables = tuple(Variable(name, ("no", "yes")) for name in ("wet", "rain", "hose"))
    roots = [Table(name, (), np.array([0.7, 0.3])) for name in ("rain", "hose")]
    return Network(variables, (noisy_or("wet", {"rain": 0.5, "hose": 0.9}, 0.1), *roots))


def test_every_kind_has_a_row_with_its_endings():
    assert list(ROWS) == [kind.name for kind in KINDS]
    for kind in KINDS:
        assert tuple(re.findall(r"`([^`]+)`", ROWS[kind.name][1])) == kind.endings


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_written_is_said(kind):
    read, written = ROWS[kind.name][3:5]
    assert read.startswith("yes")
    assert written.startswith("yes") == (kind.writer is not None)


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.name)
def test_what_is_lost_is_said(kind, tmp_path):
    lost = ROWS[kind.name][5]
    back = through(small(), tmp_path / f"a{kind.endings[0]}")
    assert (set(back.names) != set(small().names)) == ("names:" in lost)
    assert any(isinstance(each, NoisyMax) for each in back.families) == ("noisy" not in lost)
    moved = set(back.names) == set(small().names) and back.names != small().names
    assert moved == ("the order of variables" in lost)
