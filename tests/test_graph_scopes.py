"""The scopes that are triangulated are those of the factors that fill the tree."""

from random import Random

import pytest

from bayesnet.tape.engine import Engine
from bayesnet.lowering import HARD, LOWEST, SOFT, arrange, fill_in, lower
from bayesnet.network import NoisyMax


@pytest.mark.parametrize("seed", range(20))
def test_factors_lie_in_the_scopes_arranged(model, seed):
    network = model.network
    parents = Engine(network).plans.parents
    random = Random(seed)
    everything = range(len(parents))
    pattern = tuple(
        (v, random.choice((HARD, SOFT, LOWEST)))
        if isinstance(network.families[v], NoisyMax)
        else (v, random.choice((HARD, SOFT)))
        for v in sorted(random.sample(everything, 30))
    )
    hard = {variable for variable, how in pattern if how != SOFT}
    core = [variable for variable in everything if variable not in hard]
    rank = {variable: random.random() for variable in core}
    arrangement = arrange(network, parents, pattern, core, rank)
    lowered = fill_in(network, parents, pattern, core, arrangement)
    arranged = [scope for family in arrangement.scopes for scope in family if scope]
    assert [factor.scope for factor in lowered.factors if factor.scope] == arranged
    assert lowered.sizes == arrangement.sizes
    again = lower(network, parents, pattern, core, rank)
    assert [factor.scope for factor in again.factors] == [f.scope for f in lowered.factors]
