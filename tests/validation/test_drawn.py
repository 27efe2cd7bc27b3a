"""Models drawn from the uncertainty of their numbers: still models, and spread as stated."""

import numpy as np
import pytest
from lbp_validation.simulation.sampled_models import (
    sampled_description,
    sampled_number,
    sampled_risk,
)
from msgspec import structs
from support.models import gearbox

from bayesnet.model.format.description import Identity, ModelDescription
from bayesnet.model.format.numbers import Effect, Frequency, RiskRow
from bayesnet.model.format.variables import Cause, Choices, Finding, QuestionSpec, RiskFactor
from bayesnet.model.lookup.scope import frequencies
from bayesnet.model.solving.network_of import build_network
from bayesnet.model.solving.parameters import solve

SOURCE = ("expert judgement",)
ASKED = QuestionSpec(question="?", group="history")
IDENTITY = Identity(id="m", version="1", title="t", setting="s", disclaimer="d")
DRAWS = 4000


def whole_model() -> ModelDescription:
    return gearbox().description


def frequency(value: float, interval: tuple[float, float]) -> Frequency:
    return Frequency(value=value, interval=interval, source=SOURCE)


def quantiles(values: list[float]) -> list[float]:
    return np.quantile(values, [0.025, 0.5, 0.975]).tolist()


def test_an_interval_has_its_ends_and_its_number_as_quantiles() -> None:
    rng = np.random.default_rng(1)
    number = frequency(0.1, (0.02, 0.15))
    found = quantiles([sampled_number(number, rng).value or 0.0 for _ in range(DRAWS)])
    assert found == pytest.approx([0.02, 0.1, 0.15], rel=0.06)


def test_a_relative_risk_has_its_ends_and_itself_as_quantiles() -> None:
    rng = np.random.default_rng(1)
    row = RiskRow(factor="f", relative_risk=2.0, interval=(0.9, 3.0), source=SOURCE)
    found = quantiles([sampled_risk(row, rng).relative_risk for _ in range(DRAWS)])
    assert found == pytest.approx([0.9, 2.0, 3.0], rel=0.06)


def test_a_sample_size_is_the_spread_around_the_mean() -> None:
    rng = np.random.default_rng(1)
    number = Frequency(values={"a": 0.7, "b": 0.3, "c": 0.0}, sample_size=20, source=SOURCE)
    drawn = [sampled_number(number, rng).values or {} for _ in range(DRAWS)]
    first = np.array([each["a"] for each in drawn])
    assert first.mean() == pytest.approx(0.7, abs=0.01)
    assert first.var() == pytest.approx(0.7 * 0.3 / 21, rel=0.1)
    assert all(each["c"] == 0.0 for each in drawn)


def test_what_is_certain_stays() -> None:
    rng = np.random.default_rng(1)
    sure = frequency(0.0, (0.0, 0.0))
    bare = Frequency(value=0.3, source=SOURCE)
    assert sampled_number(sure, rng) == sure
    assert sampled_number(bare, rng) == bare


def known_names(description: ModelDescription) -> list[str]:
    sections = (description.risk_factors, description.causes, description.shared)
    return [name for section in (*sections, description.findings) for name in section]


@pytest.mark.parametrize("seed", range(4))
def test_a_drawn_model_is_a_model(seed: int) -> None:
    drawn = sampled_description(whole_model(), np.random.default_rng(seed))
    nodes, problems = solve(drawn)
    assert problems == ()
    assert set(build_network(nodes).names) >= set(known_names(whole_model()))
    for (path, number, states), (_, before, _) in zip(
        frequencies(drawn), frequencies(whole_model()), strict=True
    ):
        chances = [number.value] if number.values is None else list(number.values.values())
        assert all(chance is not None and 0 <= chance <= 1 for chance in chances), path
        assert number.values is None or tuple(number.values) == states
        assert number.values is None or sum(number.values.values()) == pytest.approx(1, abs=1e-9)
        assert (number.interval, number.source) == (before.interval, before.source)


def test_prevalences_are_drawn_and_mean_what_they_say() -> None:
    drawn = sampled_description(whole_model(), np.random.default_rng(7))
    prior = build_network(solve(drawn)[0]).compile().marginals(variables=drawn.causes)
    for name, cause in drawn.causes.items():
        assert cause.prevalence.value != whole_model().causes[name].prevalence.value
        assert prior[name][1] == pytest.approx(cause.prevalence.value, abs=1e-9)


def test_the_seed_decides() -> None:
    first, again, other = (
        sampled_description(whole_model(), np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    assert first == again
    assert first.causes["worn_bearing"] != other.causes["worn_bearing"]


def wide(value: float) -> Frequency:
    return frequency(value, (value / 4, min(0.99, value * 4)))


def effect(number: Frequency, lowers: bool = False) -> Effect:
    return Effect(**structs.asdict(number), lowers=lowers)


def tight_model() -> ModelDescription:
    """Causes and states that many draws would make impossible."""
    rows = tuple(
        RiskRow(factor=f"r{i}", relative_risk=2.5, interval=(0.5, 12.0), source=SOURCE)
        for i in range(3)
    )
    states = ("none", "some", "much")
    values = {"none": 0.6, "some": 0.25, "much": 0.15}
    base = Frequency(values=values, sample_size=10, source=SOURCE)
    factor = RiskFactor(label="r", asked=ASKED, frequency=wide(0.3))
    finding = Finding(
        label="f",
        asked=ASKED,
        answer=Choices(states=states),
        background=base,
        causes={"c": effect(structs.replace(base, values={**values, "none": 0.5, "much": 0.25}))},
    )
    plain = Finding(label="g", asked=ASKED, background=wide(0.2), causes={"c": effect(wide(0.21))})
    lowered = Finding(
        label="h",
        asked=ASKED,
        answer=Choices(states=states),
        background=base,
        causes={
            "c": effect(structs.replace(base, values={"none": 0.7, "some": 0.2, "much": 0.1}), True)
        },
    )
    fewer = Finding(
        label="i", asked=ASKED, background=wide(0.2), causes={"c": effect(wide(0.19), lowers=True)}
    )
    cause = Cause(label="c", about="c", prevalence=wide(0.2), risk_factors=rows)
    return ModelDescription(
        model=IDENTITY,
        risk_factors={f"r{i}": factor for i in range(3)},
        causes={"c": cause},
        findings={"f": finding, "g": plain, "h": lowered, "i": fewer},
    )


def test_what_cannot_be_is_clipped_and_no_further() -> None:
    raised = capped = shrunk = 0
    for seed in range(20):
        drawn = sampled_description(tight_model(), np.random.default_rng(seed))
        assert solve(drawn)[1] == ()
        plain, cause = drawn.findings["g"], drawn.causes["c"]
        raised += plain.causes["c"].value == plain.background.value
        fewer = drawn.findings["i"]
        capped += fewer.causes["c"].value == fewer.background.value
        stronger = tuple(
            structs.replace(row, relative_risk=row.relative_risk**1.001)
            for row in cause.risk_factors
        )
        tempted = {"c": structs.replace(cause, risk_factors=stronger)}
        shrunk += bool(solve(structs.replace(drawn, causes=tempted))[1])
    assert 5 <= raised <= 15
    assert 5 <= capped <= 15
    assert 2 <= shrunk <= 18
