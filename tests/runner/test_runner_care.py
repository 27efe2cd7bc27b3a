"""Care for runners as decisions: thresholds, directions, exemptions, and what one may read."""

import re

import msgspec
from support.models import runner

from bayesnet.diagnosis.decisions.policy import rank


def test_a_stress_fracture_that_is_likely_enough_stops_the_running():
    person = {"running_impact": True, "walking": True, "training_spike": True}
    report = runner().diagnose({**person, "sacral_tenderness": True, "main_pain": "buttock"})
    assert "sacral_stress_fracture" in {each.id for each in report.must_not_miss}
    assert "probable_sacral_stress_fracture" in {each.rule for each in report.triage.reasons}
    assert rank(report.triage.level) >= rank("soon")
    assert {"running", "impact"} <= set(report.triage.forbids)


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


# What would send someone off to test bone by hopping; warnings against it are meant to be there.
WARNED = re.compile(r"(?i)\b(do not|don't|never|no|avoid|not)\b[^.;]*\bhop")
HOP = re.compile(r"(?i)\bhop(s|ping|ped)?\b|\bhop[ _-]test")


SOME = slice(None, None, 5)


def people():
    """Some runners: of the textbook pictures, of the red flags, and with all contributors."""
    described = runner().description
    known = runner().known
    own = {name for name, each in known.items() if each.asked.asked_of == "self"}
    for cause in list(described.causes.values())[SOME]:
        yield {name: value for name, value in cause.textbook.items() if name in own}
    flags = [name for name in sorted(own) if known[name].is_yes_no and known[name].asked.red_flag]
    yield from ({name: True} for name in flags[SOME])
    risky = described.risk_factors.items()
    yield {name: True for name, factor in risky if factor.modifiable and name in own}
    yield {}


def test_a_runner_is_never_asked_a_clinicians_test_or_told_to_hop():
    known = runner().known
    for evidence in people():
        report = runner().diagnose(evidence)
        asked = [*report.questions, *filter(None, [report.next_question])]
        assert all(each.asked_of == "self" for each in asked), evidence
        assert all(known[each.id].asked.asked_of == "self" for each in report.questions), evidence
        # What a study is called is the study's own words.
        told = {part: text for part, text in report.to_dict().items() if part != "citations"}
        assert_no_hop(told, report.pathway.avoid)
        if report.triage.level == "emergency":
            assert report.triage.message.startswith("Go to an emergency department now")
            assert report.triage.ask_first or not report.questions


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
