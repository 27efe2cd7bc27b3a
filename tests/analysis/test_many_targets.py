"""Targets whose joint is too large for a table: far-off ones change nothing that is read."""

import numpy as np
import pytest
from support.networks import two_state

from bayesnet import Engine, Network, Table, noisy_or
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import encode_case

NEAR = [f"near{at}" for at in range(4)]
FAR = [f"far{at}" for at in range(30)]
SIGNS = ["first", "second", "third"]


def network(causes: list[str]) -> Network:
    """Likely causes behind three signs, and rare ones that none of these shows."""
    families = [
        Table(name, (), np.array([0.7, 0.3]) if name in NEAR else np.array([0.999, 0.001]))
        for name in causes
    ]
    signs = [
        noisy_or("first", {"near0": 0.8, "near1": 0.3}, 0.1),
        noisy_or("second", {"near1": 0.6, "near2": 0.5, "near3": 0.2}, 0.2),
        noisy_or("third", {"near0": 0.4, "near3": 0.9}, 0.05),
    ]
    variables = tuple(map(two_state, [*causes, *SIGNS]))
    return Network(variables, (*families, *signs))


def study_of(causes: list[str], evidence: dict[str, str]):
    engine = Engine(network(causes))
    place = engine.network.position
    case = cases_of(encode_case(engine.network, evidence))[0]
    asked = [place(name) for name in SIGNS if name not in evidence]
    found = engine.inference.study(case, [place(name) for name in causes], asked)
    return engine.network, found


@pytest.mark.parametrize("evidence", [{}, {"first": "yes"}, {"first": "yes", "third": "no"}])
def test_far_targets_change_nothing_of_what_is_read(evidence):
    few, alone = study_of(NEAR, evidence)
    many, among = study_of([*FAR[:15], *NEAR, *FAR[15:]], evidence)
    for name in NEAR:
        one, other = alone.marginal(few.position(name)), among.marginal(many.position(name))
        np.testing.assert_allclose(one, other)
    for name in set(SIGNS) - set(evidence):
        at, place = few.position(name), many.position(name)
        assert among.bits[place] == pytest.approx(alone.bits[at])
        np.testing.assert_allclose(among.answers[place], alone.answers[at])
    some = [NEAR[1], NEAR[3]]
    about = alone.bits_about([few.position(name) for name in some])
    again = among.bits_about([many.position(name) for name in [*some, FAR[0]]])
    for name in set(SIGNS) - set(evidence):
        assert again[many.position(name)] == pytest.approx(about[few.position(name)])


def test_a_table_weighs_questions_as_a_study_does():
    evidence = {"first": "yes"}
    many, among = study_of([*NEAR, *FAR], evidence)
    inference = Engine(many).inference
    causes = [many.position(name) for name in [*NEAR, *FAR]]
    asked = [many.position(name) for name in SIGNS]
    case = cases_of(encode_case(many, evidence))[0]
    told = inference.weighed_many([case], causes, causes, asked)[:, 0]
    np.testing.assert_allclose(told, [among.bits.get(at, 0.0) for at in asked])
