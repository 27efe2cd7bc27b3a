"""Several mistakes in one model file: all are reported, each of them once."""

from pathlib import Path

import pytest
from support.reader import MODEL, changed, place_of, problems

from bayesnet.model.reading.notices import read_noticing

pytestmark = pytest.mark.usefixtures("in_folder")


def test_five_planted_mistakes_are_all_reported() -> None:
    text = changed(
        ("title: Gearbox", "title: 7"),
        ("about: A tooth", "abuot: A tooth"),
        (
            "      vibration: {value: 0.6, interval: [0.4, 0.8]",
            "      vibratio: {value: 0.6, interval: [0.7, 0.8]",
        ),
        ("derived_from: heat", "derived_from: heats"),
        ("{value: 50, source: [fig-1]}", "{value: 50, source: [fig-3]}"),
    )
    found = problems(text)
    expected = [
        "'title' is",
        "unknown key 'abuot'",
        "'vibratio'",
        "outside its interval",
        "'heats'",
        "'fig-3'",
    ]
    assert [next((w for w in expected if w in each), each) for each in found] == expected


def test_ten_mistakes_of_ten_kinds_are_told_in_one_run_each_on_its_line() -> None:
    planted = [
        ("title: Gearbox", "title: 7", "put it in quotes"),
        ("about: A tooth", "abuot: A tooth", "did you mean 'about'?"),
        ('question: "Is the oil old?"', "question: “Is the oil old?”", "curly quotes"),
        (
            "{when: {hours: over_1000}, value: 0.4,",
            "{when: {hours: over_1000}, value: 0,4,",
            "with a point: 0.4",
        ),
        ("interval: [0.5, 0.9]", "interval: [50, 90]", "in per cent"),
        ("vibration: {value: 0.6", "vibratio: {value: 0.6", "did you mean 'vibration'"),
        ("derived_from: heat", "derived_from: heats", "did you mean 'heat'"),
        ("at_least: 1000}", "at_least: 1000, below: 900}", "can never hold"),
        ("stop_if: It leaks\n", "stop_if: \n", "'stop_if' is empty"),
        ("Jones 2001, J Gears", "Jones, J Gears", "names no year"),
    ]
    text = changed(*((old, new) for old, new, _ in planted))
    Path("m.yaml").write_text(text, encoding="utf-8")
    found = read_noticing(Path("m.yaml")).notices
    assert len(found) == len(planted) == 10, found
    for (_, new, words), notice in zip(planted, found, strict=True):
        assert notice.line == text.count("\n", 0, text.index(new)) + 1, notice
        assert words in notice.message


def test_a_broken_entry_hides_no_other_and_is_not_called_unknown() -> None:
    text = changed(
        ("label: Worn bearing", "label: [7]"),
        (
            "worn_bearing: {value: 50, source: [fig-1]}",
            "worn_bearing: {value: 50, source: [fig-9]}",
        ),
    )
    found = problems(text)
    assert len(found) == 2
    assert "'label' is a list" in found[0]
    assert "fig-9" in found[1]


def test_a_deleted_cause_is_told_once_with_the_lines_that_name_it() -> None:
    block = MODEL[MODEL.index("  worn_bearing:\n") : MODEL.index("  cracked_gear:\n")]
    text = changed((block, ""))
    (found,) = problems(text)
    assert found.startswith(
        f"{place_of(text, 'factor: worn_bearing')}: 'worn_bearing' is not there"
    )
    lines = [at for at, line in enumerate(text.splitlines(), 1) if "worn_bearing" in line]
    assert f"{len(lines)} places name it: m.yaml lines {', '.join(map(str, lines))}." in found
    assert "did you mean" not in found


def test_a_renamed_cause_is_told_once() -> None:
    (found,) = problems(changed(("  worn_bearing:\n", "  old_bearing:\n")))
    assert "write its new name there" in found


def test_a_deleted_figure_is_told_once() -> None:
    (found,) = problems(changed(('  fig-1: {figure: "a fifth"', '  fig-9: {figure: "a fifth"')))
    assert "'fig-1' is not there, and" in found


def test_a_renamed_state_is_told_once_where_the_states_are_listed() -> None:
    text = changed(
        ("states: [none, warm, hot]", "states: [none, tepid, hot]"),
        ("states: [warm, hot]\ntriage", "states: [tepid, hot]\ntriage"),
        ("textbook: {hum: true}", "textbook: {heat: warm}"),
    )
    (found,) = problems(text)
    assert found.startswith(place_of(text, "states: [none, tepid"))
    assert "'warm' of 'heat' is not there, and 3 places name it" in found


def test_states_in_capitals_are_told_where_they_are_listed() -> None:
    text = changed(("states: [none, warm, hot]", "states: [none, warm, Hot]"))
    (found,) = problems(text)
    assert found.startswith(place_of(text, "Hot]"))
    assert "underscores: hot;" in found


def test_a_state_renamed_in_one_number_is_one_problem_there() -> None:
    text = changed(("{none: 0.2, warm: 0.3, hot: 0.5}", "{none: 0.2, warn: 0.3, hot: 0.5}"))
    (found,) = problems(text)
    assert found.startswith(place_of(text, "warn: 0.3"))
    assert "did you mean 'warm'?" in found


def test_a_misspelt_key_is_one_problem() -> None:
    (found,) = problems(changed(("interval: [0.5, 0.9]", "intervall: [0.5, 0.9]")))
    assert "did you mean 'interval'?" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shared:\n", "sharde:\n"),
        ("hot: 0.5}", "hot: 0.6}"),
        ("[1001, 9000]", "[2001, 1001]"),
        ("sample_size: 50", "sample_size: 1e999"),
    ],
)
def test_one_slip_is_one_problem(old: str, new: str) -> None:
    assert len(problems(changed((old, new), ("hours: 1500", "hours: 100")))) == 1


def test_an_unknown_cause_with_the_name_of_a_key() -> None:
    row = (
        "worn_bearing: {values: {none: 0.2, warm: 0.3, hot: 0.5}, sample_size: 20, source: [fig-1]}"
    )
    found = problems(changed((row, f"{row}\n      label: {{a: 1}}")))
    assert any("unknown cause 'label'" in each for each in found)
