"""Cases drawn from a network have its probabilities, without any table over all parents."""

import numpy as np
import pytest

from bayesnet import Network, NoisyMax, Table, Variable, noisy_or
from bayesnet.tuning.drawing import draw_many, drawn_further

MANY = 40_000


def three_states(lowest: int) -> Network:
    """An effect of three states with two parents; its lowest state is listed first or last."""
    low, middle, high = np.array([0.8, 0.15, 0.05]), np.array([0.3, 0.5, 0.2]), [1.0, 0.0, 0.0]
    turn = slice(None, None, -1 if lowest else 1)
    link = np.array([high, middle])[:, turn]
    variables = (*(Variable(n, ("no", "yes")) for n in "ab"), Variable("f", ("x", "y", "z")))
    parents = (Table("a", (), np.array([0.4, 0.6])), Table("b", ("a",), np.array([[0.9, 0.1]] * 2)))
    effect = NoisyMax("f", ("a", "b"), low[turn], (link, link), -1 if lowest else 0)
    return Network(variables, (*parents, effect))


@pytest.mark.parametrize("lowest", [0, -1])
def test_an_effect_is_drawn_as_its_table_says(lowest: int) -> None:
    network = three_states(lowest)
    drawn = draw_many(network, np.random.default_rng(3), MANY)
    for a in (0, 1):
        for b in (0, 1):
            rows = (drawn["a"] == a) & (drawn["b"] == b)
            found = np.bincount(drawn["f"][rows], minlength=3) / rows.sum()
            assert found == pytest.approx(network.family("f").table()[a, b], abs=0.03)


def test_sixty_parents_need_no_table() -> None:
    names = tuple(f"c{number}" for number in range(60))
    causes = tuple(Table(name, (), np.array([0.99, 0.01])) for name in names)
    effect = noisy_or("f", dict.fromkeys(names, 0.5), 0.1)
    variables = tuple(Variable(name, ("no", "yes")) for name in (*names, "f"))
    network = Network(variables, (*causes, effect))
    found = draw_many(network, np.random.default_rng(1), MANY)["f"].mean()
    assert found == pytest.approx(network.compile().marginals()["f"][1], abs=0.01)


def test_what_is_drawn_already_stays() -> None:
    given = np.array([1, 0, 1])
    found = drawn_further(three_states(0), np.random.default_rng(1), {"a": given}, ["b"], 3)
    assert set(found) == {"a", "b"}
    assert found["a"].tolist() == given.tolist()
