"""Care for runners as decisions: thresholds, directions, exemptions, and what one may read."""

import re

import msgspec
from support.models import runner

from bayesnet.diagnosis.decisions.pathways import NONE, Circumstances, choose_pathway
from bayesnet.diagnosis.decisions.triage import Facts, rank, triage

CLAUDICATION = {
    "age": 68,
    "duration": "over_12_weeks",
    "both_legs": True,
    "walking": True,
    "eased_by_sitting": True,
    "referral": "below_knee",
    "getting_worse": False,
    "leg_weakness": False,
    "progressive_weakness": False,
    "saddle_numbness": False,
    "bladder_change": False,
    "bowel_change": False,
    "sexual_dysfunction": False,
}


GRAVEST_FIRST = (
    "cauda_equina",
    "malignancy",
    "compression_fracture",
    "sacral_stress_fracture",
)


def test_every_serious_cause_is_acted_on_early_and_the_graver_the_earlier():
    described, thresholds = runner().description, runner().thresholds
    assert set(thresholds) == {name for name, each in described.causes.items() if each.serious}
    for name, threshold in thresholds.items():
        assert described.causes[name].prevalence.value < threshold.value < 0.2, name
        assert rank(described.pathways[threshold.otherwise].urgency) < rank("urgent")
    values = [thresholds[name].value for name in GRAVEST_FIRST]
    assert values == sorted(values)
    assert thresholds["spinal_infection"].value < thresholds["malignancy"].value


def test_a_stress_fracture_that_is_likely_enough_stops_the_running():
    report = runner().diagnose({"running_impact": True, "walking": True, "main_pain": "buttock"})
    assert "sacral_stress_fracture" in {each.id for each in report.must_not_miss}
    assert "probable_sacral_stress_fracture" in {each.rule for each in report.triage.reasons}
    assert any(each.startswith("stop running") for each in report.pathway.because)


def test_some_stress_fracture_stops_a_run_that_a_strain_would_allow():
    nothing = dict.fromkeys([*runner().description.causes, NONE], 0.0)
    strain = {**nothing, "muscle_strain": 0.4, NONE: 0.4}
    with_fracture = {**strain, "sacral_stress_fracture": 0.15, NONE: 0.3}

    def chosen(probabilities):
        circumstances = Circumstances(probabilities, "self_care", runner().thresholds)
        return choose_pathway(runner().description, circumstances).id

    assert chosen(strain) == "strain_recovery"
    assert chosen(with_fracture) == "bone_stress"


def test_every_exercise_and_phase_says_when_to_start_go_on_and_stop():
    for name, exercise in runner().description.exercises.items():
        assert all((exercise.dose, exercise.progression, exercise.stop_if)), name
        assert "stop" not in exercise.dose, name
    for name, pathway in runner().description.pathways.items():
        for phase in pathway.phases:
            assert all((phase.enter_when, phase.move_on_when)), (name, phase.name)
        returns = [phase for phase in pathway.phases if phase.name == "Return to run"]
        assert len(returns) <= 1
        assert all(len(phase.move_on_when) > 20 for phase in returns)


def test_exemptions_need_every_answer():
    """A narrowed canal is no emergency, and is soon seen to once every other sign is denied."""
    picture = ("age", "duration", "eased_by_sitting", "leg_weakness")
    denied = [n for n, value in CLAUDICATION.items() if value is False and n != "leg_weakness"]
    silent, unsure = (
        [{key: CLAUDICATION[key] for key in CLAUDICATION if key != name} for name in names]
        for names in (picture, denied)
    )
    flagged = [
        {**CLAUDICATION, name: True}
        for name in ("leg_weakness", "saddle_numbness", "bladder_change")
    ]
    emergencies = [{"both_legs": True}, *silent, *flagged]
    urgent = [*unsure, {**CLAUDICATION, "getting_worse": True}]
    persons = [CLAUDICATION, *emergencies, *urgent]
    many = runner().diagnose_many({n: [p.get(n) for p in persons] for n in CLAUDICATION})
    assert many["triage"][1 : 1 + len(emergencies)].tolist() == ["emergency"] * len(emergencies)
    assert many["triage"][1 + len(emergencies) :].tolist() == ["urgent"] * len(urgent)
    for row, person in enumerate(persons[:3]):
        report = runner().diagnose(person)
        assert many["triage"][row] == report.triage.level
        assert ("both_legs" in {each.rule for each in report.triage.reasons}) == (row > 0)
    for person, rule in [(p, "both_legs") for p in silent] + [
        (p, "both_legs_on_walking") for p in urgent
    ]:
        urgency = triage(runner().description, Facts(person, {}, runner().known, {}))
        assert rule in {each.rule for each in urgency.reasons}, person
    urgency = triage(runner().description, Facts(CLAUDICATION, {}, runner().known, {}))
    assert urgency.level == "soon"


# What would send someone off to test bone by hopping; warnings against it are meant to be there.
WARNED = re.compile(r"(?i)\b(do not|don't|never|no|avoid|not)\b[^.;]*\bhop")
HOP = re.compile(r"(?i)\bhop(s|ping|ped)?\b|\bhop[ _-]test")


def people():
    """A runner for each textbook picture, each emergency of one finding, and all contributors."""
    described = runner().description
    known = runner().known
    own = {name for name, each in known.items() if each.asked.asked_of == "self"}
    for cause in described.causes.values():
        yield {name: value for name, value in cause.textbook.items() if name in own}
    for name in sorted(own):
        facts = Facts({name: True}, {}, known, {})
        if known[name].is_yes_no and triage(described, facts).level == "emergency":
            yield {name: True}
    risky = described.risk_factors.items()
    yield {name: True for name, factor in risky if factor.modifiable and name in own}
    yield {}


def test_a_runner_is_never_asked_a_clinicians_test_or_told_to_hop():
    known = runner().known
    for evidence in people():
        report = runner().diagnose(evidence)
        asked = [*report.questions, *filter(None, [report.next_question])]
        assert all(each.asked_of == "self" for each in asked), evidence
        assert all(known[each.id].asked.asked_of == "self" for each in asked), evidence
        assert_no_hop(report.to_dict(), report.pathway.avoid)
        if report.triage.level == "emergency":
            assert report.triage.message == "Go to an emergency department now."
            assert not report.questions


def test_nothing_that_may_be_advised_has_a_hop_in_it():
    described = runner().description
    for pathway in described.pathways.values():
        assert_no_hop(msgspec.to_builtins(pathway), pathway.avoid)
    assert_no_hop(msgspec.to_builtins(described.exercises), ())
    rules = described.triage.rules.values()
    assert_no_hop([words for rule in rules for words in (rule.reason, rule.message)], ())
    assert_no_hop(list(described.triage.messages.values()), ())
    assert_no_hop([factor.modifiable for factor in described.risk_factors.values()], ())


def assert_no_hop(held, avoided):
    for text in texts(held):
        hops = HOP.search(text) and text not in avoided
        assert not hops or WARNED.search(text), text


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
