"""A number set in a file: its bytes change and no others."""

import difflib
from pathlib import Path

import pytest
from support.reader import MODEL, changed

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.editing.new_number import NewNumber
from bayesnet.model.editing.setting import set_number
from bayesnet.model.editing.splicing import added_entry, removed, replaced

pytestmark = pytest.mark.usefixtures("in_folder")

AUDIT = "audit 2026, n=212"
BLOCK = """\
    prevalence:   # of those who come
      value: 0.2    # guessed
      interval:
        - 0.1
        - 0.3
      source:
        - fig-1
      why: >-
        first line
        second line
"""
FLOW = "    prevalence: {value: 0.2, interval: [0.1, 0.3], source: [fig-1]}\n"
SET = 'value: 0.25, interval: [0.13, 0.36], source: ["audit 2026, n=212"]}'


def set_in(
    text: str, name: str, value: str, source: str = AUDIT, **more: object
) -> tuple[list[str], str]:
    """The lines that went and came, marked - and +, and the new text; other bytes are the same."""
    Path("m.yaml").write_bytes(text.encode())
    new = NewNumber(value=value, source=source, **more)  # type: ignore[arg-type]
    done = set_number(Path("m.yaml"), name, new)
    assert Path("m.yaml").read_bytes() == done.content == text.encode()
    after = done.changed.decode()
    lines = difflib.ndiff(text.splitlines(True), after.splitlines(True))
    return [each for each in lines if each[0] in "+-"], after


def test_a_number_on_one_line_changes_that_line_alone() -> None:
    lines, _ = set_in(MODEL, "worn_bearing.prevalence", "0.25")
    assert lines == [f"- {FLOW}", f"+     prevalence: {{{SET}\n"]


def test_comments_and_lists_of_a_block_stay() -> None:
    lines, after = set_in(MODEL.replace(FLOW, BLOCK), "worn_bearing.prevalence", "0.25")
    assert "".join(each for each in lines if each[0] == "+") == (
        "+       value: 0.25    # guessed\n"
        "+         [0.13, 0.36]\n"
        '+         ["audit 2026, n=212"]\n'
    )
    assert "first line" not in after
    assert "# of those who come" in after


def test_line_ends_a_mark_and_the_lack_of_a_last_line_end_stay() -> None:
    text = "\ufeff" + MODEL.rstrip("\n").replace("\n", "\r\n").replace("A tooth", "Ein Zähnchen 🙂")
    lines, after = set_in(text, "hum.worn_bearing", "0.75")
    assert len(lines) == 2
    assert after.count("\r\n") == after.count("\n") == text.count("\n")
    assert after.startswith("\ufeff")
    assert not after.endswith("\n")


@pytest.mark.parametrize(
    ("name", "value", "more", "line"),
    [
        (
            "worn_bearing.old_oil",
            "2.2",
            {"why": "as they came"},
            "      - {factor: old_oil, relative_risk: 2.2, interval: [1.3, 3.3],\n"
            '         source: ["audit 2026, n=212"], why: as they came}\n',
        ),
        ("worn_bearing.hours.over_1000", "1.6", {}, "relative_risk: 1.6, sample_size: 20,"),
        (
            "hum.background",
            "0.12",
            {"interval": (0.1, 0.15)},
            "{value: 0.12, interval: [0.1, 0.15]",
        ),
        ("hum.background", "0.12", {"sample_size": 50}, "sample_size: 50}"),
        ("vibration.cracked_gear", ".8", {}, "cracked_gear: {value: .8, interval: [0.6, 0.9],"),
        (
            "heat.background",
            "none:0.6, warm:0.3, hot:0.1",
            {},
            "values: {none: 0.6, warm: 0.3, hot: 0.1}, sample_size: 20,",
        ),
        (
            "old_oil.frequency.over_1000",
            "0.45",
            {},
            "over_1000}, value: 0.45, interval: [0.34, 0.55]",
        ),
        ("stop.worn_bearing", "60", {}, "worn_bearing: {value: 60, source:"),
        ("stop.no_identified_cause", "-6", {}, 'value: -6, source: ["audit 2026, n=212"]}'),
        ("live_from", "0.3", {"why": "better"}, "why: better}"),
        (
            "hum.cracked_gear",
            "0.6",
            {"sample_size": 30},
            "      vibration: {value: 0.6, interval: [0.4, 0.8], source: [fig-1]}\n"
            '      cracked_gear: {value: 0.6, sample_size: 30, source: ["audit 2026, n=212"]}\n',
        ),
    ],
)
def test_every_kind_of_number(name: str, value: str, more: dict[str, object], line: str) -> None:
    lines, after = set_in(MODEL, name, value, **more)
    assert line in after
    assert len(lines) <= 4


ROW = 'relative_risk: 1.4, sample_size: 30, source: ["audit 2026, n=212"]}'


@pytest.mark.parametrize(
    ("changes", "name", "came"),
    [
        ((), "cracked_gear.old_oil", f"+       - {{factor: old_oil, {ROW}\n"),
        (
            (),
            "cracked_gear.hours.over_1000",
            f"+       - {{factor: hours, state: over_1000, {ROW}\n",
        ),
        (
            (
                (
                    "    risk_factors:\n      - {factor: worn_bearing, relative_risk: 1.5, "
                    "interval: [1.0, 2.0], source: [fig-1]}\n",
                    "",
                ),
            ),
            "cracked_gear.old_oil",
            f"+     risk_factors:\n+       - {{factor: old_oil, {ROW}\n",
        ),
        (
            (
                (
                    "\n      - {factor: worn_bearing, relative_risk: 1.5, "
                    "interval: [1.0, 2.0], source: [fig-1]}\n",
                    " []\n",
                ),
            ),
            "cracked_gear.old_oil",
            f"-     risk_factors: []\n+     risk_factors: [{{factor: old_oil, {ROW}]\n",
        ),
        (
            (
                (
                    "      - {factor: worn_bearing, relative_risk: 1.5, interval: [1.0, 2.0], ",
                    "      - factor: worn_bearing\n        relative_risk: 1.5\n"
                    "        interval: [1, 2]\n        ",
                ),
                ("source: [fig-1]}\n    textbook: {hum: true}", "source: [fig-1]"),
            ),
            "cracked_gear.old_oil",
            "+       - factor: old_oil\n+         relative_risk: 1.4\n"
            '+         sample_size: 30\n+         source: ["audit 2026, n=212"]\n',
        ),
    ],
)
def test_a_relative_risk_that_was_not_there(
    changes: tuple[tuple[str, str], ...], name: str, came: str
) -> None:
    lines, _ = set_in(changed(*changes), name, "1.4", sample_size=30)
    assert "".join(lines) == came


FOLDED = """\
a:
  rows:
    - x: 1
      why: >-
        first line
        second line

  # about the next
  next: 2
"""


@pytest.mark.parametrize(
    ("changed_text", "lines"),
    [
        (
            added_entry(FOLDED, ("a", "rows", 1), {"x": "2", "y": "3"}),
            ["+     - x: 2\n", "+       y: 3\n"],
        ),
        (
            replaced(FOLDED, ("a", "rows", 0, "why"), '"short"'),
            [
                "-       why: >-\n",
                "-         first line\n",
                "-         second line\n",
                '+       why: "short"\n',
            ],
        ),
        (
            removed(FOLDED, ("a", "rows", 0, "why")),
            ["-       why: >-\n", "-         first line\n", "-         second line\n"],
        ),
    ],
)
def test_a_text_of_several_lines_ends_with_its_last_line(
    changed_text: str, lines: list[str]
) -> None:
    found = difflib.ndiff(FOLDED.splitlines(True), changed_text.splitlines(True))
    assert sorted(each for each in found if each[0] in "+-") == sorted(lines)


def test_a_number_among_blocks_is_added_as_a_block() -> None:
    text = changed(
        (
            "      cracked_gear: {value: 0.8, interval: [0.6, 0.9], source: [fig-1, fig-2]}\n",
            "      cracked_gear:\n        value: 0.8\n        sample_size: 9\n"
            "        source: [fig-1]\n",
        )
    )
    lines, _ = set_in(text, "vibration.worn_bearing", "0.5", sample_size=30)
    assert "".join(lines) == (
        "+       worn_bearing:\n+         value: 0.5\n+         sample_size: 30\n"
        '+         source: ["audit 2026, n=212"]\n'
    )


def test_a_relative_risk_of_a_state_needs_the_state() -> None:
    with pytest.raises(EvidenceError, match=r"add one of them: hours\.up_to_1000, hours\.over"):
        set_in(MODEL, "cracked_gear.hours", "1.4", sample_size=30)


def test_a_number_in_an_included_file() -> None:
    cut = MODEL.index("findings:")
    Path("sub").mkdir()
    Path("sub/findings.yaml").write_text(MODEL[cut:])
    Path("m.yaml").write_text("include: [sub/findings.yaml]\n" + MODEL[:cut])
    done = set_number(Path("m.yaml"), "hum.background", NewNumber(value="0.12", source=AUDIT))
    assert done.file == Path("sub/findings.yaml")
    assert done.changed.decode().splitlines()[done.line - 1].strip().startswith("background: ")
    assert done.after.description.findings["hum"].background.value == 0.12


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("worn_bearing.prevalence", "0,22", "write it with a point: 0.22"),
        ("worn_bearing.prevalence", "15%", "write it as a fraction: 0.15"),
        ("worn_bearing.prevalence", "low", "is not a number"),
        ("worn_bearing.prevalence", "22", "for 22 % write 0.22"),
        ("worn_bearing.prevalence", "0", "a prevalence of 0 or 1"),
        ("hum.background", "0.8", "below the background of 0.8"),
        ("heat.background", "none:0.6, warm:0.4", "add up to"),
        ("hum.cracked_gear", "0.4", "--sample-size"),
        ("stop.worn_bearing", "lots", "is not a number"),
    ],
)
def test_what_would_not_load_is_refused_with_the_reason(name: str, value: str, words: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        set_in(MODEL, name, value)
    assert words in str(caught.value)
    assert "m.yaml:" not in str(caught.value)


def test_a_source_that_is_none_is_refused() -> None:
    with pytest.raises(EvidenceError, match="is not"):
        set_in(MODEL, "worn_bearing.prevalence", "0.25", source="our clinic")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("worn_baring.prevalence", "did you mean 'worn_bearing'"),
        ("worn_bearing.prevalance", "did you mean 'prevalence'"),
        ("worn_bearing", "it has: prevalence, old_oil"),
    ],
)
def test_unknown_names_are_told_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        set_in(MODEL, name, "0.25")
    assert near in str(caught.value)


def test_a_number_written_by_reference_is_not_changed_in_two_places() -> None:
    shared = MODEL.replace("    background: {value: 0.1,", "    background: &low {value: 0.1,", 1)
    at = shared.index("    background: {value: 0.1,")
    end = shared.index("\n", at)
    text = shared[:at] + "    background: *low" + shared[end:]
    with pytest.raises(EvidenceError, match="reference"):
        set_in(text, "hum.background", "0.12")
