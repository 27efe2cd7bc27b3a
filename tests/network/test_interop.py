"""Networks through pgmpy and through files: nothing lost, nothing changed."""

import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.interop import assert_same, through, two_parents
from support.paths import ROOT

from bayesnet.errors import FormatError, NetworkError
from bayesnet.network import Network, Table, Variable, noisy_or
from bayesnet.network.formats.files import write_network
from bayesnet.network.formats.kinds import WRITTEN

# Each example overwrites the same files, so one temporary folder does for all of them.
SOME = settings(max_examples=40, suppress_health_check=list(HealthCheck))
NAMED = [ending for ending in WRITTEN if ending != ".uai"]

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


# --- pgmpy models -----------------------------------------------------------------------------


@pytest.fixture
def pgmpy():
    """Imported late, since it takes seconds: not while tests are collected."""
    import pgmpy.factors.discrete
    import pgmpy.models

    return pgmpy


def test_axes_to_pgmpy():
    network = two_parents()
    cpd = network.to_pgmpy().get_cpds("grade")
    assert cpd.variables == ["grade", "effort", "talent"]
    value = cpd.get_value(grade="b", effort="high", talent="z")
    assert value == network.family("grade").table()[1, 2, 1]


def test_axes_from_pgmpy(pgmpy):
    model = pgmpy.models.DiscreteBayesianNetwork([("q", "c"), ("p", "c")])
    columns = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]])
    names = {"c": ["no", "yes"], "p": ["a", "b"], "q": ["x", "y", "z"]}
    model.add_cpds(
        pgmpy.factors.discrete.TabularCPD("c", 2, columns, ["p", "q"], [2, 3], state_names=names),
        pgmpy.factors.discrete.TabularCPD("p", 2, [[0.5], [0.5]], state_names={"p": ["a", "b"]}),
        pgmpy.factors.discrete.TabularCPD(
            "q", 3, [[0.2], [0.2], [0.6]], state_names={"q": ["x", "y", "z"]}
        ),
    )
    network = Network.from_pgmpy(model)
    assert network.family("c").parents == ("p", "q")
    assert network.variable("q").states == ("x", "y", "z")
    np.testing.assert_array_equal(network.family("c").table()[1, 0], [0.4, 0.6])


@SOME
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
    back = Network.from_pgmpy(network.to_pgmpy())
    np.testing.assert_allclose(back.family("pain").table(), noisy.table(), atol=1e-15)


def test_names_that_are_no_strings_become_strings(pgmpy):
    model = pgmpy.models.DiscreteBayesianNetwork([(1, 2)])
    model.add_cpds(
        pgmpy.factors.discrete.TabularCPD(1, 2, [[0.5], [0.5]]),
        pgmpy.factors.discrete.TabularCPD(2, 2, [[0.1, 0.2], [0.9, 0.8]], [1], [2]),
    )
    network = Network.from_pgmpy(model)
    assert network.names == ("1", "2")
    assert network.variable("2").states == ("0", "1")


def test_rounded_rows_of_a_model_are_scaled(pgmpy):
    model = pgmpy.models.DiscreteBayesianNetwork()
    model.add_node("x")
    model.add_cpds(pgmpy.factors.discrete.TabularCPD("x", 3, [[0.333], [0.333], [0.333]]))
    np.testing.assert_allclose(Network.from_pgmpy(model).family("x").table(), 1 / 3)


def test_models_that_fail_the_check_are_refused(pgmpy):
    model = pgmpy.models.DiscreteBayesianNetwork([("x", "y")])
    with pytest.raises(NetworkError, match="check_model: No CPD"):
        Network.from_pgmpy(model)
    with pytest.raises(NetworkError, match="got a dict"):
        Network.from_pgmpy({})


def test_files_are_read_without_pgmpy(tmp_path):
    for ending in WRITTEN:
        write_network(two_parents(), tmp_path / f"a{ending}")
    files = [str(tmp_path / f"a{ending}") for ending in WRITTEN]
    code = "import sys, bayesnet; [bayesnet.read_network(file) for file in sys.argv[1:]]; "
    code += "sys.exit('pgmpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *files], cwd=ROOT, check=False)
    assert done.returncode == 0


# --- round trips through files ----------------------------------------------------------------


@pytest.mark.parametrize("ending", [e for e in NAMED if e != ".net"])
@SOME
@given(network=networks())
def test_round_trip(network, ending, tmp_path):
    if ending != ".xdsl":
        assert through(network, tmp_path / f"a{ending}").names == network.names
    assert_same(network, through(network, tmp_path / f"a{ending}"), atol=0)


@SOME
@given(network=networks(names=NET_NAMES))
def test_round_trip_of_net(network, tmp_path):
    back = through(network, tmp_path / "a.net")
    assert back.names == network.names
    assert_same(network, back, atol=0)


@SOME
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
