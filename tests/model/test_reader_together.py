"""Several mistakes in one model file: all are reported, each of them once."""

import pytest
from support.reader import changed, problems

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
