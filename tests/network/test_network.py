"""A network that does not hold together says which variable, shape or row is at fault."""

import numpy as np
import pytest

from bayesnet import Network, NetworkError, NoisyMax, Table, UnknownNameError, Variable, noisy_or
from bayesnet.errors import EvidenceError, ImpossibleEvidenceError, TooLargeError

A = Variable("a", ("no", "yes"))
B = Variable("b", ("no", "yes"))
ROOT = Table("a", (), np.array([0.3, 0.7]))


def test_a_row_that_does_not_sum_to_one_is_named():
    with pytest.raises(NetworkError, match=r"table of 'b': row \(1,\) sums to 1.1"):
        Network((A, B), (ROOT, Table("b", ("a",), np.array([[0.5, 0.5], [0.5, 0.6]]))))


def test_a_wrong_shape_is_named_with_the_expected_one():
    with pytest.raises(NetworkError, match=r"shape \(2,\), expected \(2, 2\)"):
        Network((A, B), (ROOT, Table("b", ("a",), np.array([0.5, 0.5]))))


@pytest.mark.parametrize("bad", [-0.1, 1.2, np.nan, np.inf])
def test_an_entry_outside_zero_to_one_is_named(bad):
    with pytest.raises(NetworkError, match=r"entry \(1,\) is"):
        Network((A,), (Table("a", (), np.array([0.5, bad])),))


def test_an_unknown_parent_comes_with_the_nearest_name():
    with pytest.raises(NetworkError, match="unknown parent of 'b': 'aa'; did you mean 'a'"):
        Network((A, B), (ROOT, Table("b", ("aa",), np.array([[0.5, 0.5], [0.5, 0.5]]))))


def test_a_cycle_is_named():
    table = np.array([[0.5, 0.5], [0.5, 0.5]])
    with pytest.raises(NetworkError, match=r"cycle: (a -> b -> a|b -> a -> b)"):
        Network((A, B), (Table("a", ("b",), table), Table("b", ("a",), table)))


def test_families_and_variables_must_match():
    with pytest.raises(NetworkError, match="exactly one family; look at 'b'"):
        Network((A, B), (ROOT,))
    with pytest.raises(NetworkError, match="'a' is defined twice"):
        Network((A, A), (ROOT, ROOT))


def test_a_link_of_the_wrong_shape_is_named():
    leak = np.array([0.9, 0.1])
    with pytest.raises(NetworkError, match="link from 'a' to 'b'"):
        Network((A, B), (ROOT, NoisyMax("b", ("a",), leak, (np.array([1.0, 0.0]),))))


def test_noisy_or_with_sixty_parents_is_never_expanded():
    names = [f"c{i}" for i in range(60)]
    variables = [Variable(name, ("no", "yes")) for name in names]
    roots = [Table(name, (), np.array([0.9, 0.1])) for name in names]
    finding = noisy_or("f", dict.fromkeys(names, 0.4), 0.05)
    network = Network((*variables, Variable("f", ("no", "yes"))), (*roots, finding))
    with pytest.raises(TooLargeError, match="full table of 'f'"):
        finding.table()
    engine = network.compile()
    absent = 0.95 * (1 - 0.1 * 0.4) ** 60
    assert engine.marginals()["f"][0] == pytest.approx(absent, abs=1e-12)
    given = engine.marginals({"f": "yes"})["c7"][1]
    expected = (0.1 - 0.1 * 0.6 * 0.95 * (1 - 0.04) ** 59) / (1 - absent)
    assert given == pytest.approx(expected, abs=1e-12)


def test_a_network_over_the_budget_is_refused_with_its_size():
    names = [f"x{i}" for i in range(24)]
    variables = [Variable(name, ("no", "yes")) for name in names]
    families = [Table(names[0], (), np.array([0.5, 0.5]))]
    random = np.random.default_rng(0)
    for i in range(1, 24):
        parents = tuple(names[max(0, i - 12) : i])
        rows = random.random((2,) * len(parents))
        # The same with every state turned round, so that each marginal is a half.
        yes = (1 + rows - np.flip(rows)) / 2
        families.append(Table(names[i], parents, np.stack([1 - yes, yes], axis=-1)))
    network = Network(tuple(variables), tuple(families))
    with pytest.raises(TooLargeError) as raised:
        network.compile(memory_budget=100_000)
    assert raised.value.needed > 100_000
    assert "KiB" in str(raised.value) or "MiB" in str(raised.value)
    assert network.compile().marginals()["x23"][1] == pytest.approx(0.5)


def test_unknown_variables_and_states_are_errors_with_the_nearest_names():
    engine = Network((A,), (ROOT,)).compile()
    with pytest.raises(UnknownNameError, match="unknown state of 'a': 'yess'; did you mean 'yes'"):
        engine.marginals({"a": "yess"})
    with pytest.raises(UnknownNameError, match="unknown variable"):
        engine.marginals({"aaaa": "yes"})
    with pytest.raises(EvidenceError, match="needs 2 numbers"):
        engine.marginals({"a": [0.1, 0.2, 0.3]})


def test_true_and_false_stand_for_yes_and_no():
    engine = Network(
        (A, B), (ROOT, Table("b", ("a",), np.array([[0.9, 0.1], [0.2, 0.8]])))
    ).compile()
    assert engine.marginals({"a": True})["b"][1] == pytest.approx(0.8)
    assert engine.marginals({"a": False})["b"][1] == pytest.approx(0.1)
    assert engine.marginals({"a": None})["b"][1] == pytest.approx(0.3 * 0.1 + 0.7 * 0.8)


def test_printing_an_engine_shows_cliques_cost_and_memory():
    shown = str(Network((A, B), (ROOT, noisy_or("b", {"a": 0.5}, 0.1))).compile())
    for word in ("cliques", "cost", "memory", "noisy-MAX", "entries: a"):
        assert word in shown
    assert "1 of them noisy-MAX" in shown


def test_a_query_does_not_change_the_engine():
    engine = Network((A, B), (ROOT, noisy_or("b", {"a": 0.5}, 0.1))).compile()
    before = engine.marginals()
    engine.marginals({"b": "yes"})
    engine.most_probable({"b": "yes"}, k=3)
    engine.information(["a"], ["b"])
    after = engine.marginals()
    for name, values in before.items():
        assert (values == after[name]).all()


def test_the_same_input_gives_the_same_bits():
    first = Network((A, B), (ROOT, noisy_or("b", {"a": 0.5}, 0.1))).compile()
    second = Network((A, B), (ROOT, noisy_or("b", {"a": 0.5}, 0.1))).compile()
    for name, values in first.marginals({"b": "yes"}).items():
        assert values.tobytes() == second.marginals({"b": "yes"})[name].tobytes()


def test_the_conflict_named_is_a_smallest_one_not_only_one_that_cannot_shrink():
    half = np.array([0.5, 0.5])
    names = ("a", "copy", "c", "d", "differ")
    xor = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]]], dtype=float)
    families = (
        Table("a", (), half),
        Table("copy", ("a",), np.eye(2)),
        Table("c", (), half),
        Table("d", (), half),
        Table("differ", ("c", "d"), xor),
    )
    network = Network(tuple(Variable(name, ("no", "yes")) for name in names), families)
    evidence = {"a": "no", "copy": "yes", "c": "no", "d": "no", "differ": "yes"}
    with pytest.raises(ImpossibleEvidenceError) as raised:
        network.compile().marginals(evidence)
    assert raised.value.conflicting == ("a = no", "copy = yes")
