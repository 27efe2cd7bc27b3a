"""Interviews held on a terminal and written down for docs/transcripts/.

`PYTHONPATH=tests python -m support.transcripts` writes them anew.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bayesnet.diagnosis.interview.session import Session
from support.cli import child_environment
from support.models import runner
from support.paths import ROOT

FOLDER = ROOT / "docs" / "transcripts"
CTRL_C = "\x03"
RESUME = "--resume"
"""Stands for the option with the file that was kept last."""


@dataclass(frozen=True)
class Script:
    """A person at a terminal: what they have, what they type in place of the answers to further
    questions, and how many they answer before it.

    then: what another start types; None: there is none.
    """

    evidence: Mapping[str, Any]
    most: int | None
    words: Sequence[str] = ()
    then: Sequence[str] | None = None
    flags: Sequence[str] = ()
    settings: Mapping[str, str] | None = None


def textbook(cause: str, **more: Any) -> dict[str, Any]:
    return {**runner().description.causes[cause].textbook, **more}


def scripts() -> dict[str, Script]:
    begun = {"main_pain": "back", "duration": "2_to_6_weeks", "onset": "gradual"}
    facet = textbook("facet_joint", age=52, sex="male", **begun)
    disc = textbook("disc", age=34, sex="female", referral="buttock", **begun)
    commands = ["back", "why", "what if coughing=yes", "so far", "stop"]
    return {
        "facet_joint": Script(facet, None),
        "disc": Script(disc, 13, commands),
        "red_flag": Script(textbook("disc", age=45, sex="male", saddle_numbness=True), None),
        "broken_off": Script(disc, 10, [CTRL_C], ["so far", "stop"]),
        "accessible": Script(facet, 10, ["stop"], settings={"ACCESSIBLE": "1"}),
    }


def typed_by(script: Script) -> list[str]:
    """What the person types at each question; further red flags and signs are denied."""
    return _held(script)[0]


def answered_by(script: Script) -> Mapping[str, Any]:
    """What the person has answered in the end."""
    return _held(script)[1].given


def _held(script: Script) -> tuple[list[str], Session]:
    session = runner().interview()
    lines: list[str] = []
    while not session.should_stop and (script.most is None or len(lines) < script.most):
        typed, session = _next_line(session, script.evidence)
        lines.append(typed)
    return lines, session


def _next_line(session: Session, evidence: Mapping[str, Any]) -> tuple[str, Session]:
    question = session.next_question
    assert question is not None
    name = question.id
    if question.items:
        present = [at for at, item in enumerate(question.items, 1) if evidence.get(item.id)]
        if not present:
            return "0", session.answer(name, "none")
        name = question.items[present[0] - 1].id
        return str(present[0]), session.answer(name, True)
    value = evidence.get(name, False if session.model.known[name].is_yes_no else None)
    if value is None:
        return "?", session.answer(name, None)
    if isinstance(value, bool):
        return ("y" if value else "n"), session.answer(name, value)
    labels = [choice.label for choice in question.choices if choice.value == value]
    return (labels or [str(value)])[0], session.answer(name, value)


def capture(script: Script) -> str:
    """Hold the interview on a terminal, and return all that stood on it."""
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(_started(script.flags, [*typed_by(script), *script.words], script, folder))
        if script.then is not None:
            (kept,) = (Path(folder) / "lbp-infer" / "interviews").iterdir()
            text += "\n"
            text += "".join(_started([RESUME, str(kept)], script.then, script, folder))
        return _tidied(text, folder)


def _started(
    flags: Sequence[str], lines: Sequence[str], script: Script, folder: str
) -> Iterator[str]:
    import pexpect

    settings = script.settings or {"TERM": "dumb"}
    environment = child_environment(XDG_STATE_HOME=folder, PYTHONUTF8="1", **settings)
    command = ["-m", "lbp_infer", "ask", *flags]
    child = pexpect.spawn(
        sys.executable, command, env=environment, encoding="utf-8", timeout=60, dimensions=(24, 80)
    )
    yield f"$ lbp-infer {' '.join(command[2:])}\n"
    for line in lines:
        child.expect(r"\n> ")
        yield f"{child.before}\n> "
        child.send(line if line == CTRL_C else f"{line}\n")
    rest = child.expect([r"\n> $", pexpect.EOF])
    yield f"{child.before}" if rest else f"{child.before}\n> "
    if not rest:
        child.send("\n")
        child.expect(pexpect.EOF)
        yield child.before
    child.close()


def _tidied(text: str, folder: str) -> str:
    """Leave out what is another each time: the folder, the time and chance in a file's name."""
    text = text.replace("\r", "").replace(folder, "~/.local/state")
    text = re.sub(r"\d{4}-\d\d-\d\d-\d{6}-[0-9a-f]{4}", "2026-11-29-081500-4f2a", text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, script in scripts().items():
        (FOLDER / f"{name}.txt").write_text(capture(script), encoding="utf-8")


if __name__ == "__main__":
    main()
