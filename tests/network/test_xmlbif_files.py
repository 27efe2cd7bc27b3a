"""XMLBIF 0.3 and 0.2: any case, any namespace, commas, and the chance part of a diagram."""

import numpy as np
import pytest
from support.interop import probabilities, read_text, refused_file

from bayesnet.network.formats.files import read_network

XMLBIF = """<?xml version="1.0"?>
<BIF VERSION="0.3" ATTRIBUTES><NETWORK><NAME>t</NAME>
<VARIABLE TYPE="nature"><NAME>a</NAME><OUTCOME>y</OUTCOME><OUTCOME>n</OUTCOME></VARIABLE>
<VARIABLE TYPE="nature"><NAME>c</NAME><OUTCOME>y</OUTCOME><OUTCOME>n</OUTCOME></VARIABLE>
<DEFINITION><FOR>a</FOR><TABLE>0.25 0.75</TABLE></DEFINITION>
<DEFINITION><FOR>c</FOR><GIVEN>a</GIVEN><TABLE>0.9 0.1 <!-- n --> 0.2 0.8</TABLE></DEFINITION>
</NETWORK></BIF>"""
PLAIN = XMLBIF.replace(" ATTRIBUTES", "")
HEAD = PLAIN.index("<BIF")
PREFIXED = PLAIN[HEAD:].replace("<", "<b:").replace("<b:/", "</b:").replace("<b:!", "<!")


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        XMLBIF.replace("ATTRIBUTES", 'xmlns="http://www.cs.ubc.ca/labs/lci/fopi/ve/XMLBIFv0_3"'),
        PREFIXED.replace("<b:BIF", '<b:BIF xmlns:b="urn:b"'),
        PLAIN[:HEAD] + PLAIN[HEAD:].lower(),
        PLAIN.replace("VARIABLE", "Variable").replace("TYPE", "Type"),
        PLAIN.replace("0.25 0.75", "0.25,0.75").replace("0.9 0.1", "0.9, 0.1,"),
        PLAIN.replace("0.9 0.1", "0.9 0.1 // a=y\n"),
        f"\n  {PLAIN}",
        PLAIN.replace(' TYPE="nature"', ""),
        PLAIN.replace(' VERSION="0.3"', ""),
        PLAIN.replace('VERSION="0.3"', 'VERSION="0.2"'),
        PLAIN.replace("\n", "\r\n"),
    ],
)
@pytest.mark.parametrize("ending", ["xml", "bifxml", "xbif", "bif"])
def test_xmlbif_in_every_dress(text, ending, tmp_path):
    found = probabilities(read_text(text, f"a.{ending}", tmp_path))
    assert found["c"][0] == pytest.approx(0.375, abs=1e-12)


OLD = """<BIF><NETWORK><NAME>old</NAME>
<VARIABLE><NAME>a</NAME><TYPE>discrete</TYPE><VALUE>y</VALUE><VALUE>n</VALUE></VARIABLE>
<VARIABLE><NAME>c</NAME><TYPE>discrete</TYPE><VALUE>y</VALUE><VALUE>n</VALUE></VARIABLE>
<PROBABILITY><FOR>a</FOR><TABLE>0.25 0.75</TABLE></PROBABILITY>
<PROBABILITY><FOR>c</FOR><GIVEN>a</GIVEN><TABLE>NUMBERS</TABLE></PROBABILITY></NETWORK></BIF>"""


@pytest.mark.parametrize("numbers", ["0.9 0.1 0.2 0.8", "0.9 0.2 0.1 0.8"])
def test_xmlbif_0_2_is_read_in_the_order_that_makes_rows(numbers, tmp_path):
    found = probabilities(read_text(OLD.replace("NUMBERS", numbers), "a.xml", tmp_path))
    assert found["c"][0] == pytest.approx(0.375, abs=1e-12)


def test_xmlbif_0_2_that_can_be_read_in_two_orders_is_refused(tmp_path):
    states = OLD.replace("<VALUE>n</VALUE>", "<VALUE>m</VALUE><VALUE>n</VALUE>")
    square = states.replace("0.25 0.75", "0.25 0.25 0.5")
    rows = np.array([[0.2, 0.3, 0.5], [0.5, 0.2, 0.3], [0.3, 0.5, 0.2]])
    text = square.replace("NUMBERS", " ".join(map(str, rows.ravel())))
    assert "can be read in two orders" in refused_file(text, "b.xml", tmp_path)
    same = square.replace("NUMBERS", "0.2 0.3 0.5 0.3 0.5 0.2 0.5 0.2 0.3")
    assert read_text(same, "c.xml", tmp_path).family("c").table()[1].tolist() == [0.3, 0.5, 0.2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<FOR>c</FOR>", "", "a.xml:6:1: a definition needs one FOR, and has 0"),
        ("<GIVEN>a</GIVEN>", "<GIVEN>b</GIVEN>", "a.xml:6:1: the probabilities mention 'b'"),
        ("0.25 0.75", "0.25 x", "a.xml:5:25: 'a' has 'x' where a number should be"),
        ("</NETWORK>", "</NETWORK><NETWORK></NETWORK>", "a.xml:2:1: 2 networks"),
        ('"nature"><NAME>c', '"fuzzy"><NAME>c', "a.xml:4:1: 'c' is of type fuzzy; expected one of"),
        ("<NAME>c</NAME>", "<NAME>a</NAME>", "a.xml:4:1: variable 'a' is defined twice"),
        ("</DEFINITION>\n<", "\n<", "not whole XML (mismatched tag)"),
        ("<GIVEN>a", "<GIVEN>c", "'c' names a parent twice, or itself"),
    ],
)
def test_xmlbif_at_fault_is_placed(old, new, said, tmp_path):
    assert said in refused_file(PLAIN.replace(old, new), "a.xml", tmp_path)


def test_the_chance_part_of_an_influence_diagram_in_xmlbif(tmp_path):
    text = PLAIN.replace('"nature"><NAME>c', '"decision"><NAME>c')
    more = """<VARIABLE TYPE="utility"><NAME>u</NAME></VARIABLE>
    <DEFINITION><FOR>u</FOR><GIVEN>a</GIVEN><TABLE>1 2</TABLE></DEFINITION></NETWORK>"""
    text = text.replace("</NETWORK>", more)
    assert "'c' is a decision node" in refused_file(text, "a.xml", tmp_path)
    network = read_network(tmp_path / "a.xml", chance_only=True)
    assert probabilities(network)["a"].tolist() == [0.25, 0.75]
    assert network.names == ("a",)
