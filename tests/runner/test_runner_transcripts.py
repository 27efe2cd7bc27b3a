"""The interviews that the documentation shows begin as they do today, word for word.

Only until every screen was answered: which question is worth most after that, and what an answer
moves, is for those who tune the model. `python -m support.transcripts` writes them anew.
"""

import re

import pytest
from lbp_infer.main import main
from support.transcripts import FOLDER, scripts

TYPED = re.compile(r"^> (.*)$", re.MULTILINE)


def beginning(text: str) -> list[str]:
    """The lines up to the last screen or an emergency, but for what numbers moved."""
    *_, last = re.finditer(r"^Noted: none of these\.$|^Urgency: emergency", text, re.MULTILINE)
    lines = text[: last.end()].splitlines()
    return [line for line in lines if line[:1] != "$" and " %" not in line]


@pytest.mark.parametrize("name", sorted(scripts()))
def test_a_transcript_begins_as_it_does_today(name, tmp_path, monkeypatch, capsys):
    written = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    typed = TYPED.findall("\n".join(beginning(written)))
    assert len(typed) > 2
    answers = tmp_path / "answers.txt"
    answers.write_text("\n".join(typed))
    for variable, value in (scripts()[name].settings or {}).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["ask", "--answers", str(answers)]) == 0
    now = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
    assert beginning(now) == beginning(written)


def test_every_transcript_has_its_script():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(scripts())
