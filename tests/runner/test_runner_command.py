"""The command with the shipped model: its flags, its emergencies, its ids on the screen."""

import re

import pytest
from lbp_infer.commands.vocabulary import vocabulary
from support.cli import FLAGS, SAME, answer, run
from support.models import runner


def test_flags_are_the_evidence() -> None:
    assert {item["id"]: item["value"] for item in answer(*FLAGS)["evidence"]} == SAME


def test_help_fits_two_screens_of_80_columns() -> None:
    lines = run("--help").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 54


def test_every_flag_is_listed_within_80_columns() -> None:
    shown = run("flags", COLUMNS="80").stdout
    assert max(map(len, shown.splitlines())) <= 80
    for flag in vocabulary(runner().description).flags.values():
        assert re.search(rf"^  {flag}( |$)", shown, re.MULTILINE), flag


def test_an_emergency_fills_the_top_and_leaves_out_the_rest() -> None:
    shown = run("--saddle-numbness", "--age", "42").stdout
    first, *_, last = shown.splitlines()
    assert first.startswith("EMERGENCY  Go to an emergency department")
    assert last.startswith("EMERGENCY: Go to an emergency department")
    for left_out in ("%", "https", "10.", "█"):
        assert left_out not in shown


@pytest.mark.parametrize("columns", [40, 400])
def test_the_page_keeps_to_the_width(columns: int) -> None:
    for args in (FLAGS, ("explain", *FLAGS), ("model", "show", "disc")):
        shown = run(*args, COLUMNS=str(columns)).stdout
        # An address that is longer has a line of its own.
        wrapped = [line for line in shown.splitlines() if " " in line.strip()]
        assert max(map(len, wrapped)) <= min(120, columns)


def test_numbers_are_listed_with_their_grades_and_sources() -> None:
    shown = run("model", "show", "--numbers", "facet_joint")
    assert shown.exit_code == 0
    assert re.search(r"prevalence +[\d.]+ % +\([\d.]+ % to [\d.]+ %\) +\w+ ", shown.stdout)
    assert "…" not in shown.stdout
