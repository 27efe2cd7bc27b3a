"""DNE of Netica: its kinds of nodes, and what is wrong with one."""

import numpy as np
import pytest
from support.interop import probabilities, read_text, refused_file

from bayesnet.errors import FormatWarning
from bayesnet.network.formats.files import read_network

DNE = """// ~->[DNET-1]->~

// File created by someone using Netica
bnet Test {
autoupdate = TRUE;
comment = "a \\"brace\\" { in it";
visual V1 { defdispform = BELIEFBARS; windowposn = (1, 2); };
node A { kind = NATURE; discrete = TRUE; chance = CHANCE; states = (yes, no); parents = ();
  probs = // yes no
    (0.25, 0.75);
  visual V1 { center = (1, 2); }; };
node B { kind = NATURE; discrete = TRUE; states = (y, n); parents = (A);
  probs = ((0.9, 0.1), // yes
           (0.2, 0.8)); // no
  };
MORE
};
"""


def dne(more: str = "") -> str:
    return DNE.replace("MORE", more)


def test_dne_is_read(tmp_path):
    network = read_text(dne(), "a.dne", tmp_path)
    assert network.names == ("A", "B")
    assert probabilities(network)["B"][0] == pytest.approx(0.375, abs=1e-12)


TWO = "states = (x, y); parents = "
HALF = "parents = (); probs = (.5, .5);"


@pytest.mark.parametrize(
    ("node", "states", "right"),
    [
        (f"{TWO}(A); chance = DETERMIN; functable = (y, x);", ("x", "y"), [0.75, 0.25]),
        (f"{TWO}(A); functable = (#1, #0);", ("x", "y"), [0.75, 0.25]),
        (f"{TWO}(); probs = (#1);", ("x", "y"), [0, 1]),
        (f"{TWO}(A); probs = (@imposs, 1, 1, @imposs);", ("x", "y"), [0.75, 0.25]),
        (f"numstates = 2; {HALF}", ("s0", "s1"), [0.5, 0.5]),
        (f'statetitles = ("a b", c); {HALF}', ("a b", "c"), [0.5, 0.5]),
        (f"levels = (2020, 2030); {HALF}", ("2020", "2030"), [0.5, 0.5]),
        ("states = (a, ); parents = (); probs = (1);", ("a",), [1]),
    ],
)
def test_nodes_of_netica(node, states, right, tmp_path):
    text = dne(f"node C {{ kind = NATURE; discrete = TRUE; {node} }};")
    network = read_text(text, "a.dne", tmp_path)
    assert network.states("C") == states
    np.testing.assert_allclose(probabilities(network)["C"], right, atol=1e-12)


def test_a_continuous_node_cut_into_intervals_is_read_by_them(tmp_path):
    node = "discrete = FALSE; levels = (0, 10, INFINITY); parents = (); probs = (0.25, 0.75);"
    network = read_text(dne(f"node T {{ kind = NATURE; {node} }};"), "a.dne", tmp_path)
    assert network.states("T") == ("0 to 10", "10 to INFINITY")
    assert probabilities(network)["T"].tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("states = (a, b); numstates = 3; probs = (1, 0);", "'C' should have 3 states and lists 2"),
        ("states = (, a); parents = (); probs = (1, 0);", "a state of 'C' has no name"),
        ("discrete = TRUE; parents = (); probs = (1);", "'C' has no states"),
        ("states = (a, b); parents = (, A); probs = (1, 0);", "comes from no node"),
        ("states = (a, b); parents = ();", "'C' has no table; make its table in Netica"),
        ('states = (a, b); equation = "C = 1";', "'C' has an equation and no table"),
        ("states = (a, b); functable = (#2);", "'C' has no state #2"),
        ("states = (a, b); parents = (A); functable = (a);", "'C' lists 1 states, expected 2"),
        ("states = (a, b); parents = (A); probs = (1, 0);", "'C' has 2 probabilities, expected 4"),
    ],
)
def test_nodes_of_netica_at_fault_are_placed(node, said, tmp_path):
    found = refused_file(dne(f"node C {{ kind = NATURE; {node} }};"), "a.dne", tmp_path)
    assert said in found
    assert found.startswith("a.dne:16:")


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ("kind = DECISION; discrete = TRUE; states = (a, b); parents = ();", "decision"),
        ("kind = UTILITY; discrete = FALSE; parents = (A); functable = (1, 2);", "utility"),
        ("kind = NATURE; discrete = FALSE; parents = ();", "continuous"),
    ],
)
def test_the_chance_part_of_a_dne(node, kind, tmp_path):
    said = refused_file(dne(f"node C {{ {node} }};"), "a.dne", tmp_path)
    assert f"a.dne:16:1: 'C' is a {kind} node" in said
    assert read_network(tmp_path / "a.dne", chance_only=True).names == ("A", "B")


def test_labels_are_no_nodes_and_findings_are_told(tmp_path):
    label = 'node Title { kind = CONSTANT; discrete = FALSE; title = "A page"; parents = (); };'
    assert read_text(dne(label), "a.dne", tmp_path).names == ("A", "B")
    (tmp_path / "b.dne").write_text(dne().replace("parents = (A);", "parents = (A); evidence = y;"))
    with pytest.warns(FormatWarning, match=r"b\.dne: left out the findings entered on B"):
        network = read_network(tmp_path / "b.dne")
    assert probabilities(network)["B"][0] == pytest.approx(0.375)
