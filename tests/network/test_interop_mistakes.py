"""Network files with mistakes: each is named, in one line that begins with the file."""

import gzip
import os
import re

import numpy as np
import pytest
from support.interop import two_parents

from bayesnet.errors import FormatError
from bayesnet.network.formats.files import read_network, write_network
from bayesnet.network.formats.kinds import WRITTEN

BIF = """variable a { type discrete [ 2 ] { yes, no }; }
variable b { type discrete [ 2 ] { yes, no }; }
probability ( a ) { table 0.5, 0.5; }
probability ( b | a ) { (yes) 0.2, 0.8; (no) ROW; }
"""


def fails(path):
    """The message of the FormatError: one line that begins with the file, and a place in it."""
    with pytest.raises(FormatError) as caught:
        read_network(path)
    message = str(caught.value)
    assert re.match(rf"{re.escape(str(path))}(:\d+:\d+)?: ", message)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("ending", WRITTEN)
@pytest.mark.parametrize(
    "content", [b"", b" \n", b"\x00\xff\xfe\x01", b"nonsense", b"<a/>", b"3 4"]
)
def test_files_that_are_something_else(ending, content, tmp_path):
    (tmp_path / f"a{ending}").write_bytes(content)
    fails(tmp_path / f"a{ending}")


@pytest.mark.parametrize("ending", WRITTEN)
def test_files_cut_short(ending, tmp_path):
    write_network(two_parents(), tmp_path / f"a{ending}")
    content = (tmp_path / f"a{ending}").read_bytes()
    cut = tmp_path / f"cut{ending}"
    body = content.index(b"<extensions>") if ending == ".xdsl" else len(content) - 4
    for size in range(1, body, max(1, body // 25)):
        cut.write_bytes(content[:size])
        fails(cut)


def test_paths_that_lead_nowhere(tmp_path):
    assert "no such file" in fails(tmp_path / "a.bif")
    (tmp_path / "b.bif").mkdir()
    assert "is a directory" in fails(tmp_path / "b.bif")
    (tmp_path / "c.bif").touch()
    assert "is empty" in fails(tmp_path / "c.bif")
    for name in ("d.csv", "e", "f.gz", "bif"):
        assert "no such file" in fails(tmp_path / name)
        (tmp_path / name).write_text("a,b\n1,2\n")
        assert "BIF, XMLBIF, XDSL, UAI, NET, OOBN, DNE, DSL" in fails(tmp_path / name)
    for name, told in (("a.txt", "an unknown ending"), ("a.dne", "DNE, which is read only")):
        with pytest.raises(FormatError, match=rf"{told}; written are \.bif, .*\.net"):
            write_network(two_parents(), tmp_path / name)
    with pytest.raises(FormatError, match="cannot be written"):
        write_network(two_parents(), tmp_path / "nowhere" / "a.bif")


def test_damaged_gzip(tmp_path):
    path = tmp_path / "a.bif.gz"
    path.write_bytes(b"plain")
    assert "a.bif.gz:1:1: no block in braces in it" in fails(path)
    path.write_bytes(gzip.compress(BIF.encode())[:-12])
    assert "not a whole gzip file" in fails(path)


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root"
)
def test_a_file_without_permission(tmp_path):
    path = tmp_path / "a.bif"
    path.write_text(BIF)
    path.chmod(0)
    assert "cannot be read" in fails(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("0.3, 0.6", "the row P(b | a=no) sums to 0.9, expected 1"),
        ("0, 0", "the row P(b | a=no) sums to 0, expected 1"),
        ("nan, 1", "'b' has 'nan' where a number should be"),
        ("1e999, 0", "has inf, which is no probability"),
        ("1.2, -0.2", "4:1: the row P(b | a=no) has -0.2, which is no probability"),
        ("0.5", "'b' has 1 probabilities in the row (no), expected 2"),
        ("0.5, 0.3, 0.2", "'b' has 3 probabilities in the row (no), expected 2"),
        ("0.5, 0.5; (no) 0.5, 0.5", "'b' has the row (no) twice"),
        ("0.5, 0.5; 0.5, 0.5", "'b' has '0.5' where a row should begin"),
        ("0.5, 0.5; table 1, 0, 0, 1", "'b' has 'table' where a row should begin"),
        ("0.5, 0.5; default 1, 0; default 0, 1", "4:70: 'b' has two `default` rows"),
        ("0.5, y", "'b' has 'y' where a number should be"),
    ],
)
def test_rows_at_fault_are_named(row, message, tmp_path):
    (tmp_path / "a.bif").write_text(BIF.replace("ROW", row))
    assert message in fails(tmp_path / "a.bif")


def test_rounded_rows_are_scaled(tmp_path):
    (tmp_path / "a.bif").write_text(BIF.replace("ROW", "0.333, 0.666"))
    np.testing.assert_allclose(
        read_network(tmp_path / "a.bif").family("b").table()[1], [1 / 3, 2 / 3], rtol=1e-12
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("( b | a )", "( b | c )", "4:1: the probabilities mention 'c', which is not defined"),
        ("variable b", "variable a", "2:1: variable 'a' is defined twice"),
        ("probability ( a ) { table 0.5, 0.5; }", "", "1:1: 'a' has no probabilities"),
        ("( a ) { table 0.5, 0.5;", "( a | b ) { (yes) 1, 0; (no) 0, 1;", "cycle: "),
        ("{ yes, no }", "{ yes, yes }", "state twice"),
        (
            "(yes) 0.2",
            "(maybe) 0.2",
            "4:25: 'maybe' is no state of 'a'; did you mean 'yes' or 'no'?",
        ),
        ("(yes) 0.2", "(yes, no) 0.2", "a row (yes, no); expected 1 state of its parents"),
        ("(yes) 0.2", "(ye) 0.2", "'ye' is no state of 'a'; did you mean 'yes'?"),
        ("(no) 0.5, 0.5;", "", "4:1: 'b' has no row (no) and no `default` row"),
        ("table 0.5, 0.5", "table 0.5, 0.25, 0.25", "'a' has 3 probabilities, expected 2"),
        ("probability ( a )", "probability ( )", "names no variable"),
        ("variable b", "node b", "a block begins with 'node'"),
        ("variable b {", 'variable "b {', "2:10: a quotation or a comment is not closed"),
        ("variable b {", "variable b", "a closing brace has no opening brace"),
        ("0.5, 0.5; }", "0.5, 0.5;", "a closing brace is missing"),
        ("probability ( b", "probability ( a ) { table 1, 0; }\nprobability ( b", "'a' has two"),
    ],
)
def test_structures_at_fault_are_named(old, new, message, tmp_path):
    (tmp_path / "a.bif").write_text(BIF.replace("ROW", "0.5, 0.5").replace(old, new, 1))
    assert message in fails(tmp_path / "a.bif")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.uai", "CREDAL 1 2 1 1 0 2 0.5 0.5", "1:1: is of type CREDAL; BAYES and MARKOV"),
        ("a.uai", "BAYES 1 2 1 1 0 2 0.5", "ends too early"),
        ("a.uai", "BAYES 2 2 2 2 1 0 1 0 2 .5 .5 2 .5 .5", "exactly one function"),
        ("a.uai", "BAYES 1 2 1 1 0 4 .5 .5 .5 .5", "'v0' has 4 probabilities, expected 2"),
        ("a.uai", "BAYES 99999999999 2", "out of range"),
        ("a.uai", "BAYES 1 x", "out of range"),
        ("a.uai", "BAYES 1 2 1 0 2 .5 .5", "exactly one function"),
        ("a.uai", "BAYES 1 2 1 1 0 2 .5 nan", "'v0' has 'nan'"),
        ("a.uai", "BAYES 1 2 1 1 -1 2 .5 .5", "out of range"),
        ("a.uai", "BAYES 1 0 1 1 0 0", "'v0' has no states"),
        ("a.net", "utility u { }", "'u' is a utility node"),
        ("a.net", "limid x { }", "a block begins with 'limid'"),
        ("a.net", "node x { states = (a b); } potential (x) { data = (); }", "has 0 probabilities"),
        (
            "a.net",
            "node x { states = (a b); } potential (x) { model_data = (1); }",
            "'x' has an expression (model_data) and no table",
        ),
        ("a.xdsl", "<smile><nodes>", "not whole XML"),
        (
            "a.xdsl",
            '<?xml version="1.0" encoding="no-such"?><smile/>',
            "unknown encoding 'no-such'",
        ),
        ("a.xdsl", '<smile id="x"><nodes><noisymax id="n"/></nodes></smile>', "'n' has no states"),
        (
            "a.xml",
            '<BIF><NETWORK><VARIABLE TYPE="utility"><NAME>u</NAME></VARIABLE></NETWORK></BIF>',
            "'u' is a utility node",
        ),
    ],
)
def test_what_is_not_supported_is_said(name, content, message, tmp_path):
    (tmp_path / name).write_text(content)
    assert message in fails(tmp_path / name)
