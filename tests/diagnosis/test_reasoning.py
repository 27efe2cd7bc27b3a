"""How the answers made the causes as probable as they are."""

import math

import pytest
from support.models import BEARING, gearbox

from bayesnet.errors import UnknownNameError


def test_contributions_add_up_for_every_cause():
    model = gearbox()
    told = model.reasoning(BEARING)
    report = model.diagnose(BEARING)
    assert [each.cause for each in told.causes] == list(model.causes)
    for each in told.causes:
        added = sum(part.decibans for part in each.contributions)
        assert each.before + added == pytest.approx(each.after, abs=1e-9)
        assert each.probability == pytest.approx(report.cause(each.cause).probability, abs=1e-9)
        assert each.prior == pytest.approx(report.cause(each.cause).prior, abs=1e-9)
        said = sorted(name for part in each.contributions for name in part.ids)
        assert said == sorted(BEARING)


def decibans(probability: float) -> float:
    return 10 * math.log10(probability / (1 - probability))


def test_they_begin_at_the_prior_also_where_an_answer_only_narrows_another_question():
    """A derived answer is a likelihood on its source, and counts like any other."""
    answers = {"felt": True, "hours": 4000, "whine": True}
    told = gearbox().reasoning(answers)
    for each in told.causes:
        assert each.before == pytest.approx(decibans(each.prior), abs=1e-6)
        assert each.after == pytest.approx(decibans(each.probability), abs=1e-6)
        added = sum(part.decibans for part in each.contributions)
        assert each.before + added == pytest.approx(each.after, abs=1e-9)
        assert sorted(part.ids[0] for part in each.contributions) == sorted(answers)


def test_the_order_of_the_answers_does_not_count():
    backwards = dict(reversed(BEARING.items()))
    assert gearbox().reasoning(backwards) == gearbox().reasoning(BEARING)


def test_combinations_are_of_causes_and_most_probable_first():
    model = gearbox()
    found = model.reasoning(BEARING).combinations
    chances = [each.probability for each in found]
    assert chances == sorted(chances, reverse=True)
    assert {cause for each in found for cause in each.causes} <= set(model.causes)
    none = next(each for each in model.reasoning().combinations if not each.causes)
    assert none.probability == pytest.approx(model.diagnose().no_identified_cause.prior)


def test_who_is_explained_away_is_likelier_without_the_other():
    answers = {"towing": True, "gear_jumps": True}
    found = gearbox().reasoning(answers).explained_away
    assert ("loose_bolt", "worn_teeth") in {(each.cause, each.other) for each in found}
    for each in found:
        assert each.without_other > each.with_other
        assert each.answers == ("gear_jumps",)


def test_some_causes_may_be_asked_for():
    first = next(iter(gearbox().causes))
    (told,) = gearbox().reasoning(BEARING, [first]).causes
    assert told.cause == first
    with pytest.raises(UnknownNameError):
        gearbox().reasoning(BEARING, ["gear"])
