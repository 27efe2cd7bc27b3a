"""An interview is kept after every answer, and gone on with by `lbp-infer ask --resume`."""

import json
import os
from datetime import datetime, timedelta

import pytest
from support.cli import refused, run
from support.interviews import ask, kept

pytestmark = pytest.mark.usefixtures("gearbox_by_default", "state")


def test_what_was_answered_is_kept_in_a_case_file(state):
    result = ask(stdin="whine=yes\nhours=4000\n")
    path = kept(state)
    assert f"Kept for you alone in {path}" in result.stderr
    assert f"--resume {path}" in result.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    assert (
        run("--json", "--case", str(path)).stdout
        == run("--json", "--whine", "--hours", "4000").stdout
    )


def test_nothing_is_kept_of_nothing(state):
    assert "Kept" not in ask(stdin="").stderr


def last_question(text):
    """The words of the question that was asked last, without its number."""
    numbered = [line for line in text.splitlines() if line[:1].isdigit()]
    return numbered[-1].partition(". ")[2]


def test_resume_goes_on_with_the_same_question(state):
    first = ask(stdin="0\nhours=4000\nwhine=yes\n")
    second = ask("--resume", str(kept(state)), stdin="")
    assert last_question(first.stdout) == last_question(second.stdout)


def test_resume_can_go_back_before_it_was_broken_off(state):
    ask(stdin="hours=4000\nwhine=yes\n")
    result = ask("--resume", str(kept(state)), "--json", stdin="back\n")
    assert result.stdout == run("--json", "--hours", "4000").stdout


def test_resume_takes_any_case_file_and_flags_on_top(tmp_path, state):
    path = tmp_path / "case.yaml"
    path.write_text("whine: yes\n")
    result = ask("--resume", str(path), "--hours", "4000", "--json", stdin="")
    assert result.stdout == run("--json", "--whine", "--hours", "4000").stdout
    ask("--resume", str(path), stdin="hours=4000\n")
    assert path.read_text() == "whine: yes\n"
    assert json.loads(kept(state).read_text())["evidence"] == {"whine": True, "hours": 4000}


def test_a_kept_file_that_was_edited_counts_as_it_stands(state):
    ask(stdin="hours=4000\n")
    path = kept(state)
    path.write_text(path.read_text().replace('"hours": 4000', '"hours": 9', 1))
    result = ask("--resume", str(path), "--json", stdin="")
    assert json.loads(result.stdout)["evidence"][0]["value"] == 9


def days_old(path, days):
    """Let a kept interview be so many days old."""
    content = json.loads(path.read_text())
    saved = datetime.fromisoformat(content["interview"]["saved"]) - timedelta(days=days)
    content["interview"]["saved"] = saved.isoformat()
    path.write_text(json.dumps(content))


def test_after_weeks_it_asks_what_has_changed(state):
    ask(stdin="getting_worse=no\nhours=4000\nwhine=yes\n")
    path = str(kept(state))
    days_old(kept(state), 15)
    text = " ".join(ask("--resume", path, stdin="why\n\n").stdout.split())
    assert "What may have changed since is asked again." in text
    assert "As before: no" in text
    assert "It may have changed since it was answered." in text
    days_old(kept(state), 15)
    result = ask("--resume", path, "--json", stdin="yes\n")
    evidence = {item["id"]: item["value"] for item in json.loads(result.stdout)["evidence"]}
    assert evidence == {"hours": 4000, "whine": True, "getting_worse": True}


def test_after_a_day_it_asks_nothing_again(state):
    ask(stdin="getting_worse=no\n")
    days_old(kept(state), 1)
    assert "changed since" not in ask("--resume", str(kept(state)), stdin="").stdout


def test_an_interview_of_another_model_is_refused(state, monkeypatch):
    ask(stdin="hours=4000\n")
    path = kept(state)
    content = json.loads(path.read_text())
    content["interview"]["session"]["model"]["id"] = "bicycle"
    path.write_text(json.dumps(content))
    said = refused("ask", "--resume", str(path))
    assert f"{path}: this session is of the model 'bicycle', not of 'gearbox'" in said


def test_an_interview_of_an_earlier_form_of_the_model_goes_on(state):
    ask(stdin="hours=4000\n")
    path = kept(state)
    content = json.loads(path.read_text())
    content["interview"]["session"]["model"]["sha256"] = "earlier"
    path.write_text(json.dumps(content))
    result = ask("--resume", str(path), "--json", stdin="")
    assert "the model has changed since;" in result.stderr
    assert result.stdout == run("--json", "--hours", "4000").stdout


@pytest.mark.parametrize(
    "content",
    [
        *("", "   \n", '{"evidence": {"hours": 4', "[1]", "\0", "7", "hoors: 4"),
        pytest.param(f'{{"hours": 1{"0" * 5000}}}', id="many digits"),
        pytest.param("[" * 5000, id="deep"),
    ],
)
def test_a_file_that_cannot_be_gone_on_with_is_one_clear_line(tmp_path, content):
    path = tmp_path / "kept.json"
    path.write_text(content)
    said = refused("ask", "--resume", str(path))
    assert str(path) in said
    assert path.read_text() == content


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("version", 99, "newer lbp-infer"),
        ("saved", "2026-11-29T00:00:00", "changed by hand"),
        ("session", {}, "changed by hand"),
        ("session.policy", 5, "changed by hand"),
        ("session.most", -5, "changed by hand"),
        ("session.steps", [["hours", 4], 7], "changed by hand"),
        ("session.audience", "king", "give one of self, clinician"),
        ("session.steps", [["hoors", 4]], "did you mean 'hours'"),
    ],
)
def test_a_kept_interview_that_was_damaged_is_one_clear_line(state, part, value, said):
    ask(stdin="hours=4000\n")
    content = json.loads(kept(state).read_text())
    *parents, last = part.split(".")
    held = content["interview"]
    for name in parents:
        held = held[name]
    held[last] = value
    kept(state).write_text(json.dumps(content))
    assert said in refused("ask", "--resume", str(kept(state)))
    assert json.loads(kept(state).read_text()) == content


def test_a_kept_interview_without_its_answers_is_said(state):
    ask(stdin="hours=4000\n")
    content = json.loads(kept(state).read_text())
    kept(state).write_text(json.dumps({"interview": content["interview"]}))
    assert "'evidence' is missing" in refused("ask", "--resume", str(kept(state)))


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_resumed(tmp_path, kind):
    path = tmp_path / kind
    make = {"link": lambda: path.symlink_to("case.yaml"), "pipe": lambda: os.mkfifo(path)}
    make.get(kind, path.mkdir)()
    assert str(path) in refused("ask", "--resume", str(path))


def test_a_file_to_resume_that_is_not_there_is_said(tmp_path):
    assert "No such file" in refused("ask", "--resume", str(tmp_path / "gone.json"))


def test_where_nothing_can_be_kept_the_interview_is_held(tmp_path):
    result = ask("--json", stdin="hours=4\n", XDG_STATE_HOME="/dev/null")
    assert "the answers will be lost when this ends" in result.stderr
    assert json.loads(result.stdout)["evidence"]


def test_an_answer_that_cannot_be_kept_counts_and_is_kept_with_the_next(state, monkeypatch):
    replace, full = os.replace, [True]

    def sometimes(*paths):
        if full.pop() if full else False:
            raise OSError(28, "No space left on device")
        replace(*paths)

    monkeypatch.setattr("os.replace", sometimes)
    result = ask("--json", stdin="hours=4000\nwhine=yes\n")
    assert "No space left on device; it has what was answered before" in result.stderr
    assert result.stdout == run("--json", "--hours", "4000", "--whine").stdout
    assert json.loads(kept(state).read_text())["evidence"] == {"hours": 4000, "whine": True}
