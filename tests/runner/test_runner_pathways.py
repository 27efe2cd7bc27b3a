"""What the shipped pathways do: each cause gets its own, and nothing that its answers forbid."""

import pytest
from support.models import runner, textbook

from bayesnet.model.format.pathways import NOBODY, levels_of
from bayesnet.model.format.triage_rules import LEVELS

SELF_JUDGED = "self_care"
YELLOW_FLAGS = ("fear_of_movement", "low_mood", "poor_sleep")
TIRED_BACK = {"onset": "gradual", "duration": "2_to_6_weeks", "age": 34}


def own_pathway(cause: str) -> str:
    """Return the pathway that does most for a cause, of those for the least urgent level."""
    open_to = {
        name: pathway.value[cause].value
        for name, pathway in runner().description.pathways.items()
        if SELF_JUDGED in levels_of(pathway) and cause in pathway.value
    }
    return max(open_to, key=lambda name: open_to[name])


def mechanical() -> list[str]:
    """List the causes that raise no level, each of which has a pathway of its own."""
    return [name for name in runner().description.causes if name not in runner().thresholds]


def said(report) -> str:
    """Join all that a pathway asks for and warns of."""
    phases = [text for phase in report.pathway.phases for text in phase.actions]
    return "\n".join([*phases, *report.pathway.avoid])


def exercises_of(report) -> set[str]:
    return {each.id for phase in report.pathway.phases for each in phase.exercises}


def test_each_level_has_a_pathway_for_those_without_any_of_the_causes():
    pathways = runner().description.pathways.values()
    for level in LEVELS:
        assert any(level in levels_of(p) and NOBODY in p.value for p in pathways), level


def test_causes_have_pathways_of_their_own():
    assert len({own_pathway(cause) for cause in mechanical()}) == len(mechanical())


@pytest.mark.parametrize("cause", mechanical())
def test_a_textbook_presentation_gets_the_pathway_of_its_cause(cause: str):
    """Where nothing graver stands beside it: from soon on somebody has to look first."""
    report = textbook(cause)
    if LEVELS.index(report.triage.level) < LEVELS.index("soon"):
        assert report.pathway.id == own_pathway(cause)


def test_with_nothing_known_the_plan_takes_no_side():
    pathway = runner().diagnose({}).pathway
    exercises = runner().description.exercises
    assert {exercises[n].direction for n in exercises_of(runner().diagnose({}))} <= {"neutral"}
    assert not runner().description.pathways[pathway.id].direction


@pytest.mark.parametrize(
    ("cause", "answers"),
    [
        ("disc", {"response_to_extension": "spreads"}),
        ("disc", {"response_to_flexion": "eases"}),
        ("facet_joint", {"response_to_flexion": "spreads"}),
        ("facet_joint", {"response_to_extension": "eases"}),
    ],
)
def test_a_response_decides_the_direction_whatever_the_structure(cause: str, answers):
    described = runner().description
    barred = described.pathways[own_pathway(cause)].direction
    textbook = described.causes[cause].textbook
    assert runner().diagnose(textbook).pathway.id == own_pathway(cause)
    report = runner().diagnose({**textbook, **answers})
    assert barred not in {described.exercises[name].direction for name in exercises_of(report)}
    many = runner().diagnose_many([{**textbook, **answers}])
    assert many["pathway"][0] == report.pathway.id


def test_every_phase_says_when_to_stop_and_an_emergency_only_where_to_go():
    described = runner().description
    escape = [each for each in described.every_phase if isinstance(each, str)]
    assert len(escape) == len(described.every_phase) > 0
    for cause in described.causes:
        pathway = textbook(cause).pathway
        for phase in pathway.phases:
            assert (set(escape) <= set(phase.actions)) == (pathway.urgency != "emergency")
    emergency = runner().diagnose({"saddle_numbness": True, "fever": True, "age": 40}).pathway
    (phase,) = emergency.phases
    assert not phase.exercises
    assert not emergency.avoid
    assert len(phase.actions) <= 8


@pytest.mark.parametrize(
    "caution", [{"pregnant": True, "sex": "female"}, {"blood_thinner": True}, {"age": 68}]
)
def test_tablets_are_not_advised_to_those_whom_they_harm(caution):
    plain = said(runner().diagnose(TIRED_BACK))
    assert "ibuprofen" in plain
    report = runner().diagnose({**TIRED_BACK, **caution})
    assert "ibuprofen" not in said(report)


def test_yellow_flags_change_the_care_and_no_cause():
    plain = runner().diagnose(TIRED_BACK)
    for flag in YELLOW_FLAGS:
        report = runner().diagnose({**TIRED_BACK, flag: True})
        assert len(said(report)) > len(said(plain))
        assert [each.probability for each in report.causes] == pytest.approx(
            [each.probability for each in plain.causes]
        )
