"""`lbp-infer explain`: a cause that is named, and what would change the conclusions."""

import pytest
from support.cli import GEARBOX_FLAGS, answer, refused, run
from support.models import BEARING, gearbox

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith((" ", "-"))]


def test_a_cause_that_is_named_is_shown_and_no_other():
    """The least probable one, which is not shown by itself."""
    last = gearbox().diagnose(BEARING).causes[-1]
    assert f"{last.label}: " not in run("explain", *GEARBOX_FLAGS).stdout
    for typed in (("explain", last.id, *GEARBOX_FLAGS), (*GEARBOX_FLAGS, "explain", last.id)):
        shown = headings(run(*typed).stdout)
        of_causes = [each for each in shown if "before any answer" in each]
        assert [each.partition(":")[0] for each in of_causes] == [last.label]
    dashed = last.id.replace("_", "-")
    assert run("explain", dashed).stdout == run("explain", last.id).stdout
    told = answer("explain", last.id, *GEARBOX_FLAGS)["reasoning"]
    assert [each["cause"] for each in told["causes"]] == [last.id]


def test_what_is_no_cause_is_refused_with_the_nearest():
    assert "did you mean 'worn_bearing'?" in refused("explain", "worn_baering")
    assert "one word too many" in refused("explain", "worn_bearing", "yes")
    assert "leave out 'worn_bearing'" in refused("explain", "worn_bearing", "--html", "page.html")


def test_it_says_which_answers_would_change_it():
    told = answer("explain", *GEARBOX_FLAGS)["pivotal_answers"]
    shown = " ".join(run("explain", *GEARBOX_FLAGS).stdout.split())
    assert [each["conclusion"] for each in told] == ["first_cause", "pathway", "urgency"]
    for each in told:
        assert f"({each['now_label']}): " in shown
        listed = " with ".join(f"'{one['label']}'" for one in each["answers"])
        assert f"{listed} would make it {each['becomes_label']}" in shown


def test_an_emergency_is_not_argued_with():
    shown = run("explain", "--smoke").stdout
    assert shown.startswith("EMERGENCY")
    assert "would make it" not in shown


def test_what_is_not_asked_for_is_left_out():
    assert list(answer("explain", *GEARBOX_FLAGS, "--fields", "reasoning.method")) == ["reasoning"]
    fields = "pivotal_answers.becomes,reasoning.combinations.causes"
    found = answer("explain", *GEARBOX_FLAGS, "--fields", fields)
    assert {tuple(each) for each in found["pivotal_answers"]} == {("becomes",)}
    assert {tuple(each) for each in found["reasoning"]["combinations"]} == {("causes",)}
