"""A narrow terminal: no word is broken on it, and an address is whole on any."""

import pytest
from support.cli import GEARBOX, GEARBOX_FLAGS, run

NARROW = "40"
ADDRESS = "https://example.org/" + "bearings-of-old-gearboxes-and-what-they-are-heard-by-" * 3


@pytest.mark.parametrize(
    "command",
    [
        (*GEARBOX_FLAGS,),
        ("--full", *GEARBOX_FLAGS),
        ("explain", *GEARBOX_FLAGS),
        ("what-if", *GEARBOX_FLAGS, "--change", "whine=no"),
        ("--sensitivity", *GEARBOX_FLAGS),
        ("model", "show", "worn_bearing"),
        ("model", "show", "--numbers"),
    ],
    ids=lambda command: " ".join(each for each in command if each not in GEARBOX_FLAGS) or "brief",
)
def test_no_word_is_broken(command, gearbox_by_default):
    """What stands on a narrow page are words of a wide one."""
    wide, narrow = (run(*command, COLUMNS=width) for width in ("120", NARROW))
    assert (wide.exit_code, narrow.exit_code) == (0, 0)
    assert set(narrow.stdout.split()) - set(wide.stdout.split()) <= {"-", "..."}
    prose = [line for line in narrow.stdout.splitlines() if " " in line.strip()]
    assert max(map(len, prose)) <= int(NARROW)


def test_rows_that_do_not_fit_beside_each_other_stand_below(gearbox_by_default):
    row = run("--full", *GEARBOX_FLAGS, COLUMNS=NARROW).stdout
    assert "- Worn bearing " in row
    assert " now " in row
    assert " could be " in " ".join(row.split())


@pytest.mark.parametrize("width", [NARROW, "80", "120"])
def test_an_address_is_left_whole(tmp_path, width):
    path = tmp_path / "model.yaml"
    path.write_text(GEARBOX.replace("source: [expert judgement]", f'source: ["{ADDRESS}"]'))
    for command in (
        ("--model", str(path), "explain", "--whine"),
        ("model", "show", "--model", str(path), "worn_bearing"),
    ):
        shown = run(*command, COLUMNS=width)
        assert shown.exit_code == 0
        assert ADDRESS in shown.stdout.split()
