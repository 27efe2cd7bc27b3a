"""The page to print: by itself, accessible, every drawing with a table beside it."""

import re

import pytest
from support.cli import GEARBOX, run
from support.html_pages import whole_and_accessible
from support.models import BEARING, gearbox, runner

from bayesnet.diagnosis.report.drawings import LONGEST
from bayesnet.diagnosis.report.explanation import LISTED
from bayesnet.diagnosis.report.network_drawing import Tie, network
from bayesnet.diagnosis.report.plain_numbers import strength

pytest.importorskip("jinja2")

ANSWERS = {"whine": True, "whine_under_load": True, "quiet_downhill": True, "hours": 4000}


PEOPLE = {
    "answers": (gearbox, ANSWERS),
    "nothing": (gearbox, {}),
    "emergency": (gearbox, {"smoke": True}),
    "runner": (runner, {"leaning_back": True, "fever": True, "age": 15}),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_it_is_whole_and_accessible(who):
    model, given = PEOPLE[who]
    names = whole_and_accessible(model().diagnose(given).to_html())
    assert names["table"] == names["caption"] == names["svg"]


def test_it_says_what_the_report_says():
    report = gearbox().diagnose(ANSWERS)
    page = report.to_html()
    for said in (report.triage.message, report.causes[0].label, report.disclaimer):
        assert said in page
    assert report.pathway is not None
    assert report.pathway.label in page
    assert "Of 100 cars with these answers" in page
    assert page == report.to_html()


def test_the_ties_are_the_weights_of_every_listed_cause():
    """A line for each weight that the table says in words, broken where it is against."""
    report = gearbox().diagnose(BEARING)
    section = report.to_html().partition('id="ties"')[2].partition("</section>")[0]
    weights = [
        weight.decibans
        for each in report.explanation
        for weight in (*each.evidence_for, *each.evidence_against)
        if strength(weight.decibans)
    ]
    key = 1
    assert section.count("C365") == len(weights) > 3
    assert section.count("stroke-dasharray") == sum(w < 0 for w in weights) + key
    assert len(re.findall(r"<td>[a-z ]+ (?:for|against)", section)) == len(weights)
    listed = report.causes[:LISTED]
    assert all(f'<th scope="col">{each.label}</th>' in section for each in listed)


def test_a_wider_line_is_a_heavier_weight():
    def width(decibans: float) -> float:
        drawn = network("", ["one"], ["a"], [Tie(0, 0, decibans)])
        return float(re.findall(r'stroke-width="([0-9.]+)"', drawn)[0])

    assert width(2.0) < width(-6.0) < width(14.0)
    assert width(200.0) == width(LONGEST)


def test_what_would_change_it_stands_there_where_it_is_given():
    report = gearbox().diagnose(ANSWERS)
    found = gearbox().pivotal_answers(ANSWERS)
    page = report.to_html(found)
    assert page.count("would answer so") == sum(bool(each.answers) for each in found) > 0
    assert "would answer so" not in report.to_html()
    assert report.next_question is not None
    assert report.next_question.text in page
    assert report.next_question.reason in page


def test_a_screen_is_shown_with_its_lines():
    report = gearbox().diagnose({"hours": 4000, "drive": "manual"})
    assert report.next_question is not None
    lines = [each.label for each in report.next_question.items]
    assert len(lines) > 1
    assert f"{report.next_question.text} {'; '.join(lines)}</p>" in report.to_html()


def test_what_to_avoid_is_told_apart():
    report = gearbox().diagnose({"towing": True})
    assert len(report.pathway.avoid) > 1
    said = " ".join(f"{each.rstrip('.')}." for each in report.pathway.avoid)
    assert f"<b>Avoid:</b> {said}</p>" in report.to_html()


def test_an_emergency_has_neither_causes_nor_percentages():
    given = {"smoke": True, "whine": True, "hours": 4000}
    body = gearbox().diagnose(given).to_html().partition("<body>")[2]
    assert "Stop now." in body
    assert "of 100" not in body
    assert "%" not in body
    assert "<svg" not in body


def test_words_of_a_model_are_text_and_not_tags(tmp_path):
    path = tmp_path / "m.yaml"
    text = GEARBOX.replace("label: Worn bearing", "label: '<b>Worn & torn</b>'")
    path.write_text(text, encoding="utf-8")
    page = tmp_path / "page.html"
    result = run("--model", str(path), "explain", "--whine", "--html", str(page))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    shown = page.read_text(encoding="utf-8")
    assert "<b>Worn" not in shown
    assert "&lt;b&gt;Worn &amp; torn" in shown


def test_a_page_that_cannot_be_written_says_why(tmp_path):
    result = run("explain", "--html", str(tmp_path / "nowhere" / "page.html"))
    assert result.exit_code == 2
    assert "cannot write" in result.stderr
