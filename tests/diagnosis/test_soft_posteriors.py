"""Soft answers: the weights of choices are likelihoods of what was said, at every step."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import joint_distribution
from support.reader import MODEL, loaded

import bayesnet
from bayesnet import EvidenceError, Network, Table
from bayesnet.engine import Engine

CHOICES = {
    "hum": ("yes", "no"),
    "old_oil": ("yes", "no"),
    "any_heat": ("yes", "no"),
    "heat": ("none", "warm", "hot"),
    "hours": ("up_to_1000", "over_1000"),
}
WEIGHT = st.floats(0.001, 1.0)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return loaded(MODEL, tmp_path_factory.mktemp("model"))


@st.composite
def some_answers(draw):
    """Answers to some questions of the small model, most of them soft."""
    found = {}
    for name in draw(st.lists(st.sampled_from(list(CHOICES)), unique=True, min_size=1)):
        choices = CHOICES[name]
        soft = st.fixed_dictionaries(dict.fromkeys(choices, WEIGHT))
        found[name] = draw(st.one_of(soft, soft, st.sampled_from(choices)))
    return found


def likelihood(model, name, answer):
    """{variable: P(what was said | state)}, by hand."""
    weights = {answer: 1.0} if isinstance(answer, str) else answer
    if name == "any_heat":
        warm = {"none": weights.get("no", 0.0)}
        return "heat", [warm.get(state, weights.get("yes", 0.0)) for state in CHOICES["heat"]]
    return name, [weights.get(state, 0.0) for state in model.network.variable(name).states]


def enumerated(model, answers):
    """The posterior of each cause, and P(answers) up to a factor, from the whole joint."""
    joint = joint_distribution(model.network)
    for name, answer in answers.items():
        variable, weights = likelihood(model, name, answer)
        shape = [1] * joint.ndim
        shape[model.network.position(variable)] = -1
        joint = joint * np.reshape(weights, shape)
    whole = joint.sum()
    if whole == 0.0:
        return {}, 0.0
    causes = {name: np.take(joint, 1, model.network.position(name)).sum() for name in model.causes}
    return {name: each / whole for name, each in causes.items()}, whole


@settings(max_examples=40, deadline=None)
@given(some_answers())
def test_posteriors_are_those_of_the_whole_joint_alone_and_in_a_table(small, answers):
    expected, chance = enumerated(small, answers)
    table = small.diagnose_many([answers, {}, dict(reversed(answers.items()))])
    if chance == 0.0:
        with pytest.raises(EvidenceError, match="contradict"):
            small.diagnose(answers)
        assert table.failed.tolist() == [0, 2]
        return
    report = small.diagnose(answers)
    for name, probability in expected.items():
        assert report.cause(name).probability == pytest.approx(probability, abs=1e-12)
        assert table[name][0] == pytest.approx(probability, abs=1e-12)
        assert table[name][0] == table[name][2] == small.diagnose_many([answers])[name][0]
    assert table["triage"][0] == report.triage.level
    other = small.diagnose(dict(reversed(answers.items())))
    assert (other.causes, other.triage, other.fit) == (report.causes, report.triage, report.fit)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_so_they_are_whatever_the_numbers_of_the_model(tmp_path_factory, data):
    text = MODEL
    for old, low, high in (
        ("value: 0.2, interval: [0.1, 0.3]", 0.02, 0.6),
        ("worn_bearing: {value: 0.7", 0.2, 0.95),
        ("cracked_gear: {value: 0.8", 0.2, 0.95),
    ):
        number = data.draw(st.floats(low, high))
        interval = f"interval: [{number * 0.9:.6f}, {number * 1.04:.6f}]"
        start = text.index(old)
        end = text.index("source", start)
        named = old.partition("value:")[0]
        text = f"{text[:start]}{named}value: {number:.6f}, {interval}, {text[end:]}"
    model = loaded(text, tmp_path_factory.mktemp("drawn"))
    answers = {"hum": data.draw(st.fixed_dictionaries({"yes": WEIGHT, "no": WEIGHT}))}
    answers["hours"] = {"over_1000": data.draw(WEIGHT)}
    whole = {"over_1000": answers["hours"]["over_1000"]}
    whole["up_to_1000"] = 1.0 - whole["over_1000"]
    expected, _ = enumerated(model, {**answers, "hours": whole})
    for name, probability in expected.items():
        found = model.diagnose(answers).cause(name).probability
        assert found == pytest.approx(probability, abs=1e-9)


def test_a_soft_answer_is_what_a_report_of_the_finding_would_tell(small):
    """The same as a child of the finding that is observed: P(it | hum), P(it | no hum)."""
    network = small.network
    said = Table("report", ("hum",), np.array([[0.7, 0.3], [0.25, 0.75]]))
    states = bayesnet.Variable("report", ("other", "said"))
    wider = Network((*network.variables, states), (*network.families, said))
    weights = {"no": 0.3, "yes": 0.75}
    expected = Engine(wider).marginals({"report": "said", "heat": "hot"})
    found = small.diagnose({"hum": weights, "heat": "hot"})
    for name in small.causes:
        assert found.cause(name).probability == pytest.approx(expected[name][1], abs=1e-12)


def test_only_the_ratio_of_weights_counts(small):
    one, other = ({"hum": {"yes": 0.5 * k, "no": 0.125 * k}} for k in (1.0, 2.0**200))
    first, second = small.diagnose(one), small.diagnose(other)
    assert first.causes == second.causes
    assert first.fit == second.fit
    assert first.evidence[0].label == second.evidence[0].label == "Hum: yes with 0.8"


def test_equal_weights_tell_nothing_of_any_cause(small):
    told = small.diagnose(
        {"hum": {"yes": 3, "no": 3}, "heat": {"none": 0.2, "warm": 0.2, "hot": 0.2}}
    )
    nothing = small.diagnose()
    assert told.causes == nothing.causes
    assert told.no_identified_cause == nothing.no_identified_cause
    assert told.fit == nothing.fit
    assert [each.id for each in told.evidence] == ["hum", "heat"]
    assert not {"hum", "heat", "any_heat"} & {each.id for each in told.questions}


def test_weights_of_evidence_are_those_done_by_hand_and_add_up(small):
    """Bayes' rule with the numbers of the file: one finding, one cause, no other answer."""
    model = small
    answers = {"heat": {"none": 0.2, "warm": 0.3, "hot": 0.5}}
    shown, background = (0.2, 0.3, 0.5), (0.7, 0.2, 0.1)
    with_it = sum(w * p for w, p in zip((0.2, 0.3, 0.5), shown, strict=True))
    without = sum(w * p for w, p in zip((0.2, 0.3, 0.5), background, strict=True))
    expected = 10 * math.log10(with_it / without)
    explained = {each.cause: each for each in model.diagnose(answers).explanation}
    weight = explained["worn_bearing"].evidence_for[0]
    assert (weight.id, weight.decibans) == ("heat", pytest.approx(expected, abs=1e-9))
    (told,) = model.reasoning(answers, ["worn_bearing"]).causes
    assert told.contributions[0].decibans == pytest.approx(expected, abs=1e-9)
    many = {**answers, "hum": {"yes": 0.8}, "old_oil": {"yes": 0.6}, "hours": {"over_1000": 0.9}}
    for each in model.reasoning(many).causes:
        added = sum(part.decibans for part in each.contributions)
        assert each.before + added == pytest.approx(each.after, abs=1e-9)
        assert sorted(part.ids[0] for part in each.contributions) == sorted(many)
