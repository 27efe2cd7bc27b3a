"""Models made of a network's diagnostic roles: what they say is what the network says."""

import json
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.diagnostic import PUMP_XDSL, PUMP_YAML, hepar, pump
from support.interviews import answers_file, ask
from support.networks import joint_distribution, with_evidence

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network import Network, NoisyMax, Role, Table, Variable
from bayesnet.network.formats.files import read_network, write_network

ANSWERS: Mapping[str, Mapping[Any, str]] = {
    "age": {"new": "new", "old": "old"},
    "noise": {"loud": "loud", "some": "some", "none": "none"},
    "leak": {True: "present", False: "absent"},
    "puddle": {True: "true", False: "false"},
    "serial": {"a": "A", "b": "B"},
}
"""{finding: {answer: state of the network}}"""
VARIABLES = {name: name.capitalize() for name in ANSWERS}
CAUSES = {
    "seal_worn": ("Seal", ("worn",)),
    "seal_torn": ("Seal", ("torn",)),
    "bearing_fault": ("Bearing.fault", ("present",)),
}


def entropy(probability: float) -> float:
    """Of being there or not, in bits."""
    both = np.array([probability, 1.0 - probability])
    return float(-(both * np.log2(np.maximum(both, 1e-300))).sum())


def by_brute_force(network: Network, evidence: Mapping[str, str]) -> dict[str, float]:
    """P(cause | evidence) and that of none, from the full joint of the network itself."""
    joint = with_evidence(network, joint_distribution(network), evidence)
    found, healthy = {}, joint
    for name, (variable, states) in CAUSES.items():
        axis = network.position(variable)
        codes = [network.variable(variable).index(state) for state in states]
        found[name] = joint.take(codes, axis).sum() / joint.sum()
        others = [at for at in range(len(network.states(variable))) if at not in codes]
        keep = np.zeros(joint.shape[axis])
        keep[others] = 1.0
        healthy = np.moveaxis(np.moveaxis(healthy, axis, -1) * keep, -1, axis)
    return {**found, "no_identified_cause": healthy.sum() / joint.sum()}


@settings(max_examples=25)
@given(st.fixed_dictionaries({}, optional={n: st.sampled_from(list(ANSWERS[n])) for n in ANSWERS}))
def test_posteriors_are_those_of_the_network(answers: dict[str, Any]):
    report = pump().diagnose(answers)
    evidence = {VARIABLES[name]: ANSWERS[name][value] for name, value in answers.items()}
    expected = by_brute_force(read_network(PUMP_XDSL), evidence)
    found = {each.id: each.probability for each in report.causes}
    assert found.keys() == CAUSES.keys()
    for name, probability in found.items():
        assert probability == pytest.approx(expected[name], abs=1e-12)
    none = report.no_identified_cause
    assert none.probability == pytest.approx(expected["no_identified_cause"], abs=1e-12)


def test_priors_are_the_marginals_and_nothing_is_said_of_how_sure_they_are():
    report = pump().diagnose()
    expected = by_brute_force(read_network(PUMP_XDSL), {})
    for cause in report.causes:
        assert cause.prior == pytest.approx(expected[cause.id], abs=1e-12)
        assert cause.interval is None
    assert report.no_identified_cause.interval is None
    assert report.to_dict()["causes"][0]["interval"] is None
    assert pump().sensitivity({}, "seal_torn").interval is None
    assert pickle.loads(pickle.dumps(pump())).diagnose() == report


def test_the_noisy_family_stays_factorised():
    family = pump().network.family("noise")
    assert isinstance(family, NoisyMax)
    assert pump().network.parents("noise") == ("Seal", "Bearing.fault")


def test_a_model_without_urgency_and_pathways_says_so():
    report = pump().diagnose({"leak": True})
    assert (report.triage.level, report.triage.provisional) == ("soon", True)
    assert report.triage.label == "urgency not judged"
    assert "does not judge how urgent anything is" in report.triage.message
    assert report.triage.reasons == ()
    assert report.pathway is None
    assert "This model holds no pathways of care" in " ".join(report.warnings)
    rows = pump().diagnose_many([{"leak": True}, {}], fields=["triage", "pathway"])
    assert list(rows["triage"]) == ["soon", "soon"]


def test_the_next_question_is_the_one_that_tells_most_for_its_cost():
    report = pump().diagnose({"leak": False})
    network, known = read_network(PUMP_XDSL), {"Leak": "absent"}
    now = by_brute_force(network, known)
    bits = {}
    for name in ("age", "noise", "puddle"):
        chances = network.compile().marginals(known)[VARIABLES[name]]
        bits[name] = sum(entropy(now[cause]) for cause in CAUSES)
        for state in network.states(VARIABLES[name]):
            then = by_brute_force(network, {**known, VARIABLES[name]: state})
            bits[name] -= chances[state] * sum(entropy(then[cause]) for cause in CAUSES)
    found = {each.id: each.expected_information_bits for each in report.questions}
    assert found == pytest.approx(bits, abs=1e-9)
    costs = {"age": 1.0, "noise": 1.5, "puddle": 1.0}
    assert report.next_question.id == max(bits, key=lambda name: bits[name] / costs[name])


def test_what_is_mandatory_comes_first_and_what_is_not_ranked_is_never_proposed():
    report = pump().diagnose()
    assert report.next_question.id == "leak"
    assert "it would not wait" not in report.next_question.reason
    assert "serial" not in {each.id for each in report.questions}
    assert pump().diagnose({"serial": "b"}).evidence[0].id == "serial"


def test_an_interview_goes_on_until_little_is_left_to_tell():
    session = pump().interview()
    asked = []
    while (question := session.next_question) is not None:
        asked.append(question.id)
        session = session.answer(question.id, None)
    assert asked[0] == "leak"
    assert set(asked) == {"leak", "noise", "age", "puddle"}
    assert session.report.should_stop


def test_a_model_file_says_what_the_network_leaves_open():
    model = bayesnet.load_model(PUMP_YAML)
    evidence = {"leak": True, "noise": "loud", "age": 12}
    report = model.diagnose(evidence)
    known = {"Leak": "present", "Noise": "loud", "Age": "old"}
    expected = by_brute_force(read_network(PUMP_XDSL), known)
    assert report.cause("seal_torn").probability == pytest.approx(expected["seal_torn"], abs=1e-12)
    pressure = read_network(PUMP_XDSL).compile().marginals(known)["Pressure"]
    assert report.cause("chamber").probability == pytest.approx(1 - pressure["right"], abs=1e-12)
    assert report.triage.level == "urgent"
    assert report.pathway.id == "stop"
    assert [each.id for each in report.must_not_miss] == ["seal_torn"]
    assert model.diagnose().triage.level == "self_care"


def test_every_state_of_a_target_may_be_a_fault(tmp_path):
    """Then nobody is without a cause, and that is no error."""
    kind = Variable("Kind", ("a", "b"))
    sign = Variable("Sign", ("no", "yes"))
    network = Network(
        (kind, sign),
        (
            Table("Kind", (), np.array([0.4, 0.6])),
            Table("Sign", ("Kind",), np.array([[0.9, 0.1], [0.2, 0.8]])),
        ),
        {"Kind": Role("target", faults=("a", "b")), "Sign": Role("observation")},
    )
    write_network(network, tmp_path / "kind.xdsl")
    report = bayesnet.load_model(tmp_path / "kind.xdsl").diagnose({"sign": True})
    assert report.cause("kind_b").probability == pytest.approx(0.48 / 0.52, abs=1e-12)
    assert report.no_identified_cause.probability == 0.0
    assert report.no_identified_cause.prior == 0.0


def driven(model: DiagnosticModel, file: str, folder: Any, answer: Any) -> None:
    """Hold an interview by the command line to its end, and compare with the plain engine."""
    session, lines = model.interview(), []
    while (question := session.next_question) is not None:
        value = answer(question)
        session = session.answer(question.id, value)
        lines.append(f"{question.id}={value}")
    held = ask("--model", file, "--answers", answers_file(folder, *lines, "stop"), "--json")
    told = json.loads(held.stdout)
    assert {each["id"] for each in told["evidence"]} == {line.partition("=")[0] for line in lines}
    network = read_network(file)
    known = model.description.findings
    evidence = {}
    for each in told["evidence"]:
        place = known[each["id"]].in_network
        key = {True: "yes", False: "no"}.get(each["value"], each["value"])
        evidence[place.variable] = place.states[key]
    marginals = network.compile().marginals(evidence)
    for each in told["causes"]:
        place = model.description.causes[each["id"]].in_network
        expected = sum(marginals[place.variable][state] for state in place.states)
        assert each["probability"] == pytest.approx(expected, abs=1e-12), each["id"]


def least(question: Any) -> Any:
    return question.choices[-1].value


@pytest.mark.usefixtures("in_folder")
def test_an_interview_by_the_command_gives_the_posteriors_of_the_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    driven(pump(), str(PUMP_XDSL), tmp_path, least)


@pytest.mark.usefixtures("in_folder")
def test_hepar_ii_is_driven_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    file = tmp_path / "Hepar II.xdsl"
    write_network(hepar(), file)
    model = bayesnet.load_model(file)
    assert len(model.causes) == 11
    assert len(model.findings) == 61
    driven(model, str(file), tmp_path, least)
