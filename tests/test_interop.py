"""Networks through pgmpy and through files: nothing lost, nothing changed, mistakes named."""

import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pgmpy.factors.discrete import TabularCPD
from pgmpy.models import DiscreteBayesianNetwork

from bayesnet.errors import FormatError, NetworkError
from bayesnet.interop import FORMATS, from_pgmpy, read_network, to_pgmpy, write_network
from bayesnet.network import Network, Table, Variable, noisy_or

NETWORKS = Path(__file__).parents[2] / "shared" / "networks"
FEW = settings(
    derandomize=True,
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMED = [ending for ending in FORMATS if ending != ".uai"]

# Any printable character, without the ones that each format cannot hold.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters='"')
NAMES = st.text(CHARACTERS, min_size=1, max_size=6)
NET_NAMES = st.from_regex(r"[A-Za-z0-9_.-]{1,6}", fullmatch=True)


def probabilities(draw, shape):
    """Rows with zeros, tiny numbers and numbers of full length."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    values = rng.random(shape) ** draw(st.sampled_from([1, 8, 40]))
    values[rng.random(shape) < draw(st.sampled_from([0.0, 0.3]))] = 0
    values[..., 0] += 1e-3
    return values / values.sum(axis=-1, keepdims=True)


@st.composite
def networks(draw, names=NAMES, states=NAMES):
    """Small networks whose variables stand in any order, parents also after their children."""
    count = draw(st.integers(1, 6))
    labels = draw(st.lists(names, min_size=count, max_size=count, unique=True))
    variables = [
        Variable(label, tuple(draw(st.lists(states, min_size=1, max_size=4, unique=True))))
        for label in labels
    ]
    families = []
    for i, variable in enumerate(variables):
        parents = draw(st.lists(st.sampled_from(variables), max_size=3, unique=True)) if i else []
        parents = [parent for parent in parents if variables.index(parent) < i]
        shape = [len(one.states) for one in (*parents, variable)]
        table = probabilities(draw, shape)
        families.append(Table(variable.name, tuple(p.name for p in parents), table))
    return Network(tuple(draw(st.permutations(variables))), tuple(families))


def assert_same(first, second, atol=1e-12):
    assert set(first.names) == set(second.names)
    for variable in first.variables:
        assert second.variable(variable.name) == variable
        one, other = first.family(variable.name), second.family(variable.name)
        assert one.parents == other.parents
        np.testing.assert_allclose(other.table(), one.table(), rtol=1e-12, atol=atol)


def through(network, path):
    write_network(network, path)
    return read_network(path)


def two_parents(own="grade", first="effort", second="talent"):
    """No two sizes alike, no two rows alike: any axis out of order shows."""
    values = np.arange(1, 25, dtype=float).reshape(2, 3, 4)
    values /= values.sum(axis=-1, keepdims=True)
    return Network(
        (
            Variable(own, ("a", "b", "c", "d")),
            Variable(first, ("low", "high")),
            Variable(second, ("x", "y", "z")),
        ),
        (
            Table(own, (first, second), values),
            Table(first, (), np.array([0.3, 0.7])),
            Table(second, (), np.array([0.2, 0.3, 0.5])),
        ),
    )


# --- pgmpy models -----------------------------------------------------------------------------


def test_axes_to_pgmpy():
    network = two_parents()
    cpd = to_pgmpy(network).get_cpds("grade")
    assert cpd.variables == ["grade", "effort", "talent"]
    value = cpd.get_value(grade="b", effort="high", talent="z")
    assert value == network.family("grade").table()[1, 2, 1]


def test_axes_from_pgmpy():
    model = DiscreteBayesianNetwork([("q", "c"), ("p", "c")])
    columns = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]])
    names = {"c": ["no", "yes"], "p": ["a", "b"], "q": ["x", "y", "z"]}
    model.add_cpds(
        TabularCPD("c", 2, columns, ["p", "q"], [2, 3], state_names=names),
        TabularCPD("p", 2, [[0.5], [0.5]], state_names={"p": ["a", "b"]}),
        TabularCPD("q", 3, [[0.2], [0.2], [0.6]], state_names={"q": ["x", "y", "z"]}),
    )
    network = from_pgmpy(model)
    assert network.family("c").parents == ("p", "q")
    assert network.variable("q").states == ("x", "y", "z")
    np.testing.assert_array_equal(network.family("c").table()[1, 0], [0.4, 0.6])


@FEW
@given(networks())
def test_pgmpy_round_trip_is_exact(network):
    back = Network.from_pgmpy(network.to_pgmpy())
    assert back.names == network.names
    assert_same(network, back, atol=0)


def test_noisy_family_becomes_its_table():
    yes_no = ("no", "yes")
    roots = [Table(name, (), np.array([0.9, 0.1])) for name in ("a", "b")]
    noisy = noisy_or("pain", {"a": 0.8, "b": 0.3}, leak=0.05)
    network = Network(tuple(Variable(n, yes_no) for n in ("a", "b", "pain")), (*roots, noisy))
    back = from_pgmpy(to_pgmpy(network))
    np.testing.assert_allclose(back.family("pain").table(), noisy.table(), atol=1e-15)


def test_names_that_are_no_strings_become_strings():
    model = DiscreteBayesianNetwork([(1, 2)])
    model.add_cpds(
        TabularCPD(1, 2, [[0.5], [0.5]]), TabularCPD(2, 2, [[0.1, 0.2], [0.9, 0.8]], [1], [2])
    )
    network = from_pgmpy(model)
    assert network.names == ("1", "2")
    assert network.variable("2").states == ("0", "1")


def test_rounded_rows_of_a_model_are_scaled():
    model = DiscreteBayesianNetwork()
    model.add_node("x")
    model.add_cpds(TabularCPD("x", 3, [[0.333], [0.333], [0.333]]))
    np.testing.assert_allclose(from_pgmpy(model).family("x").table(), 1 / 3)


def test_models_that_fail_the_check_are_refused():
    model = DiscreteBayesianNetwork([("x", "y")])
    with pytest.raises(NetworkError, match="check_model: No CPD"):
        from_pgmpy(model)
    with pytest.raises(NetworkError, match="got a dict"):
        from_pgmpy({})


def test_pgmpy_is_not_imported_before_it_is_needed():
    code = "import sys, bayesnet.interop; sys.exit('pgmpy' in sys.modules)"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == 0


# --- round trips through files ----------------------------------------------------------------


@pytest.mark.parametrize("ending", [e for e in NAMED if e != ".net"])
@FEW
@given(network=networks())
def test_round_trip(network, ending, tmp_path):
    if ending != ".xdsl":
        assert through(network, tmp_path / f"a{ending}").names == network.names
    assert_same(network, through(network, tmp_path / f"a{ending}"), atol=0)


@FEW
@given(network=networks(names=NET_NAMES))
def test_round_trip_of_net(network, tmp_path):
    back = through(network, tmp_path / "a.net")
    assert back.names == network.names
    assert_same(network, back, atol=0)


@FEW
@given(network=networks())
def test_round_trip_of_uai_by_position(network, tmp_path):
    back = through(network, tmp_path / "a.uai")
    assert back.names == tuple(f"v{i}" for i in range(len(network.names)))
    for i, variable in enumerate(network.variables):
        family = back.family(f"v{i}")
        parents = network.family(variable.name).parents
        assert family.parents == tuple(f"v{network.position(name)}" for name in parents)
        assert back.variable(f"v{i}").states == tuple(f"s{j}" for j in range(len(variable.states)))
        np.testing.assert_array_equal(family.table(), network.family(variable.name).table())


@pytest.mark.parametrize("ending", NAMED)
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_hard_names_and_numbers_stay_put(ending, packed, tmp_path):
    states = ("<5", "5-12", "12+", "Asy/Patch", "Transp.", ">=7.5", "a, b", "(c)", "{d};", "e|f")
    states += ("//g", "/* h */", "&lt;", "1e-3", "table", "default", "%", "two words", "é")
    numbers = np.full(len(states), 1 / 3e7)
    numbers[0], numbers[1] = 0, 1e-300
    numbers[-1] += 1 - numbers.sum()
    names = ["table1", "variable", "Case", "case", "v000001", "5", "data", "node"]
    tables = [Table(name, (), numbers) for name in names[:-1]]
    tables.append(Table("node", ("case", "Case"), np.tile(numbers, (len(states),) * 2 + (1,))))
    network = Network(tuple(Variable(name, states) for name in names), tuple(tables))
    back = through(network, tmp_path / f"hard{ending}{packed}")
    assert_same(network, back, atol=0)


def test_gzip_has_no_time_stamp(tmp_path):
    write_network(two_parents(), tmp_path / "a.bif.gz")
    write_network(two_parents(), tmp_path / "b.bif.gz")
    assert (tmp_path / "a.bif.gz").read_bytes() == (tmp_path / "b.bif.gz").read_bytes()


def test_xdsl_is_the_same_each_time_and_draws_no_random_numbers(tmp_path):
    state = random.getstate()
    write_network(two_parents(), tmp_path / "a.xdsl")
    write_network(two_parents(), tmp_path / "b.xdsl")
    assert random.getstate() == state
    assert (tmp_path / "a.xdsl").read_bytes() == (tmp_path / "b.xdsl").read_bytes()


def test_xdsl_puts_parents_first(tmp_path):
    network = two_parents()
    assert through(network, tmp_path / "a.xdsl").names[-1] == "grade"


@pytest.mark.parametrize(
    ("ending", "bad"),
    [(".bif", 'say "a"'), (".net", "two words"), (".xdsl", "two words"), (".xml", " padded")],
)
def test_names_that_a_format_cannot_hold_are_refused(ending, bad, tmp_path):
    with pytest.raises(FormatError, match="cannot hold the variable"):
        write_network(two_parents(own=bad), tmp_path / f"a{ending}")
    assert not (tmp_path / f"a{ending}").exists()


# --- what other programs wrote ----------------------------------------------------------------


def read_text(text, name, tmp_path, encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return read_network(tmp_path / name)


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


def test_latin_1_is_read(tmp_path):
    text = "variable x { type discrete [2] { før, efter }; }\nprobability ( x ) { table 0.5, 0.5; }"
    assert read_text(text, "a.bif", tmp_path, "latin-1").variable("x").states[0] == "før"


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
    path = NETWORKS / f"{name}.bif.gz"
    if not path.exists():
        pytest.skip("the benchmark networks are not here")
    network = read_network(path)
    assert len(network.names) == SHARED[name]
    for family in network.families:
        np.testing.assert_allclose(family.table().sum(axis=-1), 1, rtol=0, atol=1e-12)
    for ending in (".xml", ".xdsl", ".net"):
        assert_same(network, through(network, tmp_path / f"a{ending}"), atol=0)


def test_states_of_child():
    path = NETWORKS / "child.bif.gz"
    if not path.exists():
        pytest.skip("the benchmark networks are not here")
    network = read_network(path)
    assert network.variable("LowerBodyO2").states == ("<5", "5-12", "12+")
    assert network.variable("ChestXray").states[-1] == "Asy/Patch"
    hypoxia = network.family("LowerBodyO2")
    assert hypoxia.parents == ("HypDistrib", "HypoxiaInO2")
    np.testing.assert_allclose(hypoxia.table()[1, 0], [0.4, 0.5, 0.1])


# --- mistakes ---------------------------------------------------------------------------------

BIF = """variable a { type discrete [ 2 ] { yes, no }; }
variable b { type discrete [ 2 ] { yes, no }; }
probability ( a ) { table 0.5, 0.5; }
probability ( b | a ) { (yes) 0.2, 0.8; (no) ROW; }
"""


def fails(path):
    """The message of the FormatError: one line that begins with the file."""
    with pytest.raises(FormatError) as caught:
        read_network(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    "content", [b"", b" \n", b"\x00\xff\xfe\x01", b"nonsense", b"<a/>", b"3 4"]
)
def test_files_that_are_something_else(ending, content, tmp_path):
    (tmp_path / f"a{ending}").write_bytes(content)
    fails(tmp_path / f"a{ending}")


@pytest.mark.parametrize("ending", FORMATS)
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
        assert ".xdsl, .uai, .net" in fails(tmp_path / name)
    with pytest.raises(FormatError, match="unknown ending"):
        write_network(two_parents(), tmp_path / "a.txt")
    with pytest.raises(FormatError, match="cannot be written"):
        write_network(two_parents(), tmp_path / "nowhere" / "a.bif")


def test_damaged_gzip(tmp_path):
    path = tmp_path / "a.bif.gz"
    path.write_bytes(b"plain")
    assert "not a whole gzip file" in fails(path)
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
        ("1e999, 0", "sums to inf"),
        ("1.2, -0.2", "table of 'b': entry"),
        ("0.5", "'b' has 3 probabilities, expected 4"),
        ("0.5, 0.3, 0.2", "'b' has 5 probabilities, expected 4"),
        ("0.5, 0.5; (no) 0.5, 0.5", "'b' has 6 probabilities, expected 4"),
        ("0.5, 0.5; default 0.5, 0.5", "'b' has a `default` row"),
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
        ("( b | a )", "( b | c )", "mention 'c', which is not defined"),
        ("variable b", "variable a", "'a' is defined twice"),
        ("probability ( a ) { table 0.5, 0.5; }", "", "'a' has no probabilities"),
        ("( a ) { table 0.5, 0.5;", "( a | b ) { (yes) 1, 0; (no) 0, 1;", "cycle: "),
        ("{ yes, no }", "{ yes, yes }", "state twice"),
        ("(yes) 0.2", "(maybe) 0.2", "'b' has a row (maybe)"),
        ("probability ( b", "probability ( a ) { table 1, 0; }\nprobability ( b", "'a' has two"),
    ],
)
def test_structures_at_fault_are_named(old, new, message, tmp_path):
    (tmp_path / "a.bif").write_text(BIF.replace("ROW", "0.5, 0.5").replace(old, new, 1))
    assert message in fails(tmp_path / "a.bif")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.uai", "MARKOV 1 2 1 1 0 2 0.5 0.5", "only BAYES"),
        ("a.uai", "BAYES 1 2 1 1 0 2 0.5", "ends too early"),
        ("a.uai", "BAYES 2 2 2 2 1 0 1 0 2 .5 .5 2 .5 .5", "exactly one function"),
        ("a.uai", "BAYES 1 2 1 1 0 4 .5 .5 .5 .5", "'v0' has 4 probabilities, expected 2"),
        ("a.uai", "BAYES 99999999999 2", "out of range"),
        ("a.uai", "BAYES 1 2 1 1 -1 2 .5 .5", "out of range"),
        ("a.uai", "BAYES 1 0 1 1 0 0", "'v0' has no states"),
        ("a.net", "utility u { }", "'u' is a utility node"),
        ("a.net", 'node x { states = ("a" "b"); } potential (x) { }', "its own data"),
        ("a.xdsl", '<smile id="x"><nodes><noisymax id="n"/></nodes></smile>', "'n' is a noisymax"),
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
