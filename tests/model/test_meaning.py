"""Every number of every shipped model, and of the gearbox, means what the file says."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from msgspec import structs
from support.budget import examples
from support.models import gearbox
from support.reader import MODEL, changed, problems, read

import bayesnet
from bayesnet.diagnosis.implied import implied_number
from bayesnet.engine import Engine
from bayesnet.model.format.description import Identity, ModelDescription
from bayesnet.model.format.numbers import ConditionalFrequency, Effect, Frequency, RiskRow
from bayesnet.model.format.variables import (
    Cause,
    Choices,
    Finding,
    QuestionSpec,
    RiskFactor,
    Shared,
)
from bayesnet.model.lookup.scope import frequencies
from bayesnet.model.shipped import shipped_models
from bayesnet.model.solving.network_of import build_network
from bayesnet.model.solving.parameters import solvable, solve


def misread(description: ModelDescription, engine: Engine) -> dict:
    """{path: (said, implied)} of the numbers that the network makes something else of."""
    said = {
        path: np.array(
            [number.values[state] for state in states]
            if number.values
            else [1 - number.value, number.value]
        )
        for path, number, states in frequencies(description)
    }
    for name, cause in description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            assert isinstance(row, RiskRow)
            said["causes", name, "risk_factors", at] = np.array([row.relative_risk])
    found = {path: implied_number(description, engine, path) for path in said}
    return {
        path: (number, found[path])
        for path, number in said.items()
        if not np.allclose(number, found[path], rtol=1e-9, atol=1e-9)
    }


# An overlay is solved as its base is.
@pytest.mark.parametrize("name", [each for each in shipped_models() if "+" not in each])
def test_every_number_of_a_shipped_model_means_what_it_says(name: str) -> None:
    model = bayesnet.load_model(name)
    assert misread(model.description, model.engine) == {}


def test_every_number_of_the_gearbox_means_what_it_says() -> None:
    assert misread(gearbox().description, gearbox().engine) == {}


def test_a_ratio_for_each_of_several_groups_of_people_means_what_it_says(tmp_path: Path) -> None:
    row = "{factor: old_oil, relative_risk: 2.0,"
    first = row.replace(
        "2.0,", "3.0, sample_size: 9, source: [fig-1], among: {hours: [up_to_1000]}}"
    )
    path = tmp_path / "m.yaml"
    path.write_text(changed((row, f"{first}\n      - {row} among: {{hours: [over_1000]}},")))
    model = bayesnet.load_model(path)
    assert misread(model.description, model.engine) == {}


@pytest.mark.usefixtures("in_folder")
def test_the_least_number_that_is_said_can_be_had_and_none_under_it() -> None:
    """Of 100 gearboxes 13 vibrate without a cause, and 60 of 100 that vibrate hum: 7.8."""

    def hum(background: float) -> str:
        first = ("background: {value: 0.1,", "background: {value: 0.13,")
        return changed(first, ("background: {value: 0.1,", f"background: {{value: {background},"))

    for background in (0.06, 0.0779):
        (said,) = problems(hum(background))
        assert "'vibration' alone shows this in 7.8 of 100 people with none of the causes" in said
        assert "under 0.078 cannot be had" in said
    assert read(hum(0.078)).nodes


@pytest.mark.usefixtures("in_folder")
def test_the_highest_number_that_is_said_can_be_had_and_none_over_it() -> None:
    """Of 100 gearboxes 10 vibrate without a cause, and of these 20 hum: 92 of 100 at most."""

    def hum(background: float) -> str:
        number = f"background: {{value: {background}, interval: [0.05, 0.99], source: [fig-1]}}"
        start = MODEL.index("    background: {", MODEL.index("findings:"))
        end = MODEL.index("  heat:")
        return (
            f"{MODEL[:start]}    {number}\n    causes:\n      vibration: {{value: 0.2, "
            f"lowers: true, interval: [0.1, 0.4], source: [fig-1]}}\n{MODEL[end:]}"
        )

    for background in (0.9201, 0.97):
        (said,) = problems(hum(background))
        assert "a number over 0.92 cannot be had beside 'vibration'; lower it" in said
    assert read(hum(0.92)).nodes


SOURCE = ("expert judgement",)
ASKED = QuestionSpec(question="?", group="history")
IDENTITY = Identity(id="m", version="1", title="t", setting="s", disclaimer="d")
AGES = ("young", "middle", "old")
PLACES = ("none", "some", "much")

chance = st.floats(0.02, 0.98)
rare = st.floats(0.005, 0.1)
ratio = st.floats(0.7, 2.5)


def number(value: float) -> Frequency:
    return Frequency(value=value, sample_size=10, source=SOURCE)


def effect(value: float, background: float) -> Effect:
    return Effect(value=value, lowers=value < background, sample_size=10, source=SOURCE)


def spread(states: tuple[str, ...], weights: list[float]) -> dict[str, float]:
    shares = np.array(weights) / sum(weights)
    return dict(zip(states, shares.tolist(), strict=True))


def risk(factor: str, ratio: float, state: str | None = None, **among: tuple[str, ...]) -> RiskRow:
    return RiskRow(
        factor=factor, state=state, relative_risk=ratio, among=among, sample_size=9, source=SOURCE
    )


@st.composite
def factors(draw: st.DrawFn) -> dict[str, RiskFactor]:
    """An age, two factors that come with it, and one that does not."""
    weights = draw(st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3))
    age = Frequency(values=spread(AGES, weights), sample_size=9, source=SOURCE)
    first, second = (
        tuple(
            ConditionalFrequency(value=draw(chance), when=when, sample_size=9, source=SOURCE)
            for when in ({"age": "old"}, {})
        )
        for _ in range(2)
    )
    return {
        "age": RiskFactor(label="f", asked=ASKED, answer=Choices(states=AGES), frequency=age),
        "frail": RiskFactor(label="f", asked=ASKED, frequency_by=first),
        "drug": RiskFactor(label="f", asked=ASKED, frequency_by=second),
        "fall": RiskFactor(label="f", asked=ASKED, frequency=number(draw(chance))),
    }


@st.composite
def causes(draw: st.DrawFn) -> dict[str, Cause]:
    """One by factors that multiply, one by a ratio among some, one by another cause."""

    def cause(*rows: RiskRow, multiply: tuple[tuple[str, ...], ...] = ()) -> Cause:
        prevalence = number(draw(rare))
        return Cause(
            label="c", about="c", prevalence=prevalence, risk_factors=rows, multiply=multiply
        )

    return {
        "a": cause(
            risk("age", draw(ratio), "middle"),
            risk("age", draw(ratio), "old"),
            risk("frail", draw(ratio)),
            risk("drug", draw(ratio)),
            risk("fall", draw(ratio)),
            multiply=(("age", "frail", "drug"),),
        ),
        "b": cause(
            risk("age", draw(ratio), "young"),
            risk("frail", draw(ratio), age=("young", "middle")),
            risk("drug", draw(ratio), frail=("no",)),
        ),
        "c": cause(risk("a", draw(ratio)), risk("drug", draw(ratio))),
    }


@st.composite
def findings(draw: st.DrawFn) -> tuple[dict[str, Shared], dict[str, Finding]]:
    """Patterns that raise and lower, a background that age and a fall raise, and several states."""

    def pattern(*names: str) -> Shared:
        background = draw(st.floats(0.02, 0.5))
        effects = {name: effect(draw(chance), background) for name in names}
        return Shared(label="p", background=number(background), causes=effects)

    background = draw(st.floats(0.3, 0.8))
    raised = {
        "age": {"old": number(min(1.0, background * draw(st.floats(1.0, 1.2))))},
        "fall": {"yes": number(min(1.0, background * draw(st.floats(1.0, 1.2))))},
    }
    plain = Finding(
        label="f",
        asked=ASKED,
        background=number(background),
        background_by=raised,
        causes={name: effect(draw(chance), background) for name in ("p", "q", "a", "b")},
    )
    base = {"none": 0.6, "some": 0.25, "much": 0.15}

    def several(share: float) -> Effect:
        """More in the later states, the more the larger the share."""
        values = {"none": 0.6 * (1 - share), "some": 0.25, "much": 0.15 + 0.6 * share}
        return Effect(values=values, sample_size=9, source=SOURCE)

    placed = Finding(
        label="g",
        asked=ASKED,
        answer=Choices(states=PLACES),
        background=Frequency(values=base, sample_size=9, source=SOURCE),
        causes={"p": several(draw(rare)), "a": several(draw(chance)), "c": several(draw(chance))},
    )
    return {"p": pattern("a", "b"), "q": pattern("c")}, {"plain": plain, "placed": placed}


@examples(20)
@given(factors(), causes(), findings())
def test_every_number_of_any_model_means_what_it_says_or_is_refused(
    above: dict[str, RiskFactor],
    between: dict[str, Cause],
    below: tuple[dict[str, Shared], dict[str, Finding]],
) -> None:
    """What cannot be had is left out; everything else holds to nine digits."""
    description = ModelDescription(
        model=IDENTITY, risk_factors=above, causes=between, shared=below[0], findings=below[1]
    )
    nodes, problems = solve(description)
    assert solvable(description) == (not problems)
    refused = {str(problem.path[1]) for problem in problems}
    solved = {node.name for node in nodes}
    kept = structs.replace(
        description,
        causes={name: each for name, each in between.items() if name in solved},
        findings={name: each for name, each in below[1].items() if name not in refused},
    )
    if len(kept.causes) < len(between):
        kept = structs.replace(kept, shared={}, findings={})
    nodes, problems = solve(kept)
    assert not problems
    assert solvable(kept)
    event(f"{len(kept.causes)} causes, {len(kept.findings)} findings")
    assert misread(kept, build_network(nodes).compile()) == {}
