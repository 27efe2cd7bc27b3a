"""Network files that other programs wrote, and other programs reading ours."""

import numpy as np
import pytest
from support.benchmark_networks import benchmark_network
from support.interop import assert_same, of_pgmpy, read_text, through, two_parents

from bayesnet.network import Network
from bayesnet.network.formats.files import read_network, write_network


def test_bif_of_another_hand(tmp_path):
    text = """// a comment { with a brace
network "variable net" { property author "x; y"; }
variable "Dog Problem" { type discrete[2] { "true" "false" };
  property "position = (1, 2)" ; }
variable light { // trailing
  property colour = red;
  type discrete [ 3 ] { on, "half, on", off }; }
variable bark { type discrete [2] { yes, no }; }
probability(light){ table 0.2 0.3 0.5; }
probability ( "Dog Problem" | LIGHT ) { (on) 0.1, 0.9; ("half, on") 2e-1 .8; (off) 1, 0; }
probability ( bark "Dog Problem"
   light ) { table 0.1 0.2 0.3 0.4 0.5 0.6
   0.9 0.8 0.7 0.6 0.5 0.4; }"""
    network = read_text(text.replace("\n", "\r\n"), "a.bif", tmp_path)
    assert network.names == ("Dog Problem", "light", "bark")
    assert network.variable("light").states == ("on", "half, on", "off")
    assert network.variable("Dog Problem").states == ("true", "false")
    np.testing.assert_allclose(
        network.family("Dog Problem").table(), [[0.1, 0.9], [0.2, 0.8], [1, 0]]
    )
    assert network.family("bark").parents == ("Dog Problem", "light")
    np.testing.assert_allclose(network.family("bark").table()[1, 0], [0.4, 0.6])


def test_net_of_another_hand(tmp_path):
    text = """% Hugin; potential ( x )
net { node_size = (80 40); name = "odd } node name"; }
node Sex { label = "states = (1 2);"; position = (1 2); states = ("male" "fe male"); }
discrete node b { states = ( "0" "1" "2" ); }
potential ( b | Sex ) % comment
{ data = (( 0.1 0.2 0.7 ) % fe male next
          ( 1 0 0 )); }
potential (Sex) { data = (0.25 0.75); }
"""
    network = read_text(text, "a.net", tmp_path)
    assert network.variable("Sex").states == ("male", "fe male")
    np.testing.assert_allclose(network.family("b").table(), [[0.1, 0.2, 0.7], [1, 0, 0]])


def test_xmlbif_of_another_hand(tmp_path):
    text = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE BIF [ <!ELEMENT BIF ( NETWORK )*> ]>
<BIF VERSION="0.3"><NETWORK><VARIABLE TYPE="nature"><NAME> a </NAME>
<OUTCOME>f\xf8r</OUTCOME><OUTCOME>efter</OUTCOME><PROPERTY>no equals sign</PROPERTY></VARIABLE>
<VARIABLE><NAME>b</NAME><OUTCOME>x</OUTCOME><OUTCOME>y</OUTCOME></VARIABLE>
<DEFINITION><FOR>a</FOR><TABLE>0.25<!-- c --> 0.75</TABLE></DEFINITION>
<DEFINITION><FOR>b</FOR><GIVEN> a</GIVEN><TABLE>
 0.1 0.9
 0.2 0.8 </TABLE></DEFINITION></NETWORK></BIF>"""
    network = read_text(text, "a.xmlbif", tmp_path, "latin-1")
    assert network.variable("a").states == ("før", "efter")
    np.testing.assert_allclose(network.family("b").table(), [[0.1, 0.9], [0.2, 0.8]])


def test_xdsl_last_parent_changes_fastest(tmp_path):
    """The order of GeNIe's own Asia file: dyspnoea by (either, bronchitis)."""
    text = """<smile version="1.0"><nodes>
<cpt id="either"><state id="no"/><state id="yes"/><probabilities>0.9 0.1</probabilities></cpt>
<cpt id="bronc"><state id="no"/><state id="yes"/><probabilities>0.6 0.4</probabilities></cpt>
<cpt id="dysp"><state id="no"/><state id="yes"/><parents>either  bronc</parents>
<probabilities>
 0.9 0.1 0.2 0.8
 0.3 0.7 0.1 0.9</probabilities></cpt></nodes></smile>"""
    network = read_text(text, "a.xdsl", tmp_path)
    assert network.family("dysp").table()[0, 1, 1] == 0.8


def test_uai_follows_its_standard(tmp_path):
    """Child last in the scope and fastest in the table, parents in the order of the scope."""
    text = "BAYES # comment\n3\n2 3 2\n3\n1 0\n1 1\n3 1 0 2\n\n2 0.5 0.5\n3 .2 .3 5e-1\n12\n"
    text += " ".join(f"{i / 10} {1 - i / 10}" for i in range(6))
    network = read_text(text, "a.uai", tmp_path)
    assert network.family("v2").parents == ("v1", "v0")
    np.testing.assert_allclose(network.family("v2").table()[2, 0], [0.4, 0.6])


@pytest.mark.parametrize("ending", ["bif", "bifxml", "net"])
def test_another_library_reads_the_same(ending, tmp_path):
    """pyAgrum; not for XDSL and UAI, where it lets the first parent change fastest."""
    pyagrum = pytest.importorskip("pyagrum")
    network = two_parents()
    write_network(network, tmp_path / f"a.{ending.replace('bifxml', 'xml')}")
    if ending == "bifxml":
        (tmp_path / "a.xml").rename(tmp_path / "a.bifxml")
    other = pyagrum.loadBN(str(tmp_path / f"a.{ending}"))
    for effort in range(2):
        for talent in range(3):
            row = other.cpt("grade")[{"effort": effort, "talent": talent}]
            np.testing.assert_allclose(row, network.family("grade").table()[effort, talent], 1e-6)


@pytest.mark.parametrize(
    ("ending", "reader"),
    [
        (".bif", "BIFReader"),
        (".xml", "XMLBIFReader"),
        (".xdsl", "XDSLReader"),
        (".net", "NETReader"),
    ],
)
def test_pgmpy_reads_the_same(ending, reader, tmp_path):
    """Not for UAI, where pgmpy transposes the tables."""
    network = two_parents()
    write_network(network, tmp_path / f"a{ending}")
    assert_same(
        network, Network.from_pgmpy(of_pgmpy(reader)(str(tmp_path / f"a{ending}")).get_model())
    )


@pytest.mark.parametrize(
    ("ending", "writer"),
    [
        (".bif", "BIFWriter"),
        (".xml", "XMLBIFWriter"),
        (".xdsl", "XDSLWriter"),
        (".net", "NETWriter"),
    ],
)
def test_what_pgmpy_wrote_is_read(ending, writer, tmp_path):
    network = two_parents()
    of_pgmpy(writer)(network.to_pgmpy()).write(str(tmp_path / f"a{ending}"))
    back = read_network(tmp_path / f"a{ending}")
    assert set(back.names) == set(network.names)
    for family in network.families:
        found = back.family(family.variable)
        assert found.parents == family.parents
        np.testing.assert_allclose(found.table(), family.table(), atol=1e-8)


SHARED = {
    "asia": 8,
    "cancer": 5,
    "earthquake": 5,
    "survey": 6,
    "sachs": 11,
    "child": 20,
    "insurance": 27,
    "alarm": 37,
    "hailfinder": 56,
    "hepar2": 70,
    "win95pts": 76,
}


@pytest.mark.parametrize("name", SHARED)
def test_benchmark_networks(name, tmp_path):
    network = benchmark_network(name)
    assert len(network.names) == SHARED[name]
    for family in network.families:
        np.testing.assert_allclose(family.table().sum(axis=-1), 1, rtol=0, atol=1e-12)
    for ending in (".xml", ".xdsl", ".net"):
        assert_same(network, through(network, tmp_path / f"a{ending}"), atol=0)


def test_states_of_child():
    network = benchmark_network("child")
    assert network.variable("LowerBodyO2").states == ("<5", "5-12", "12+")
    assert network.variable("ChestXray").states[-1] == "Asy/Patch"
    hypoxia = network.family("LowerBodyO2")
    assert hypoxia.parents == ("HypDistrib", "HypoxiaInO2")
    np.testing.assert_allclose(hypoxia.table()[1, 0], [0.4, 0.5, 0.1])
