"""Network files at their edges: sizes, counts, names, and files that are none."""

import gzip
import os
import random
from contextlib import suppress

import numpy as np
import pytest
from support.interop import read_text, two_parents

from bayesnet.errors import FormatError
from bayesnet.network.formats import blocks, draft, opening, rows, xml_tree
from bayesnet.network.formats.files import read_network, write_network
from bayesnet.network.formats.kinds import WRITTEN

BIF = """network n { }
variable a { type discrete [ 2 ] { yes, no }; }
variable b { type discrete [ 3 ] { x, y, z }; }
probability ( a ) { table 0.25, 0.75; }
probability ( b | a ) { ROWS }
"""
NUMBERS = '<smile><nodes><cpt id="a"><state id="s"/><state id="t"/>'
NUMBERS += "<probabilities>0.5 0.5 0 0 0 0</probabilities></cpt></nodes></smile>"
YES, NO = "(yes) 0.1, 0.2, 0.7;", "(no) 0.3, 0.3, 0.4;"


@pytest.mark.parametrize("rows", [YES + NO, NO + YES], ids=["in order", "turned"])
def test_rows_of_a_bif_are_told_by_their_states_and_not_by_their_order(rows, tmp_path):
    network = read_text(BIF.replace("ROWS", rows), "a.bif", tmp_path)
    np.testing.assert_array_equal(network.family("b").table(), [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])


def test_rows_of_two_parents_in_any_order(tmp_path):
    network = two_parents()
    write_network(network, tmp_path / "a.bif")
    lines = (tmp_path / "a.bif").read_text().splitlines(keepends=True)
    rows = [line for line in lines if line.startswith("    ( ")]
    assert len(rows) == 6
    shuffled = iter([rows[i] for i in (4, 1, 5, 0, 3, 2)])
    text = "".join(next(shuffled) if line in rows else line for line in lines)
    back = read_text(text, "b.bif", tmp_path)
    np.testing.assert_array_equal(back.family("grade").table(), network.family("grade").table())


@pytest.mark.parametrize("count", ["[ 3 ]", "[3]", "[1 ]"])
def test_a_count_of_states_that_is_not_theirs_is_refused(count, tmp_path):
    text = BIF.replace("ROWS", YES + NO).replace("[ 2 ]", count)
    with pytest.raises(FormatError, match=r"'a' should have \d states and lists 2"):
        read_text(text, "a.bif", tmp_path)


def test_a_count_of_states_may_be_missing(tmp_path):
    text = BIF.replace("ROWS", YES + NO).replace("discrete [ 2 ]", "discrete")
    assert read_text(text, "a.bif", tmp_path).variable("a").states == ("yes", "no")


@pytest.mark.parametrize(
    ("row", "accepted"),
    [("0.336, 0.655", True), ("0.33, 0.66", True), ("0.33, 0.65", False), ("0.355, 0.665", False)],
)
def test_rows_are_scaled_within_one_in_a_hundred_and_no_further(row, accepted, tmp_path):
    assert rows.ROW_TOLERANCE == 0.01
    text = f"variable a {{ type discrete {{ x, y }}; }} probability ( a ) {{ table {row}; }}"
    if accepted:
        table = read_text(text, "a.bif", tmp_path).family("a").table()
        assert table.sum() == pytest.approx(1, abs=1e-15)
        return
    with pytest.raises(FormatError, match=r"the row P\(a\) sums to"):
        read_text(text, "a.bif", tmp_path)


# ---- Names of a NET file -----------------------------------------------------------------------

NET = """net { }
node Related(member3,person3) { states = ("yes" "no"); }
discrete node Sick(person3) { states = ("y" "n"); }
node plain { states = ("0" "1"); }
potential (Related(member3,person3)) { data = (0.25 0.75); }
potential (Sick(person3) | Related(member3,person3)) { data = ((0.9 0.1)(0.2 0.8)); }
potential (plain | Sick(person3), Related(member3,person3)) {
  data = (((0.1 0.9)(0.2 0.8))((0.3 0.7)(0.4 0.6))); }
"""


def test_names_with_arguments_in_brackets(tmp_path):
    network = read_text(NET, "a.net", tmp_path)
    assert network.names == ("Related(member3,person3)", "Sick(person3)", "plain")
    assert network.family("plain").parents == ("Sick(person3)", "Related(member3,person3)")
    np.testing.assert_array_equal(network.family("Sick(person3)").table(), [[0.9, 0.1], [0.2, 0.8]])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("node plain {", "node plain other {", "'node plain other' should be a node's heading"),
        ("node plain {", "node {", "'node' should be a node's heading"),
        ("node plain {", "node (plain) {", "has a bracket that does not belong there"),
        ("node plain {", "node plain) {", "has a bracket that does not belong there"),
        ("node plain {", "node Sick(person3) {", "'Sick(person3)' is defined twice"),
        ("node plain {", "utility U(a,b) {", "'U(a,b)' is a utility node"),
        ("(plain | S", "(plain | T", "mention 'Tick(person3)', which is not defined"),
        (
            "(plain | Sick(person3), Related(member3,person3)) {",
            "{",
            "needs one variable before the bar, and has 0",
        ),
    ],
)
def test_headings_at_fault_are_shown(old, new, said, tmp_path):
    with pytest.raises(FormatError) as caught:
        read_text(NET.replace(old, new), "a.net", tmp_path)
    assert said in str(caught.value)


# ---- What is no network file, and how large one may be ------------------------------------------


def test_what_is_no_file_of_the_disk_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.bif")
    os.symlink("/dev/zero", tmp_path / "zero.net")
    for name in ("pipe.bif", "zero.net"):
        with pytest.raises(FormatError, match="is no regular file, not a network file"):
            read_network(tmp_path / name)
    with pytest.raises(FormatError, match="cannot be read: "):
        read_network("a\0.bif")
    with pytest.raises(FormatError, match="cannot be read: File name too long"):
        read_network(f"{'x' * 300}.bif")
    for name in ("a\0.bif", f"{'x' * 300}.bif"):
        with pytest.raises(FormatError, match="cannot be written: "):
            write_network(two_parents(), name)


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_a_file_without_end_is_not_unpacked(packed, tmp_path, monkeypatch):
    content = BIF.replace("ROWS", YES + NO).encode()
    path = tmp_path / f"a.bif{packed}"
    for size in (len(content), len(content) - 1):
        monkeypatch.setattr(opening, "LARGEST", size)
        path.write_bytes(gzip.compress(content) if packed else content)
        if size == len(content):
            assert read_network(path).names == ("a", "b")
        else:
            with pytest.raises(FormatError, match=r"is larger than .*; not a network file"):
                read_network(path)


@pytest.mark.parametrize(
    ("name", "module", "content", "said"),
    [
        (
            "MOST_TOKENS",
            blocks,
            "net { } node a { states = (y n); }",
            "1:16: more than 5 words",
        ),
        ("MOST_BLOCKS", blocks, "net { } " + "x { } " * 6, "1:33: more than 5 blocks"),
        ("MOST_ELEMENTS", xml_tree, "<bif>" + "<a/>" * 6, "1:22: more than 5 elements"),
        ("MOST_TOKENS", xml_tree, NUMBERS, "1:57: more than 5 words"),
        ("MOST_STATES", draft, "BAYES 2 3 3 0", "1:1: more than 5 states"),
        ("MOST_STATES", draft, "BAYES 1 9999", "is out of range: 9999"),
    ],
)
def test_what_a_small_packed_file_can_unfold_to_is_bounded(
    name, module, content, said, tmp_path, monkeypatch
):
    monkeypatch.setattr(module, name, 5)
    (tmp_path / "a.gz").write_bytes(gzip.compress(content.encode()))
    with pytest.raises(FormatError) as caught:
        read_network(tmp_path / "a.gz")
    assert said in str(caught.value)


def test_a_packed_file_is_told_by_its_content_and_not_by_its_ending(tmp_path):
    content = BIF.replace("ROWS", YES + NO).encode()
    (tmp_path / "a.bif").write_bytes(gzip.compress(content))
    (tmp_path / "b.bif.gz").write_bytes(content)
    for name in ("a.bif", "b.bif.gz"):
        assert read_network(tmp_path / name).names == ("a", "b")


def test_a_packed_file_in_several_parts_is_read_whole(tmp_path):
    content = BIF.replace("ROWS", YES + NO).encode()
    (tmp_path / "a.bif.gz").write_bytes(gzip.compress(content[:50]) + gzip.compress(content[50:]))
    assert read_network(tmp_path / "a.bif.gz").names == ("a", "b")


@pytest.mark.parametrize("ending", [*WRITTEN, ".bif.gz"])
def test_a_damaged_file_is_read_or_refused(ending, tmp_path):
    path = tmp_path / f"a{ending}"
    write_network(two_parents(), path)
    content = path.read_bytes()
    rng = random.Random(ending)
    pieces = [
        b'"',
        b"{",
        b"}",
        b"(",
        b")",
        b";",
        b"|",
        b"9",
        b"[",
        b"\xff",
        b"\0",
        b"<",
        b" ",
        b"/*",
    ]
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(damaged))
            end = at + rng.choice([0, 0, 1, 6])
            damaged[at:end] = rng.choice(pieces)
        path.write_bytes(bytes(damaged))
        with suppress(FormatError):
            read_network(path)
