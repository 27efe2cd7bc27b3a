"""A network file is what its content says, whatever its ending."""

import pytest
from support.interop import read_text, refused_file

CONTENTS = {
    "BIF": "variable a { type discrete [ 1 ] { s }; } probability ( a ) { table 1; }",
    "XMLBIF": "<BIF><NETWORK><VARIABLE><NAME>a</NAME><OUTCOME>s</OUTCOME></VARIABLE><DEFINITION>"
    "<FOR>a</FOR><TABLE>1</TABLE></DEFINITION></NETWORK></BIF>",
    "NET": "net { } node a { states = (s); } potential (a) { data = (1); }",
    "OOBN": "class C { node a { states = (s); } potential (a) { data = (1); } }",
    "DNE": "bnet t { node a { kind = NATURE; states = (s); parents = (); probs = (1); }; };",
    "UAI": "BAYES 1 1 1 1 0 1 1.0",
    "XDSL": '<smile><nodes><cpt id="a"><state id="s"/><probabilities>1</probabilities></cpt>'
    "</nodes></smile>",
    "DSL": "net T { node a { TYPE = CPT; DEFINITION = { NAMESTATES = (s); "
    "PROBABILITIES = (1); }; }; };",
}


@pytest.mark.parametrize("ending", [".bif", ".net", ".uai", ".XDSL", ".txt", ""])
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_content_tells_the_kind_whatever_the_ending(kind, ending, tmp_path):
    assert read_text(CONTENTS[kind], f"a{ending}", tmp_path).names in (("a",), ("v0",))


@pytest.mark.parametrize(
    ("remark", "kind"),
    [
        ("/* a { b */ // c }\n", "BIF"),
        ("% by hand\n\n", "NET"),
        ("<!-- <net> -->\n", "XMLBIF"),
        ('<?xml version="1.0"?><!-- <net> -->\n', "XDSL"),
        ("<!DOCTYPE BIF [ <!ELEMENT BIF ( NETWORK )*> ]>\n", "XMLBIF"),
        ("c by hand\n# and so on\n", "UAI"),
        ("// x\n", "DSL"),
        (" \n" * 20_000, "NET"),
        ("\ufeff", "BIF"),
    ],
)
def test_remarks_before_the_beginning_do_no_harm(remark, kind, tmp_path):
    assert read_text(remark + CONTENTS[kind], "a", tmp_path).names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<ProbModelXML formatVersion='0.2'/>", "a ProbModelXML (.pgmx) file, which is not read"),
        ('belief network "x"\nnode A { }', "a DSC file of MSBNx, which is not read"),
        ("model:\n  id: x\n", "no network file of a kind that is read: BIF, XMLBIF"),
        ("network: {}\n", "no network file of a kind that is read"),
        ("<html/>", "no network file of a kind that is read"),
        (" " * 100_000 + "\x01", "no network file of a kind that is read"),
    ],
)
def test_what_is_no_network_file_is_told(text, said, tmp_path):
    assert said in refused_file(text, "a.txt", tmp_path)
