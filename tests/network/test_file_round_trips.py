"""Random networks through every kind of file: all posteriors stay, against brute force."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.interop import as_dne, as_dsl, assert_same, of_pgmpy, through
from support.networks import cases, joint_distribution, networks, with_evidence

from bayesnet.network import Network, NoisyMax, Table
from bayesnet.network.formats.files import read_network, write_network
from bayesnet.network.formats.kinds import KINDS, WRITTEN

# Each example overwrites the same files, so one temporary folder does for all of them.
SOME = settings(max_examples=20, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=5, suppress_health_check=list(HealthCheck))


def written(ending: str) -> Callable[[Network, Path], Network]:
    return lambda network, folder: through(network, folder / f"a{ending}")


def printed(text: Callable[[Network], str], ending: str) -> Callable[[Network, Path], Network]:
    def way(network: Network, folder: Path) -> Network:
        (folder / f"a{ending}").write_text(text(network))
        return read_network(folder / f"a{ending}")

    return way


WAYS = {
    **{ending: written(ending) for ending in WRITTEN},
    ".bif.gz": written(".bif.gz"),
    ".dne": printed(as_dne, ".dne"),
    ".dsl": printed(as_dsl, ".dsl"),
}


def test_every_kind_has_a_way():
    tried = {ending.removesuffix(".gz") for ending in WAYS}
    # An OOBN file without instances is a NET file in one class.
    assert {kind.name for kind in KINDS if not tried & set(kind.endings)} == {"OOBN"}


@pytest.mark.parametrize("ending", WAYS)
@SOME
@given(case=cases(6))
def test_posteriors_of_what_was_read_are_those_of_what_was_written(case, ending, tmp_path):
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    back = WAYS[ending](network, tmp_path)
    called = {name: name for name in network.names}
    if ending == ".uai":
        called = {name: f"v{at}" for at, name in enumerate(network.names)}
    told = {}
    for name, value in evidence.items():
        variable = back.variable(called[name])
        place = network.variable(name).states.index(value) if isinstance(value, str) else None
        told[variable.name] = value if place is None else variable.states[place]
    if joint.sum() == 0:
        assert back.compile().log_probability(told) == -np.inf
        return
    found = back.compile().marginals(told)
    for at, name in enumerate(network.names):
        if called[name] in found:
            others = tuple(axis for axis in range(joint.ndim) if axis != at)
            right = joint.sum(axis=others) / joint.sum()
            np.testing.assert_allclose(found[called[name]], right, rtol=0, atol=1e-9)


@SOME
@given(network=networks(6))
def test_xdsl_keeps_noisy_families_as_they_are_listed(network, tmp_path):
    back = through(network, tmp_path / "a.xdsl")
    assert set(back.names) == set(network.names)
    for family in network.families:
        found = back.family(family.variable)
        assert back.variable(family.variable) == network.variable(family.variable)
        assert found.parents == family.parents
        if isinstance(family, NoisyMax) and family.parents:
            assert isinstance(found, NoisyMax)
            assert found.lowest == family.lowest or len(family.leak) == 1
        else:
            assert isinstance(found, Table)
        np.testing.assert_allclose(found.table(), family.table(), rtol=1e-9, atol=1e-12)


@SOME
@given(network=networks(6), seed=st.integers(0, 99))
def test_what_is_read_is_written_again_to_the_same_bytes(network, seed, tmp_path):
    ending = WRITTEN[seed % len(WRITTEN)]
    once = through(through(network, tmp_path / f"a{ending}"), tmp_path / f"b{ending}")
    write_network(once, tmp_path / f"c{ending}")
    assert (tmp_path / f"b{ending}").read_bytes() == (tmp_path / f"c{ending}").read_bytes()


@pytest.mark.parametrize("ending", ["bif", "bifxml", "net"])
@FEW
@given(network=networks(5))
def test_pyagrum_finds_the_same_posteriors(network, ending, tmp_path):
    pyagrum = pytest.importorskip("pyagrum")
    write_network(network, tmp_path / f"a.{ending}")
    other = pyagrum.LazyPropagation(pyagrum.loadBN(str(tmp_path / f"a.{ending}")))
    for name, states in network.compile().marginals().to_dict().items():
        for state, probability in states.items():
            # It keeps the numbers of files in single precision.
            assert other.posterior(name)[{name: state}] == pytest.approx(probability, abs=1e-5)


@pytest.mark.parametrize(
    ("ending", "reader"),
    [("bif", "BIFReader"), ("xml", "XMLBIFReader"), ("net", "NETReader")],
)
@FEW
@given(network=networks(5))
def test_pgmpy_reads_the_same_tables(network, ending, reader, tmp_path):
    write_network(network, tmp_path / f"a.{ending}")
    read = Network.from_pgmpy(of_pgmpy(reader)(str(tmp_path / f"a.{ending}")).get_model())
    assert_same(network, read, atol=1e-12)
