"""Numbers a person can picture mean exactly what they say in the network."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.reader import MODEL

import bayesnet
from bayesnet.errors import ModelFileError
from bayesnet.model.format.description import Identity, ModelDescription
from bayesnet.model.format.numbers import ConditionalFrequency, Effect, Frequency, RiskRow
from bayesnet.model.format.variables import Cause, Choices, Finding, QuestionSpec, RiskFactor
from bayesnet.model.solving.network_of import build_network
from bayesnet.model.solving.parameters import solve

SOURCE = ("expert judgement",)
ASKED = QuestionSpec(question="?", group="history")
IDENTITY = Identity(id="m", version="1", title="t", setting="s", disclaimer="d")


def frequency(value=None, values=None):
    return Frequency(value=value, values=values, sample_size=10, source=SOURCE, why="test")


def effect(value=None, values=None, lowers=False):
    return Effect(
        value=value, values=values, lowers=lowers, sample_size=10, source=SOURCE, why="test"
    )


def factor(value=None, values=None, states=(), rows=()):
    return RiskFactor(
        label="f",
        asked=ASKED,
        answer=Choices(states=states),
        frequency=None if rows else frequency(value, values),
        frequency_by=rows,
    )


def cause(prevalence, *rows):
    listed = tuple(
        RiskRow(factor=f, state=s, relative_risk=r, sample_size=10, source=SOURCE)
        for f, s, r in rows
    )
    return Cause(label="c", about="c", prevalence=frequency(prevalence), risk_factors=listed)


def row(value, **when):
    return ConditionalFrequency(when=when, value=value, sample_size=10, source=SOURCE)


def model(factors, causes, findings=None):
    return ModelDescription(
        model=IDENTITY, risk_factors=factors, causes=causes, findings=findings or {}
    )


def conditional(engine, name, given):
    return engine.marginals(given, [name])[name][1]


@examples(30)
@given(
    st.floats(0.001, 0.3),
    st.lists(st.tuples(st.floats(0.02, 0.6), st.floats(0.4, 3.0)), min_size=1, max_size=5),
)
def test_independent_factors_give_the_prevalence_and_every_relative_risk(prevalence, pairs):
    factors = {f"r{i}": factor(p) for i, (p, _) in enumerate(pairs)}
    rows = [(f"r{i}", None, r) for i, (_, r) in enumerate(pairs)]
    nodes, problems = solve(model(factors, {"c": cause(prevalence, *rows)}))
    if problems:
        assert "explain" in problems[0].message or "over 1" in problems[0].message
        return
    engine = build_network(nodes).compile()
    assert engine.marginals()["c"][1] == pytest.approx(prevalence, abs=1e-9)
    for name, _, risk in rows:
        ratio = conditional(engine, "c", {name: "yes"}) / conditional(engine, "c", {name: "no"})
        assert ratio == pytest.approx(risk, rel=1e-8)


def test_one_factor_has_the_closed_solution():
    p, risk, prevalence = 0.2, 3.0, 0.1
    nodes, _ = solve(model({"r": factor(p)}, {"c": cause(prevalence, ("r", None, risk))}))
    link = nodes[1].links[0][1][1]
    q = 1 - prevalence
    m = 1 - link * p
    assert (1 - (1 - link) * q / m) / (1 - q / m) == pytest.approx(risk, rel=1e-12)


def test_correlated_factors_still_give_the_prevalence_and_every_relative_risk():
    factors = {
        "age": factor(
            values={"young": 0.5, "middle": 0.3, "old": 0.2}, states=("young", "middle", "old")
        ),
        "frail": factor(rows=(row(0.4, age="old"), row(0.1, age="middle"), row(0.01))),
    }
    first = cause(0.1, ("age", "old", 3.0), ("frail", None, 2.0))
    second = cause(0.05, ("first", None, 6.0), ("age", "middle", 1.5), ("age", "old", 2.5))
    nodes, problems = solve(model(factors, {"first": first, "second": second}))
    assert not problems
    engine = build_network(nodes).compile()
    prior = engine.marginals()
    assert prior["first"][1] == pytest.approx(0.1, abs=1e-9)
    assert prior["second"][1] == pytest.approx(0.05, abs=1e-9)

    def ratio(name, parent, state, base):
        return conditional(engine, name, {parent: state}) / conditional(
            engine, name, {parent: base}
        )

    assert ratio("first", "age", "old", "young") == pytest.approx(3.0, rel=1e-8)
    assert ratio("first", "age", "middle", "young") == pytest.approx(1.0, rel=1e-8)
    assert ratio("first", "frail", "yes", "no") == pytest.approx(2.0, rel=1e-8)
    assert ratio("second", "first", "yes", "no") == pytest.approx(6.0, rel=1e-8)
    assert ratio("second", "age", "old", "young") == pytest.approx(2.5, rel=1e-8)


def test_factors_that_explain_more_than_the_prevalence_are_a_problem():
    factors = {f"r{i}": factor(0.5) for i in range(3)}
    rows = [(f"r{i}", None, 6.0) for i in range(3)]
    _, problems = solve(model(factors, {"c": cause(0.1, *rows)}))
    assert [problem.path for problem in problems] == [("causes", "c", "prevalence")]
    assert "more than its prevalence" in problems[0].message


def test_a_findings_number_is_its_probability_with_that_cause_alone():
    states = ("none", "buttock", "foot")
    background = {"none": 0.8, "buttock": 0.15, "foot": 0.05}
    alone = {"none": 0.3, "buttock": 0.3, "foot": 0.4}
    finding = Finding(
        label="f",
        asked=ASKED,
        answer=Choices(states=states),
        background=frequency(values=background),
        causes={
            "c": effect(values=alone),
            "d": effect(values={**alone, "none": 0.5, "foot": 0.2}),
        },
    )
    nodes, problems = solve(model({}, {"c": cause(0.2), "d": cause(0.1)}, {"f": finding}))
    assert not problems
    engine = build_network(nodes).compile()
    only = engine.marginals({"c": "yes", "d": "no"})["f"]
    np.testing.assert_allclose(only, [alone[s] for s in states], atol=1e-12)
    neither = engine.marginals({"c": "no", "d": "no"})["f"]
    np.testing.assert_allclose(neither, [background[s] for s in states], atol=1e-12)


def lowered_finding(background, causes):
    states = tuple(background)
    return Finding(
        label="f",
        asked=ASKED,
        answer=Choices(states=states),
        background=frequency(values=background),
        causes={
            name: effect(values=values, lowers=name.startswith("lowers"))
            for name, values in causes.items()
        },
    )


LENGTHS = {"short": 0.4, "middle": 0.35, "long": 0.25}
ALONE = {
    "raises": {"short": 0.1, "middle": 0.2, "long": 0.7},
    "lowers": {"short": 0.75, "middle": 0.2, "long": 0.05},
    "lowers_too": {"short": 0.6, "middle": 0.3, "long": 0.1},
}


def test_a_cause_may_lower_a_finding_and_every_number_still_means_what_it_says():
    finding = lowered_finding(LENGTHS, ALONE)
    causes = dict(zip(ALONE, (cause(0.2), cause(0.1), cause(0.3)), strict=True))
    nodes, problems = solve(model({}, causes, {"f": finding}))
    assert not problems
    engine = build_network(nodes).compile()
    none = dict.fromkeys(ALONE, "no")
    for name, expected in (("", LENGTHS), *ALONE.items()):
        given = {**none, name: "yes"} if name else none
        found = engine.marginals(given, ["f"])["f"]
        np.testing.assert_allclose(found, list(expected.values()), atol=1e-12, err_msg=name)


def test_what_others_raise_shows_beside_a_lowering_cause_and_two_lower_it_more():
    """One that lowers stands in the background's place; of two, P(at least s) is a product."""
    finding = lowered_finding(LENGTHS, ALONE)
    nodes, _ = solve(model({}, dict.fromkeys(ALONE, cause(0.2)), {"f": finding}))
    engine = build_network(nodes).compile()

    def at_least(*present):
        given = {name: "yes" if name in present else "no" for name in ALONE}
        return np.cumsum(engine.marginals(given, ["f"])["f"][::-1])[-2::-1]

    first, second = at_least("lowers"), at_least("lowers_too")
    both = at_least("lowers", "lowers_too")
    np.testing.assert_allclose(both, first * second / at_least(), atol=1e-12)
    unraised = (1 - at_least("raises")) / (1 - at_least())
    np.testing.assert_allclose(1 - at_least(*ALONE), (1 - both) * unraised, atol=1e-12)


def test_one_cause_that_lowers_needs_no_further_node():
    finding = lowered_finding(LENGTHS, {name: ALONE[name] for name in ("raises", "lowers")})
    causes = {name: cause(0.2) for name in finding.causes}
    nodes, problems = solve(model({}, causes, {"f": finding}))
    assert not problems
    assert [node.name for node in nodes] == ["raises", "lowers", "f"]
    engine = build_network(nodes).compile()
    none = dict.fromkeys(causes, "no")
    for name, expected in (("", LENGTHS), *((name, ALONE[name]) for name in causes)):
        given = {**none, name: "yes"} if name else none
        found = engine.marginals(given, ["f"])["f"]
        np.testing.assert_allclose(found, list(expected.values()), atol=1e-12, err_msg=name)


@examples(30)
@given(st.floats(0.02, 0.9), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4))
def test_any_yes_no_number_of_a_cause_can_be_had(background, values):
    finding = Finding(
        label="f",
        asked=ASKED,
        background=frequency(background),
        causes={
            f"c{i}": effect(value, lowers=value < background) for i, value in enumerate(values)
        },
    )
    causes = {name: cause(0.1) for name in finding.causes}
    nodes, problems = solve(model({}, causes, {"f": finding}))
    assert not problems
    engine = build_network(nodes).compile()
    none = dict.fromkeys(causes, "no")
    assert conditional(engine, "f", none) == pytest.approx(background, abs=1e-12)
    for name, number in finding.causes.items():
        found = conditional(engine, "f", {**none, name: "yes"})
        assert found == pytest.approx(number.value, abs=1e-9)
    assert engine.marginals()["c0"][1] == pytest.approx(0.1, abs=1e-9)


def test_a_cause_that_raises_some_states_and_lowers_others_is_a_problem():
    mixed = {"c": {"short": 0.6, "middle": 0.0, "long": 0.4}}
    _, problems = solve(model({}, {"c": cause(0.2)}, {"f": lowered_finding(LENGTHS, mixed)}))
    assert [problem.path for problem in problems] == [("findings", "f", "causes", "c", "values")]
    assert "out of order" in problems[0].message


RAISED = """\
    background_by:
      hours:
        over_1000: {value: 0.15, interval: [0.1, 0.5], source: [fig-1]}
    causes:
      worn_bearing: {value: 0.7, interval: [0.5, 0.9], source: [fig-1]}
      vibration"""
USUAL = """\
    causes:
      worn_bearing: {value: 0.7, interval: [0.5, 0.9], source: [fig-1]}
      vibration"""


def test_a_background_may_be_higher_among_some_people(tmp_path: Path) -> None:
    """People with none of the causes show it as often as said for them; all numbers still hold."""
    assert MODEL.count(USUAL) == 1
    path = tmp_path / "raised.yaml"
    path.write_text(MODEL.replace(USUAL, RAISED))
    model = bayesnet.load_model(str(path))
    engine = model.network.compile()
    everybody = dict.fromkeys(model.description.causes, "no")
    old = engine.marginals({**everybody, "hours": "over_1000"}, ["hum"])["hum"][1]
    assert old == pytest.approx(0.15)
    assert engine.marginals({**everybody, "hours": "up_to_1000"}, ["hum"])["hum"][1] < 0.1
    assert engine.marginals(everybody, ["hum"])["hum"][1] == pytest.approx(0.1)
    alone = {**everybody, "worn_bearing": "yes"}
    assert engine.marginals(alone, ["hum"])["hum"][1] == pytest.approx(0.7)
    report = model.diagnose({})
    assert all(each.probability == pytest.approx(each.prior) for each in report.causes)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value: 0.15", "value: 0.05", "number under 0.1 cannot"),
        ("over_1000: {value: 0.15", "over_100: {value: 0.15", "did you mean 'over_1000'"),
        ("      hours:\n", "      hour:\n", "did you mean 'hours'"),
    ],
)
def test_a_wrong_raised_background_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    changed = RAISED.replace(old, new)
    assert changed != RAISED
    path = tmp_path / "raised.yaml"
    path.write_text(MODEL.replace(USUAL, changed))
    with pytest.raises(ModelFileError) as caught:
        bayesnet.load_model(str(path))
    assert words in str(caught.value)
    assert "raised.yaml:" in str(caught.value)
