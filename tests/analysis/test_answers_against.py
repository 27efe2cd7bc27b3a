"""The answer that speaks most against a target is found before any evidence."""

import pytest
from support.models import gearbox


def test_no_other_answer_makes_a_cause_less_probable():
    model = gearbox()
    inference, network = model.engine.inference, model.network
    cause = next(iter(model.causes))
    asked = [name for name in model.findings if name in network.names]
    found = inference.answers_against(
        network.position(cause), [network.position(name) for name in asked]
    )
    prior = model.engine.marginals({}, [cause])[cause]["yes"]
    for name in asked:
        states = network.variable(name).states
        each = [model.engine.marginals({name: state}, [cause])[cause]["yes"] for state in states]
        against = found[network.position(name)]
        assert each[against.state] == pytest.approx(min(each), abs=1e-12), name
        assert against.takes == pytest.approx(1 - min(each) / prior, abs=1e-9), name
