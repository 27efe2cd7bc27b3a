"""XDSL and DSL as GeNIe writes them: noisy-MAX, deterministic nodes, submodels, what is beside."""

import numpy as np
import pytest
from support.interop import probabilities, read_text, through
from support.models import runner

from bayesnet.errors import FormatError, FormatWarning
from bayesnet.network import Network, NoisyMax, Table, Variable, noisy_or
from bayesnet.network.formats.files import read_network

YES_NO = '<state id="yes"/><state id="no"/>'
A = f'<cpt id="A">{YES_NO}<probabilities>0.1 0.9</probabilities></cpt>'
B = f'<cpt id="B">{YES_NO}<probabilities>0.2 0.8</probabilities></cpt>'
COUGH = f"""<noisymax id="Cough">{YES_NO}<parents>A B</parents><strengths>0 1 0 1</strengths>
<parameters>0.7 0.3 0 1 0.4 0.6 0 1 0.05 0.95</parameters></noisymax>"""


def xdsl(*nodes: str, beside: str = "") -> str:
    return (
        f'<?xml version="1.0"?><smile version="1.0"><nodes>{"".join(nodes)}</nodes>{beside}</smile>'
    )


def test_noisy_or_is_read_factorised(tmp_path):
    network = read_text(xdsl(A, B, COUGH), "a.xdsl", tmp_path)
    family = network.family("Cough")
    assert isinstance(family, NoisyMax)
    # 1 - 0.95 * (1 - 0.1 * 0.7) * (1 - 0.2 * 0.4)
    assert probabilities(network)["Cough"][0] == pytest.approx(0.18718, abs=1e-12)
    assert family.table()[0, 0, 1] == pytest.approx(0.95 * 0.3 * 0.6, abs=1e-15)


STATES = "".join(f'<state id="{each}"/>' for each in "pqr")
GRADED = f"""<cpt id="P">{STATES}<probabilities>0.2 0.3 0.5</probabilities></cpt>
<noisymax id="C"><state id="much"/><state id="some"/><state id="none"/><parents>P A</parents>
<strengths>2 0 1 1 0</strengths><parameters>
0.5 0.3 0.2  0.1 0.2 0.7  0 0 1
0.4 0.4 0.2  0 0 1
0.01 0.04 0.95</parameters></noisymax>"""


def test_strengths_list_the_states_in_the_order_of_the_columns(tmp_path):
    """A cycle of three: column 0 is of the state 2, and the state of no effect is the state 1."""
    family = read_text(xdsl(A, GRADED), "a.xdsl", tmp_path).family("C")
    assert family.lowest == -1
    np.testing.assert_array_equal(family.links[0], [[0.1, 0.2, 0.7], [0, 0, 1], [0.5, 0.3, 0.2]])
    # The first state of A, yes, has no effect: its column is the last of A's.
    np.testing.assert_array_equal(family.links[1], [[0, 0, 1], [0.4, 0.4, 0.2]])
    np.testing.assert_array_equal(family.leak, [0.01, 0.04, 0.95])
    # P(C <= some) is a product: of 1 - much.
    at_most_some = 1 - family.table()[2, 1, 0]
    assert at_most_some == pytest.approx(0.5 * 0.6 * 0.99, abs=1e-15)


def test_strengths_may_be_left_out(tmp_path):
    text = xdsl(A, B, COUGH.replace("<strengths>0 1 0 1</strengths>", ""))
    assert probabilities(read_text(text, "a.xdsl", tmp_path))["Cough"][0] == pytest.approx(0.18718)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0 1 0 1</s", "0 1 0</s", "the strengths of 'Cough' do not order the states of 'A'"),
        ("0 1 0 1</s", "0 0 0 1</s", "the strengths of 'Cough' do not order the states of 'A'"),
        ("0 1 0 1</s", "0 1 0 2</s", "do not order the states of 'B'"),
        ("0 1 0 1</s", "0 1 0 1 0 1</s", "the strengths of 'Cough' do not order"),
        ("0 1 0 1</s", "0 1 x 1</s", "'Cough' has 'x' among its strengths"),
        ("0.05 0.95", "", "'Cough' has 8 noisy parameters, expected 10"),
        ("0.7 0.3", "0.7 0.2", "the row P(Cough | A=yes) sums to 0.9"),
        ("0.7 0.3", "1.7 -0.7", "has -0.7, which is no probability"),
        ("A B</p", "A X</p", "mention 'X', which is not defined"),
    ],
)
def test_noisy_nodes_at_fault_are_named(old, new, said, tmp_path):
    with pytest.raises(FormatError) as caught:
        read_text(xdsl(A, B, "\n", COUGH.replace(old, new)), "a.xdsl", tmp_path)
    assert said in str(caught.value)
    assert "a.xdsl:2:" in str(caught.value)


def test_a_hundred_noisy_parents_go_there_and_back(tmp_path):
    names = [f"c{i}" for i in range(100)]
    variables = (*(Variable(name, ("no", "yes")) for name in names), Variable("x", ("no", "yes")))
    families = [Table(name, (), np.array([0.9, 0.1])) for name in names]
    wide = noisy_or("x", {name: 0.01 + i / 1000 for i, name in enumerate(names)}, 0.02)
    network = Network(variables, (*families, wide))
    back = through(network, tmp_path / "a.xdsl")
    found = back.family("x")
    assert found.lowest == 0
    for link, again in zip(wide.links, found.links, strict=True):
        np.testing.assert_array_equal(again, link)
    # GeNIe has the lowest state last.
    text = (tmp_path / "a.xdsl").read_text()
    node = text[text.index('<noisymax id="x">') :]
    assert node.index('id="yes"') < node.index('id="no"')
    assert len(text) < 60_000


def test_a_parent_without_a_state_of_no_effect_keeps_its_numbers(tmp_path):
    """One state raises the child more at one level, the other at the next."""
    link = np.array([[0.5, 0.3, 0.2], [0.6, 0.1, 0.3]])
    other = np.array([[1.0, 0, 0], [0.2, 0.5, 0.3]])
    leak = np.array([0.9, 0.06, 0.04])
    network = Network(
        (Variable("a", ("x", "y")), Variable("b", ("x", "y")), Variable("c", ("0", "1", "2"))),
        (
            Table("a", (), np.array([0.3, 0.7])),
            Table("b", (), np.array([0.6, 0.4])),
            NoisyMax("c", ("a", "b"), leak, (link, other)),
        ),
    )
    back = through(network, tmp_path / "a.xdsl")
    assert set(back.names) == {"a", "b", "c"}
    np.testing.assert_array_equal(back.family("c").links[0], link)
    # In GeNIe a node stands between, which is an ordinary one as soon as it has another child.
    text = (tmp_path / "a.xdsl").read_text()
    more = '<cpt id="new"><state id="s"/><parents>c_from_a</parents><probabilities>1 1 1'
    more += "</probabilities></cpt></nodes>"
    edited = read_text(text.replace("</nodes>", more), "b.xdsl", tmp_path)
    assert set(edited.names) == {"a", "b", "c", "c_from_a", "new"}
    for name, values in probabilities(network).items():
        np.testing.assert_allclose(probabilities(edited)[name], values, atol=1e-12)


def test_the_runner_model_keeps_its_noisy_families(tmp_path):
    network = runner().network
    back = through(network, tmp_path / "runner.xdsl")
    assert set(back.names) == set(network.names)
    noisy = [each for each in network.families if isinstance(each, NoisyMax) and each.parents]
    assert len(noisy) > 100
    for family in noisy:
        found = back.family(family.variable)
        assert isinstance(found, NoisyMax)
        assert found.parents == family.parents
        assert back.variable(family.variable) == network.variable(family.variable)
    # Smaller than a tenth of what whole tables would be allowed to hold.
    assert (tmp_path / "runner.xdsl").stat().st_size < 1_000_000
    given = {"leaning_back": "yes", "coughing": "no"}
    first, second = network.compile(), back.compile()
    causes = ["facet_joint", "disc"]
    found, again = first.marginals(given, causes), second.marginals(given, causes)
    for cause in causes:
        assert again[cause]["yes"] == pytest.approx(found[cause]["yes"], abs=1e-9)


# ---- Deterministic nodes, submodels, decisions --------------------------------------------------

OR = f"""<deterministic id="Or">{YES_NO}<parents>A B</parents>
<resultingstates>yes yes yes no</resultingstates></deterministic>"""


def test_a_deterministic_node_is_a_table_of_zeros_and_ones(tmp_path):
    network = read_text(xdsl(A, B, OR), "a.xdsl", tmp_path)
    assert network.family("Or").table().tolist() == [[[1, 0], [1, 0]], [[1, 0], [0, 1]]]
    assert probabilities(network)["Or"][0] == pytest.approx(0.28, abs=1e-12)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ("yes yes yes", "'Or' lists 3 states, expected 4"),
        ("yes yes yes maybe", "'maybe' is no state of 'Or'; did you mean 'yes' or 'no'?"),
    ],
)
def test_a_deterministic_node_at_fault_is_named(states, said, tmp_path):
    with pytest.raises(FormatError, match=said.replace("?", r"\?")):
        read_text(xdsl(A, B, OR.replace("yes yes yes no", states)), "a.xdsl", tmp_path)


def test_nodes_of_submodels_are_nodes(tmp_path):
    child = f"""<cpt id="C">{YES_NO}<parents>A</parents>
    <probabilities>0.5 0.5 0.2 0.8</probabilities></cpt>"""
    inner = f'<submodel id="T">{A}</submodel>'
    network = read_text(xdsl(f'<submodel id="S">{inner}{B}</submodel>', child), "a.xdsl", tmp_path)
    assert network.names == ("A", "B", "C")
    assert probabilities(network)["C"][0] == pytest.approx(0.23, abs=1e-12)


OUTSIDE = {
    "decision": f'<decision id="D">{YES_NO}</decision>',
    "utility": '<utility id="U"><parents>A</parents><utilities>1 2</utilities></utility>',
    "mau": '<mau id="M"><parents>A</parents><weights>1</weights></mau>',
    "equation": '<equation id="E"><definition>E=Normal(37,0.5)</definition></equation>',
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_the_chance_part_is_read_when_asked_for(kind, tmp_path):
    (tmp_path / "a.xdsl").write_text(xdsl(A, OUTSIDE[kind]))
    network = read_network(tmp_path / "a.xdsl", chance_only=True)
    assert network.names == ("A",)
    assert probabilities(network)["A"].tolist() == [0.1, 0.9]
    with pytest.raises(FormatError, match=rf"an? {kind} node; only .*chance_only=True"):
        read_network(tmp_path / "a.xdsl")


def test_what_depends_on_a_decision_goes_with_it(tmp_path):
    rest = f"""<cpt id="X">{YES_NO}<parents>A D</parents>
    <probabilities>1 0 0 1 1 0 0 1</probabilities></cpt><cpt id="Y">{YES_NO}<parents>X</parents>
    <probabilities>1 0 0 1</probabilities></cpt>"""
    (tmp_path / "a.xdsl").write_text(xdsl(rest, B, A, OUTSIDE["decision"]))
    network = read_network(tmp_path / "a.xdsl", chance_only=True)
    assert set(network.names) == {"A", "B"}
    (tmp_path / "b.xdsl").write_text(xdsl(OUTSIDE["decision"]))
    with pytest.raises(FormatError, match="no variables in it but D"):
        read_network(tmp_path / "b.xdsl", chance_only=True)


def test_other_nodes_are_named_with_what_helps(tmp_path):
    with pytest.raises(FormatError, match="'N' is a noisyadder node, which is not read; change"):
        read_text(xdsl(A, '<noisyadder id="N"/>'), "a.xdsl", tmp_path)


def test_a_dynamic_part_is_told(tmp_path):
    (tmp_path / "a.xdsl").write_text(xdsl(A, beside='<dynamic numslices="3"></dynamic>'))
    with pytest.warns(FormatWarning, match=r"a\.xdsl: left out its dynamic part"):
        assert read_network(tmp_path / "a.xdsl").names == ("A",)


# ---- pyAgrum ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["xdsl", "uai", "bif", "bifxml", "net", "dsl"])
@pytest.mark.parametrize("arcs", ["a[2]->c[3]<-b[4]", "a[2]->c[3]"])
def test_a_file_of_pyagrum_is_recognised_where_it_is_the_other_way_round(ending, arcs, tmp_path):
    pyagrum = pytest.importorskip("pyagrum")
    pyagrum.initRandom(1)
    other = pyagrum.fastBN(arcs)
    file = tmp_path / f"a.{ending}"
    pyagrum.saveBN(other, str(file))
    if ending in ("xdsl", "uai") and "b" in arcs:
        with pytest.warns(FormatWarning, match=rf"a\.{ending}: .*pyAgrum lets the first parent"):
            read_network(file)
        return
    network = read_network(file)
    child = "v1" if ending == "uai" else "c"
    right = pyagrum.getPosterior(other, target="c").tolist()
    np.testing.assert_allclose(probabilities(network)[child], right, atol=1e-5)


def test_a_table_of_two_parents_alone_makes_no_file_one_of_pyagrum(tmp_path):
    both = f"""<cpt id="X">{YES_NO}<parents>A B</parents>
    <probabilities>1 0 0 1 1 0 0 1</probabilities></cpt>"""
    assert read_text(xdsl(A, B, both), "a.xdsl", tmp_path).names == ("A", "B", "X")


# ---- DSL ----------------------------------------------------------------------------------------

DSL = """net Test
{
 HEADER = { ID = Test; NAME = "a { \\"net\\""; };
 node A { TYPE = CPT; HEADER = { ID = A; NAME = "a"; }; PARENTS = ();
  DEFINITION = { NAMESTATES = (yes, no); PROBABILITIES = (0.10000000, 0.90000000); }; };
 submodel S { HEADER = { ID = S; };
  node B { TYPE = CPT; PARENTS = ();
   DEFINITION = { NAMESTATES = (yes, no); PROBABILITIES = (0.2, 0.8); }; };
 };
 node Cough { TYPE = NOISY_MAX; PARENTS = (A, B);
  DEFINITION = { NAMESTATES = (yes, no); STRENGTHS = (0, 1, 0, 1);
   PROBABILITIES = (0.7, 0.3, 0.0, 1.0, 0.4, 0.6, 0, 1, 0.05, 0.95); };
  EXTRA_DEFINITION = { DIAGNOSIS_TYPE = TARGET; RANKED = TRUE; }; };
 node Or { TYPE = TRUTHTABLE; PARENTS = (A, B);
  DEFINITION = { NAMESTATES = (yes, no); RESULTINGSTATES = (yes, yes, 0, 1); }; };
 OBSERVATION_COST = { node A { PARENTS = (); COSTS = (0.0); }; };
};
"""


def test_dsl_is_read_with_noisy_and_deterministic_nodes(tmp_path):
    network = read_text(DSL, "a.dsl", tmp_path)
    assert network.names == ("A", "B", "Cough", "Or")
    assert isinstance(network.family("Cough"), NoisyMax)
    found = probabilities(network)
    assert found["Cough"][0] == pytest.approx(0.18718, abs=1e-12)
    assert found["Or"][0] == pytest.approx(0.28, abs=1e-12)


def test_dsl_of_a_decision(tmp_path):
    more = " node D { TYPE = LIST; PARENTS = (A); DEFINITION = { NAMECHOICES = (go, stay); }; };\n"
    text = DSL.replace(" OBSERVATION_COST", f"{more} OBSERVATION_COST")
    with pytest.raises(FormatError, match=r"a\.dsl:16:2: 'D' is a decision node"):
        read_text(text, "a.dsl", tmp_path)
    assert "D" not in read_network(tmp_path / "a.dsl", chance_only=True).names
    with pytest.raises(FormatError, match="'D' is a demorgan node, which is not read"):
        read_text(text.replace("LIST", "DEMORGAN"), "a.dsl", tmp_path)
