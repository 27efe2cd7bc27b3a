"""`lbp-infer what-if`: before and after, in text and as JSON."""

import json

import pytest
from support.cli import answer, refused, run

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


def what_if(*args):
    result = run("what-if", *args)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_both_reports_are_those_that_the_answers_give():
    found = json.loads(what_if("--whine", "--hours", "99", "--change", "whine=no", "--json"))
    assert found["changes"] == [{"id": "whine", "before": True, "after": False}]
    assert found["before"] == answer("--whine", "--hours", "99")
    assert found["after"] == answer("--absent", "whine", "--hours", "99")


def test_text_shows_urgency_causes_pathway_and_question():
    text = what_if("--hours", "4000", "--change", "smoke=yes", "--change", "whine=?")
    assert text.startswith("What if Whine on driving off: not known; Smoke: yes (now: not asked)")
    for word in ("before", "after", "Urgency", "emergency", "Pathway", "Next question", "points"):
        assert word in text
    assert text.rstrip().endswith("Emergency: Stop now.")


def test_nothing_changes_where_the_answer_is_the_same():
    found = json.loads(what_if("--whine", "--change", "whine=yes", "--json"))
    assert found["before"] == found["after"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("whyne=yes", "did you mean"),
        ("whine", "give ID=ANSWER"),
        ("whine=", "give ID=ANSWER"),
        ("hours=-4", "whole number"),
        ("worn_bearing=yes", "inferred by the model"),
    ],
)
def test_a_change_that_is_wrong_is_explained(change, said):
    assert said in refused("what-if", "--change", change)


def test_two_changes_of_one_answer_contradict():
    said = refused("what-if", "--change", "hours=4", "--change", "hours=5")
    assert "contradictory answers about 'hours'" in said


def test_a_change_is_needed():
    assert "--change" in refused("what-if", "--whine")
