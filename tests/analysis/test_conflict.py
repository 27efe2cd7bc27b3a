"""Conflict in evidence: known answers, brute force on small networks, and the model's report."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.budget import examples
from support.cli import GEARBOX
from support.models import gearbox
from support.networks import joint_distribution, networks, with_evidence
from support.readouts import beside_the_others, conflict, least_conflicts

import bayesnet
from bayesnet.network.evidence import Observed, encode_case

AT_ODDS = {"stethoscope": True, "mount_test": False, "felt_at": "none"}
"""It shakes at the stethoscope, and yet nobody feels it and no mount gives way."""


def one_cause(cough, stretch):
    """A cause of 10 % that raises two findings to 0.8 from these backgrounds."""
    yes_no = ("no", "yes")
    families = [bayesnet.Table("cause", (), np.array([0.9, 0.1]))]
    for name, background in (("cough", cough), ("stretch", stretch)):
        table = np.array([[1 - background, background], [0.2, 0.8]])
        families.append(bayesnet.Table(name, ("cause",), table))
    variables = tuple(bayesnet.Variable(name, yes_no) for name in ("cause", "cough", "stretch"))
    return bayesnet.Network(variables, tuple(families))


def measure(network, evidence, findings, hypotheses):
    """The conflict, with what a caller knows already taken from the engine."""
    engine = network.compile()
    log_evidence = engine.log_probability(evidence)
    pairs = []
    for named in hypotheses:
        states = {network.names[v]: network.variables[v].states[s] for v, s in named.items()}
        both = engine.log_probability({**evidence, **states})
        pairs.append((named, math.exp(both - log_evidence)))
    observed = encode_case(network, evidence)
    return conflict(engine, observed, findings, pairs, log_evidence), pairs, log_evidence


# --- the measure ------------------------------------------------------------------------------


def test_findings_of_one_cause_that_disagree_conflict_and_no_hypothesis_helps():
    network = one_cause(0.01, 0.01)
    evidence = {"cough": "yes", "stretch": "no"}
    found, _, _ = measure(network, evidence, [1, 2], [{0: 1}, {0: 0}])
    cough, stretch = 0.9 * 0.01 + 0.1 * 0.8, 0.9 * 0.99 + 0.1 * 0.2
    together = 0.9 * 0.01 * 0.99 + 0.1 * 0.8 * 0.2
    assert found.own == pytest.approx(np.log([cough, stretch]))
    assert found.together == pytest.approx(math.log(together))
    assert found.overall == pytest.approx(math.log(cough * stretch / together))
    assert found.under == pytest.approx(np.log([0.8 * 0.2, 0.01 * 0.99]))
    assert found.best == 0
    assert found.overall > 0 > found.least


def test_findings_that_agree_do_not_conflict():
    found, _, _ = measure(
        one_cause(0.01, 0.01), {"cough": "yes", "stretch": "yes"}, [1, 2], [{0: 1}]
    )
    assert found.overall < 0
    assert found.least < found.overall


def test_a_single_finding_never_conflicts_overall():
    found, _, _ = measure(one_cause(0.3, 0.1), {"cough": "yes"}, [1], [{0: 1}, {0: 0}])
    assert found.overall == pytest.approx(0.0)


def test_the_finding_at_odds_is_the_one_less_likely_beside_the_others():
    network = one_cause(0.01, 0.01)
    engine, observed = network.compile(), encode_case(network, {"cough": "yes", "stretch": "no"})
    given_cough = (0.9 * 0.01 * 0.99 + 0.1 * 0.8 * 0.2) / (0.9 * 0.01 + 0.1 * 0.8)
    assert beside_the_others(engine, observed, [1, 2])[1] == pytest.approx(math.log(given_cough))


@examples(40)
@given(networks(7), st.data())
def test_the_measure_is_what_enumeration_says(network, data):
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    roles = random.integers(0, 4, len(network.names))
    findings = np.flatnonzero(roles == 0).tolist()
    hypotheses = [{int(v): 0} for v in np.flatnonzero(roles == 1)]
    hypotheses.append({v: 0 for each in hypotheses for v in each})
    evidence = {}
    for v in np.flatnonzero(roles != 1).tolist():
        states = network.variables[v].states
        if roles[v] == 2:
            continue
        soft = random.random() < 0.3
        likelihood = random.choice([0.1, 0.5, 2.0], len(states))
        evidence[network.names[v]] = likelihood if soft else str(random.choice(states))
    joint = joint_distribution(network)
    whole = with_evidence(network, joint, evidence).sum()
    assume(whole > 0 and hypotheses[-1])
    found, pairs, log_evidence = measure(network, evidence, findings, hypotheses)

    def log_of(kept, named=()):
        said = {n: v for n, v in evidence.items() if network.position(n) in kept}
        said |= {network.names[v]: network.variables[v].states[s] for v, s in dict(named).items()}
        with np.errstate(divide="ignore"):
            return np.log(with_evidence(network, joint, said).sum())

    known = set(np.flatnonzero(roles == 3).tolist())
    everything = known | set(findings)
    own = [log_of(known | {finding}) - log_of(known) for finding in findings]
    assert found.own == pytest.approx(own, abs=1e-9)
    assert found.together == pytest.approx(log_of(everything) - log_of(known), abs=1e-9)
    expected = []
    for named in hypotheses:
        before = log_of(known, named)
        expected.append(log_of(everything, named) - before if np.isfinite(before) else -np.inf)
    np.testing.assert_allclose(found.under, expected, atol=1e-9)
    one = encode_case(network, evidence)
    hard = tuple(np.flatnonzero(one.codes[:, 0] >= 0).tolist())
    observed = Observed(one.codes, one.likelihoods, (*hard, *one.likelihoods))
    many = [(named, np.array([after])) for named, after in pairs]
    least = least_conflicts(network.compile(), observed, findings, many, np.array([log_evidence]))
    told = [
        f for f in findings
        if f not in observed.likelihoods or np.ptp(observed.likelihoods[f]) > 0
    ]  # fmt: skip
    if told == findings:
        np.testing.assert_allclose(least[0], found.least, atol=1e-9)


def test_many_cases_at_once_are_each_judged_by_themselves():
    network = one_cause(0.2, 0.1)
    engine = network.compile()
    codes = np.array([[-1] * 4, [1, 1, 0, -1], [0, 1, -1, -1]])
    observed = Observed(codes, {}, (1, 2))
    scores = engine.inference.score(observed, [0])
    after = [({0: state}, scores.marginals[0][:, state]) for state in (0, 1)]
    found = least_conflicts(engine, observed, [1, 2], after, scores.log_probability)
    rows = [{"cough": "yes", "stretch": "no"}, {"cough": "yes", "stretch": "yes"}, {"cough": "no"}]
    for row, evidence in enumerate(rows):
        findings = [network.position(name) for name in evidence]
        single, _, _ = measure(network, evidence, findings, [{0: 0}, {0: 1}])
        assert found[row] == pytest.approx(single.least, abs=1e-12)
    assert found[3] == 0.0


# --- the report -------------------------------------------------------------------------------


def test_without_evidence_nothing_conflicts():
    fit = gearbox().diagnose({}).fit
    assert (fit.decibans, fit.times_less_likely, fit.conflict, fit.flagged) == (0, 1, False, False)
    assert (fit.findings, fit.points_elsewhere, fit.message) == ((), (), "")


def test_answers_at_odds_are_said_to_and_not_left_to_self_care():
    report = gearbox().diagnose(AT_ODDS, audience="clinician")
    fit = report.fit
    assert fit.conflict
    assert fit.flagged
    assert fit.times_less_likely >= fit.threshold == gearbox().description.model.conflict_from.value
    assert fit.decibans == pytest.approx(10 * math.log10(fit.times_less_likely))
    assert {"stethoscope", "felt_at"} <= {each.id for each in fit.findings}
    assert [each.decibans for each in fit.findings] == sorted(
        (each.decibans for each in fit.findings), reverse=True
    )
    assert "times less likely" in fit.message
    assert "fits_nothing" in {each.rule for each in report.triage.reasons}
    assert report.triage.level == "soon"


def test_the_order_of_answers_and_what_is_unknown_change_nothing():
    fit = gearbox().diagnose(AT_ODDS).fit
    turned = gearbox().diagnose({**dict(reversed(AT_ODDS.items())), "squeal_cold": None}).fit
    assert turned.times_less_likely == pytest.approx(fit.times_less_likely, rel=1e-9)
    assert [each.id for each in turned.findings] == [each.id for each in fit.findings]


def test_risk_factors_alone_are_no_findings():
    fit = gearbox().diagnose({"hours": 16, "knock": True, "towing": True}).fit
    assert fit.times_less_likely == 1
    assert not fit.flagged


def test_a_derived_finding_counts_as_what_it_implies():
    by_state = gearbox().diagnose({**AT_ODDS, "felt": False}).fit
    assert by_state.times_less_likely == pytest.approx(
        gearbox().diagnose(AT_ODDS).fit.times_less_likely
    )
    implied = {name: value for name, value in AT_ODDS.items() if name != "felt_at"}
    fit = gearbox().diagnose({**implied, "felt": False}).fit
    assert fit.times_less_likely < by_state.times_less_likely
    assert fit.times_less_likely > gearbox().diagnose(implied).fit.times_less_likely


def test_a_finding_that_points_elsewhere_is_named_apart_from_conflict():
    fit = gearbox().diagnose({"exhaust_smell": True}).fit
    assert [each.id for each in fit.points_elsewhere] == ["exhaust_smell"]
    assert fit.flagged
    assert not fit.conflict
    assert "the exhaust rather than the gearbox" in fit.message
    assert not gearbox().diagnose({"exhaust_smell": False}).fit.flagged


def test_a_table_triages_conflict_as_a_single_case():
    pytest.importorskip("pyarrow")
    table = {name: [value, None] for name, value in AT_ODDS.items()}
    answers = gearbox().diagnose_many(table, audience="clinician")
    single = gearbox().diagnose(AT_ODDS, audience="clinician").triage.level
    assert answers["triage"].tolist() == [single, gearbox().diagnose({}).triage.level]


BY_CONFLICT = """\
triage:
  default: routine
  messages: {routine: Book a service., emergency: Stop now.}
  rules:
    odd: {level: emergency, when: WHEN, reason: Odd., source: [expert judgement], why: a guess}
"""
SURE = "conflict_from: {value: 1, source: [expert judgement], why: whatever is at odds at all}"


@pytest.mark.parametrize(
    "when",
    ["{conflict: true}", "{finding: case}, unless: {conflict: true}"],
)
def test_a_table_tells_the_same_conflicts_as_one_case_wherever_a_rule_asks(tmp_path, when):
    path = tmp_path / "gearbox.yaml"
    text = GEARBOX.replace("disclaimer: An estimate.", f"disclaimer: An estimate.\n  {SURE}")
    path.write_text(text + BY_CONFLICT.replace("WHEN", when))
    model = bayesnet.load_model(str(path))
    answers = (True, False, None)
    rows = [{"whine": a, "case": b} for a in answers for b in answers]
    table = {
        name: ["unknown" if row[name] is None else row[name] for row in rows]
        for name in ("whine", "case")
    }
    alone = [model.diagnose(row) for row in rows]
    assert {each.fit.conflict for each in alone} == {True, False}
    assert list(model.diagnose_many(table)["triage"]) == [each.triage.level for each in alone]
