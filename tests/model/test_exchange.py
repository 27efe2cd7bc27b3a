"""Models to network files of other programs and back: the same posteriors, what is lost said."""

import gzip
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from support.benchmark_networks import benchmark_network
from support.cli import refused, run
from support.models import gearbox

import bayesnet
from bayesnet.errors import EvidenceError, FormatError
from bayesnet.model.starting.from_network import model_of
from bayesnet.network import Network, Table, Variable, noisy_or, topological_order
from bayesnet.network.formats import files
from bayesnet.network.formats.files import read_network, write_network
from bayesnet.network.labelled import Marginals

pytestmark = pytest.mark.usefixtures("in_folder")

EACH = [".bif", ".xmlbif", ".xdsl", ".uai", ".net"]
"""An ending of each format."""
NO_YES, YES_NO = ("no", "yes"), ("yes", "no")


@cache
def car() -> Network:
    return bayesnet.load_model("car-start").network


Codes = dict[str, np.ndarray]
"""{observed variable: the position of its state in each case}."""


@cache
def evidence_sets(network: Network) -> tuple[Codes, ...]:
    """A hundred cases drawn from the network, of each twenty other variables."""
    rng = np.random.default_rng(1)
    drawn: Codes = {}
    for name in topological_order({f.variable: f.parents for f in network.families}):
        family = network.family(name)
        parents = tuple(drawn[parent] for parent in family.parents)
        rows = np.broadcast_to(family.table()[parents], (100, len(network.states(name))))
        drawn[name] = (rng.random((100, 1)) * rows.sum(axis=1, keepdims=True)
                       > np.cumsum(rows, axis=1)).sum(axis=1)  # fmt: skip
    found = []
    for at in range(5):
        some = rng.choice(network.names, size=at + 1, replace=False)
        found.append({str(name): drawn[str(name)][20 * at : 20 * at + 20] for name in some})
    return tuple(found)


@cache
def posteriors(network: Network) -> list[Marginals]:
    engine = network.compile()
    return [engine.marginals_many(network.state_names(each)) for each in evidence_sets(network)]


def assert_same_posteriors(
    first: Network, second: Network, called: Mapping[str, str] | None = None, turned: bool = False
) -> None:
    """Equal to 1e-9 in each case.

    called: what the second calls the variables; turned: it has two states in the other order.
    """
    engine = second.compile()
    names = called or {name: name for name in first.names}

    def place(name: str, codes: np.ndarray) -> np.ndarray:
        return 1 - codes if turned and len(first.states(name)) == 2 else codes

    for given, found in zip(evidence_sets(first), posteriors(first), strict=True):
        codes = {names[name]: place(name, each) for name, each in given.items()}
        again = engine.marginals_many(second.state_names(codes))
        for name, array in found.arrays.items():
            order = place(name, np.arange(array.shape[1]))
            there = again.arrays[names[name]][:, order]
            np.testing.assert_allclose(there, array, rtol=0, atol=1e-9)


def as_numbered(network: Network) -> dict[str, str]:
    """The names that UAI gives."""
    return {name: f"v{at}" for at, name in enumerate(network.names)}


@pytest.mark.parametrize("ending", EACH)
def test_the_car_through_each_format_keeps_its_posteriors(ending):
    said = run("model", "export", "car-start", "-o", f"car{ending}")
    assert said.exit_code == 0, said.output
    assert "does not hold" in said.output
    called = as_numbered(car()) if ending == ".uai" else None
    assert_same_posteriors(car(), read_network(f"car{ending}"), called)


@pytest.mark.parametrize("ending", EACH)
def test_alarm_through_each_format_keeps_its_posteriors(ending):
    alarm = benchmark_network("alarm")
    write_network(alarm, f"alarm{ending}")
    called = as_numbered(alarm) if ending == ".uai" else None
    assert_same_posteriors(alarm, read_network(f"alarm{ending}"), called)


@pytest.mark.parametrize("ending", ["bif", "xmlbif"])
def test_another_library_reads_the_exported_car(ending):
    pyagrum = pytest.importorskip("pyagrum")
    assert run("model", "export", "car-start", "-o", f"car.{ending}").exit_code == 0
    if ending == "xmlbif":
        Path("car.xmlbif").rename("car.bifxml")
        ending = "bifxml"
    other = pyagrum.LazyPropagation(pyagrum.loadBN(f"car.{ending}"))
    engine = car().compile()
    for codes in evidence_sets(car()):
        given = {name: str(car().states(name)[each[0]]) for name, each in codes.items()}
        other.setEvidence(given)
        found = engine.marginals(given)
        for name in found.arrays:
            posterior = other.posterior(name)
            for state in car().states(name):
                # It keeps the numbers of files in single precision.
                assert posterior[{name: state}] == pytest.approx(found[name][state], abs=1e-6)


def test_what_a_format_does_not_hold_is_listed():
    said = " ".join(run("model", "export", "car-start", "-o", "car.uai").output.split())
    for each in ("sources", "11 causes", "3 rules", "6 pathways", "battery_voltage", "noisy-OR"):
        assert each in said
    assert "names: variables and states are numbered" in said
    named = run("model", "export", "car-start", "-o", "car.bif").output
    assert "are numbered" not in named
    assert "noisy-OR" not in run("model", "export", "car-start", "-o", "car.xdsl").output


def test_a_packed_file_holds_the_same():
    for name in ("car.bif", "car.bif.gz"):
        assert run("model", "export", "car-start", "-o", name).exit_code == 0
    assert gzip.decompress(Path("car.bif.gz").read_bytes()) == Path("car.bif").read_bytes()


def test_tables_that_are_too_large_are_refused_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(files, "MOST_NUMBERS", 300)
    Path("car.bif").write_text("mine")
    said = refused("model", "export", "car-start", "-o", "car.bif", code=2)
    assert re.search(r"144 of them in the table of 'flat_battery' over its 5 parents", said)
    assert Path("car.bif").read_text() == "mine"


def test_a_hundred_parents_are_refused_and_not_tried():
    names = [f"c{i}" for i in range(100)]
    roots = [Table(name, (), np.array([0.9, 0.1])) for name in names]
    wide = noisy_or("wide", dict.fromkeys(names, 0.1), 0.01)
    network = Network(tuple(Variable(n, NO_YES) for n in (*names, "wide")), (*roots, wide))
    with pytest.raises(FormatError, match="'wide' over its 100 parents"):
        write_network(network, "a.bif")


@pytest.mark.parametrize("out", ["car.foo", "car", "no/car.bif"])
def test_a_file_that_cannot_be_written_is_named(out):
    said = run("model", "export", "car-start", "-o", out)
    assert said.exit_code in (1, 2)
    assert out in said.stderr
    assert not Path(out).exists()


# --- import ------------------------------------------------------------------------------------


def of_causes(states: tuple[str, str] = NO_YES) -> Network:
    """Two causes, one with two risk factors; findings with two and three states."""
    at = slice(None, None, 1 if states == NO_YES else -1)
    levels = ("None at all", "some", "MUCH")
    leak, first, other = [0.8, 0.15, 0.05], [0.5, 0.3, 0.2], [0.3, 0.3, 0.4]
    both = np.diff([0, 0.5 * 0.3 / 0.8, 0.8 * 0.6 / 0.95, 1])
    return Network(
        (
            Variable("Load", levels),
            Variable("old oil", states),
            Variable("Worn", states),
            Variable("loose", states),
            Variable("whine", states),
            Variable("heat", levels),
            Variable("told", states),
        ),
        (
            Table("Load", (), np.array([0.5, 0.3, 0.2])),
            Table("old oil", (), np.array([0.7, 0.3])[at]),
            Table("Worn", ("old oil", "Load"), np.stack(
                [np.outer([0.95, 0.6][at], [0.9, 0.8, 0.5]),
                 1 - np.outer([0.95, 0.6][at], [0.9, 0.8, 0.5])], axis=-1)[..., at]),
            Table("loose", (), np.array([0.8, 0.2])[at]),
            Table("whine", ("Worn",), np.array([[0.9, 0.1], [0.3, 0.7]])[at, at]),
            Table("heat", ("loose", "Worn"), np.array([[leak, first], [other, both]])[at][:, at]),
            Table("told", (), np.array([0.6, 0.4])[at]),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("states", [NO_YES, YES_NO])
def test_a_network_of_causes_becomes_a_model_with_its_posteriors(states):
    network = of_causes(states)
    write_network(network, "worn gear.bif")
    said = run("model", "import", "worn gear.bif", "-o", "gear.yaml", "--title", "A gear: worn")
    assert said.exit_code == 0, said.output
    assert run("model", "check", "gear.yaml").exit_code == 0
    model = bayesnet.load_model("gear.yaml")
    assert model.description.model.title == "A gear: worn"
    ids = {name: name.lower().replace(" ", "_") for name in network.names}
    assert_same_posteriors(network, model.network, ids, turned=states == YES_NO)


def test_what_a_model_file_cannot_say_is_named():
    write_network(gearbox().network, "gearbox.bif")
    said = refused("model", "import", "gearbox.bif", "-o", "gear.yaml")
    assert "it cannot say: '" in said
    assert "which do so too" in said
    assert not Path("gear.yaml").exists()


def changed(name: str, parents: tuple[str, ...], values: np.ndarray) -> Network:
    whole = of_causes()
    families = [each for each in whole.families if each.variable != name]
    return Network(whole.variables, (*families, Table(name, parents, values)))


@pytest.mark.parametrize(
    ("network", "says"),
    [
        (lambda: changed("whine", ("Worn",), np.array([[0.3, 0.7], [0.9, 0.1]])), "no noisy-MAX"),
        (
            lambda: changed("Worn", ("old oil", "loose"), np.array([[[0.9, 0.1], [0.1, 0.9]]] * 2)),
            "depends on 'loose'",
        ),
        (
            lambda: changed("Worn", ("old oil",), np.array([[1.0, 0.0], [0.5, 0.5]])),
            "'Worn' is certain or impossible",
        ),
    ],
)
def test_each_way_not_to_fit_is_said(network, says):
    with pytest.raises(EvidenceError, match=says):
        model_of(network(), Path("a.bif"))


def test_states_that_mean_neither_yes_nor_no_are_named():
    network = of_causes()
    variables = tuple(
        Variable(each.name, ("low", "high")) if each.name == "loose" else each
        for each in network.variables
    )
    with pytest.raises(EvidenceError, match="'loose' has the states low, high; a cause has two"):
        model_of(Network(variables, network.families), Path("a.bif"))


def test_names_that_become_one_id_are_named():
    variables = (Variable("a b", NO_YES), Variable("A-B", NO_YES))
    families = (Table("a b", (), np.array([0.9, 0.1])), Table("A-B", (), np.array([0.9, 0.1])))
    with pytest.raises(EvidenceError, match="'a b' and 'A-B' would both be 'a_b'"):
        model_of(Network(variables, families), Path("a.bif"))


def test_an_import_never_writes_over_a_file():
    write_network(of_causes(), "a.bif")
    Path("gear.yaml").write_text("mine")
    assert "there already" in refused("model", "import", "a.bif", "-o", "gear.yaml", code=1)
    assert Path("gear.yaml").read_text() == "mine"
