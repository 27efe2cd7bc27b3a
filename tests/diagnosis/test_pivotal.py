"""The fewest answers that would change a conclusion, beside all sets of one and two answers."""

import math
import random
from itertools import combinations, product

import pytest
from support.models import BEARING, gearbox

import bayesnet
from bayesnet.diagnosis import pivotal
from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.further_answers import URGENCY, one_larger
from bayesnet.errors import EvidenceError, UnknownNameError

SIGNS = [f"sign_{at}" for at in range(6)]
JUDGED_BELOW = "source: [expert judgement]\n    why: drawn"
JUDGED = "source: [expert judgement], why: drawn"


def drawn_model(seed):
    """A model with three causes, six signs, two ways of care, and a rule that needs two signs."""
    rng = random.Random(seed)

    def frequency(low, high):
        value = rng.uniform(low, high)
        return f"{{value: {value:.3f}, interval: [{value / 2:.3f}, {value:.3f}], {JUDGED}}}"

    def values():
        return "".join(f"      {c}: {{value: {rng.uniform(-4, 9):.2f}, {JUDGED}}}\n" for c in "abc")

    causes = "".join(
        f"  {name}: {{label: Cause {name}, about: It., prevalence: {frequency(0.05, 0.3)}}}\n"
        for name in "abc"
    )
    signs = "".join(
        f"  {name}:\n    label: {name}\n    asked: {{question: 'Is it there?', group: signs}}\n"
        f"    background: {frequency(0.02, 0.2)}\n    causes:\n"
        + "".join(f"      {cause}: {frequency(0.3, 0.9)}\n" for cause in rng.sample("abc", 2))
        for name in SIGNS
    )
    pathways = "".join(
        f"  {name}:\n    label: Care {name}\n    act: care\n    {JUDGED_BELOW}\n"
        "    levels: [self_care, urgent]\n"
        "    phases: [{name: Now, goal: rest, actions: [Rest.], enter_when: now,\n"
        "      move_on_when: well}]\n"
        f"    value:\n{values()}"
        for name in ("first", "second")
    )
    return (
        "model: {id: drawn, version: '1', title: Drawn, setting: Nowhere, disclaimer: None,\n"
        "  utility_unit: good hours, utility_meaning: none}\n"
        f"causes:\n{causes}findings:\n{signs}pathways:\n{pathways}"
        "triage:\n  default: self_care\n  messages: {self_care: Wait., urgent: Go.}\n  rules:\n"
        "    both:\n      level: urgent\n      reason: Both.\n      source: [expert judgement]\n"
        "      why: drawn\n      when: {all: [{finding: sign_0}, {finding: sign_1}]}\n"
    )


def concluded(model, given):
    report = model.diagnose(given)
    assert report.pathway is not None
    return {
        "first_cause": report.causes[0].id,
        "pathway": report.pathway.id,
        "urgency": report.triage.level,
    }


def log_chance(model, answers):
    return model.engine.log_probability(take_in(model.known, answers).evidence)


def sets_of(names, size):
    for some in combinations(names, size):
        for answers in product((True, False), repeat=size):
            yield dict(zip(some, answers, strict=True))


@pytest.mark.parametrize("seed", [1, 2, 6, 7])
def test_the_smallest_set_is_that_of_all_of_one_and_two(seed, tmp_path):
    """Seeds of which a first cause and a pathway take one answer, two, and more."""
    path = tmp_path / "drawn.yaml"
    path.write_text(drawn_model(seed), encoding="utf-8")
    model = bayesnet.load_model(path)
    given = {"sign_5": True, "sign_4": True, "sign_3": True}
    sets = [{}, *sets_of(SIGNS[:3], 1), *sets_of(SIGNS[:3], 2)]
    after = [(each, concluded(model, {**given, **each})) for each in sets]
    now = after[0][1]
    found = {each.conclusion: each for each in model.pivotal_answers(given)}
    assert list(found) == list(now)
    for conclusion, each in found.items():
        own = {answer.id: answer.value for answer in each.answers}
        assert each.now == now[conclusion]
        smallest = min(
            (len(some) for some, then in after if then[conclusion] != each.now), default=3
        )
        assert (len(own) or 3) == smallest
        assert each.singles_ruled_out == (smallest > 1)
        if own:
            assert concluded(model, {**given, **own})[conclusion] == each.becomes != each.now
            alike = [s for s, then in after if len(s) == smallest and then[conclusion] != each.now]
            likeliest = max(alike, key=lambda some: log_chance(model, {**given, **some}))
            assert own == likeliest


def test_what_is_named_is_as_probable_as_it_says():
    model, given = gearbox(), {"whine": True, "hours": 4000}
    for each in model.pivotal_answers(given):
        then = {**given, **{answer.id: answer.value for answer in each.answers}}
        assert math.log(each.chance) == pytest.approx(
            log_chance(model, then) - log_chance(model, given)
        )


def test_where_none_is_found_it_says_how_many_were_tried(monkeypatch):
    monkeypatch.setattr(pivotal, "MOST", 1)
    found = {each.conclusion: each for each in gearbox().pivotal_answers(BEARING)}["first_cause"]
    assert found.answers == ()
    assert (found.becomes, found.becomes_label, found.chance) == ("", "", 0.0)
    assert found.singles_ruled_out
    assert found.tried > 20


def test_what_was_not_worked_out_is_not_ruled_out(monkeypatch):
    """A level that hangs on open screens takes a study of each set, of which there are a few."""

    def uncertain(case, base):
        return (each for each in one_larger(case, base) if URGENCY not in each.certain)

    monkeypatch.setattr(pivotal, "MOST", 1)
    monkeypatch.setattr(pivotal, "CHECKS", 0)
    monkeypatch.setattr(pivotal, "one_larger", uncertain)
    found = {each.conclusion: each for each in gearbox().pivotal_answers(BEARING)}[URGENCY]
    assert found.answers == ()
    assert not found.singles_ruled_out


def test_answers_that_contradict_each_other_are_not_named():
    """Louder by the day would change it, but does not go with what was said."""
    denied = (
        "smoke",
        "burning_smell",
        "knock",
        "oil_puddle",
        "towing",
        "gear_jumps",
        "squeal_cold",
    )
    given = {"quiet_when_warm": True, "duration": "days", "hours": 7000}
    given |= dict.fromkeys((*denied, "rattle_idle"), False)
    assert gearbox().diagnose({**given, "getting_worse": True}).contradictions
    named = [answer.id for each in gearbox().pivotal_answers(given) for answer in each.answers]
    assert named
    assert "getting_worse" not in named


def test_where_nothing_is_open_there_is_none():
    assert gearbox().pivotal_answers({"smoke": True}) == ()


def test_it_refuses_what_a_diagnosis_refuses():
    with pytest.raises(UnknownNameError):
        gearbox().pivotal_answers({"whin": True})
    with pytest.raises(EvidenceError):
        gearbox().pivotal_answers({}, "nobody")
