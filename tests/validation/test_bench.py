"""What the benchmark makes of its measurements: rounds, rows, goals, the written result."""

import gc
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from lbp_validation.bench import __main__ as bench
from lbp_validation.bench.child import Ran, run
from lbp_validation.bench.contest import Entry, beside, filled, race, worth_timing
from lbp_validation.bench.person import answer_of
from lbp_validation.bench.row import NEVER, Goal, Row, goals_grid, group, rows_grid
from lbp_validation.bench.timing import (
    Contender,
    Pace,
    Spread,
    Took,
    interleaved,
    ready,
    short,
    spread,
    timed,
)


@pytest.fixture(autouse=True)
def no_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each measurement garbage is collected, of all that other tests hold."""
    monkeypatch.setattr(gc, "collect", lambda: 0)


LESS = Goal(10, "ms", "less")
MORE = Goal(4, "x faster", "more")


def row(median: float | None, goal: Goal | None = LESS) -> Row:
    found = None if median is None else Spread(median, median / 2, median * 2)
    note = "nobody knows why" if median is None else ""
    return Row("part", "something", "numpy", "ms", found, goal=goal, note=note)


# --- rounds -----------------------------------------------------------------------------------


def test_every_contender_runs_in_every_round_and_preparing_is_apart():
    log: list[str] = []

    def contender(name: str) -> Contender:
        def prepare() -> Callable[[], object]:
            log.append(f"prepare {name}")
            return lambda: log.append(name)

        return Contender(name, prepare)

    seconds = interleaved([contender("a"), contender("b")], Pace(3))
    assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3}
    assert log.count("a") == log.count("b") == log.count("prepare a") == 5
    assert [name for name in log if len(name) == 1][:4] == ["a", "b", "b", "a"]


def test_when_time_is_up_no_round_is_begun_but_one_has_counted():
    contender = ready("a", lambda: None)
    assert len(interleaved([contender], Pace(5, limit=0.0))["a"]) == 1
    assert len(interleaved([contender], Pace(5))["a"]) == 5


def test_a_job_that_measures_itself_is_believed():
    assert timed(lambda: Took(123.0)) == 123.0
    assert timed(lambda: 123.0) != 123.0


def test_peers_far_behind_the_first_do_not_enter():
    peers = [ready(name, lambda t=t: Took(t)) for name, t in (("b", 1.5), ("a", 1.0), ("c", 9.0))]
    assert [each.name for each in worth_timing(peers)] == ["a", "b"]


# --- rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "found", "against"),
    [
        ("ms", 2000.0, 0.5),
        ("s", 2.0, 0.5),
        ("rows/s", 0.5, 2.0),
        ("x faster", 2.0, None),
        ("x", 0.5, None),
    ],
)
def test_figures_and_ratios_are_of_the_units_kind(unit, found, against):
    done = filled(Row("p", "w", unit=unit), np.array([2.0, 2.0]), np.array([4.0, 4.0]), "peer")
    assert done.found == Spread(found, found, found)
    assert done.against == (None if against is None else Spread(against, against, against))
    assert done.peer == "peer"


def test_ratios_are_taken_round_by_round():
    ours, theirs = np.array([1.0, 10.0, 2.0]), np.array([2.0, 40.0, 6.0])
    assert filled(Row("p", "w", unit="x faster"), ours, theirs, "").found == Spread(3.0, 2.0, 4.0)


def test_nobody_is_timed_whose_answers_lie_apart():
    def never() -> object:
        raise AssertionError("timed all the same")

    wrong = Entry(Row("p", "w", apart=1e-6, goal=LESS), ready("ours", never))
    (found,) = race([wrong], [ready("peer", never)], Pace(1))
    assert found.found is None
    assert found.verdict == "not measured: answers differ by 1.0e-06, so no time is given"
    right = Entry(Row("p", "w", apart=1e-12), ready("right", lambda: Took(1.0)), queries=4)
    rows = race([wrong, right], [ready("peer", lambda: Took(1.0))], Pace(3), queries=2)
    assert [each.found is None for each in rows] == [True, False]
    assert rows[1].against == Spread(0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("goal", "median", "verdict"),
    [
        (LESS, 10.0, "reached"),
        (LESS, 10.1, "missed"),
        (MORE, 4.0, "reached"),
        (MORE, 3.9, "missed"),
        (Goal(10, "ms", "less", judged="each"), 5.0, "reached"),
        (Goal(10, "ms", "less", judged="each"), 5.1, "missed"),
        (Goal(4, "x", "more", judged="each"), 7.9, "missed"),
        (LESS, None, "not measured: nobody knows why"),
        (None, 3.0, ""),
    ],
)
def test_a_goal_is_judged_by_the_median_or_by_the_worst(goal, median, verdict):
    assert row(median, goal).verdict == verdict


def test_what_was_stopped_misses_its_goal_and_says_so():
    stopped = replace(row(1.0), found=NEVER, note="over 60 s, then stopped")
    assert stopped.verdict == "missed: over 60 s, then stopped"
    assert "not in time" in str(stopped)


def test_a_group_has_the_median_of_its_members_and_names_what_is_missing():
    base = Row("part", "together", "numpy", "ms", goal=LESS)
    members = [row(2.0), row(30.0), row(4.0)]
    assert group(base, members).found == Spread(4.0, 2.0, 30.0)
    assert group(base, [*members, row(None)]).verdict == (
        "not measured: 1 without a figure: nobody knows why"
    )
    assert group(base, []).found is None


def test_a_group_has_the_ratios_of_its_members():
    members = [replace(row(30.0), against=Spread(r, r, r)) for r in (0.1, 0.2, 0.9)]
    summed = group(Row("part", "together", "numpy", "ms"), members)
    assert summed.against == Spread(0.2, 0.1, 0.9)


def test_a_peer_in_its_own_process_gives_a_ratio_or_says_why_it_has_none():
    ours = Entry(Row("p", "w", apart=1e-13, note="8 rows"), ready("ours", lambda: Took(2.0)))
    came = Ran({"seconds": [4.0, 8.0, 9.0], "apart": 1e-12})
    (found,) = beside([ours], "peer", came, Pace(2))
    assert (found.against, found.apart) == (Spread(0.25, 0.25, 0.25), 1e-12)
    (alone,) = beside([ours], "peer", Ran(why_not="out of memory, over 8 GB"), Pace(2))
    assert alone.found == Spread(2000.0, 2000.0, 2000.0)
    assert (alone.against, alone.note) == (None, "8 rows; peer: out of memory, over 8 GB")
    (wrong,) = beside([ours], "peer", Ran({"seconds": [4.0], "apart": 1e-3}), Pace(2))
    assert wrong.found is None


def test_the_grids_hold_every_row_and_only_goals():
    rows = [row(4.0), row(4.0, None), row(None)]
    assert [cells[-1] for cells in goals_grid(rows).rows] == [
        "reached",
        "not measured: nobody knows why",
    ]
    assert len(rows_grid(rows).rows) == 3


def test_three_digits_are_enough():
    assert short(0.012345) == "0.0123"
    assert short(1234.4) == "1,234"
    assert str(spread([1.0, 3.0, 2.0])) == "2 (1-3)"
    assert str(spread([1.0])) == "1"


def test_the_picture_shows_what_has_a_goal_and_a_figure(tmp_path: Path):
    pytest.importorskip("matplotlib")
    from lbp_validation.bench.plot import plot

    shown = replace(row(4.0), what="shown line")
    left_out = [
        replace(row(4.0, None), what="no goal"),
        replace(row(None), what="no figure"),
        replace(row(4.0), what="stopped", found=NEVER),
    ]
    plot([shown, *left_out], tmp_path / "picture.svg")
    drawn = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert "shown line" in drawn
    assert not any(each.what in drawn for each in left_out)


# --- the command ------------------------------------------------------------------------------


def test_one_part_runs_alone_and_writes_nothing(monkeypatch: pytest.MonkeyPatch):
    def part(told: Callable[[str], None]) -> list[Row]:
        told("somebody")
        return [row(4.0)]

    monkeypatch.setitem(bench.PARTS, "cold", part)
    monkeypatch.setattr(bench, "output_folder", lambda: pytest.fail("it would write"))
    done = CliRunner().invoke(bench.main, ["--only", "cold"])
    assert done.exit_code == 0, done.output
    assert "cold: somebody" in done.stderr
    assert done.stdout == "something, numpy: 4 (2-8) ms; goal at most 10 ms: reached\n"


def test_an_unknown_part_is_named_with_the_known_ones():
    done = CliRunner().invoke(bench.main, ["--only", "warm"])
    assert done.exit_code == 2
    assert "cold" in done.stderr


def test_the_whole_writes_a_page_and_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("matplotlib")
    for name in bench.PARTS:
        monkeypatch.setitem(bench.PARTS, name, lambda told: [])
    monkeypatch.setitem(bench.PARTS, "cold", lambda told: [row(4.0)])
    monkeypatch.setattr(bench.networks, "small", lambda told, python: [row(5.0)])
    monkeypatch.setattr(bench, "output_folder", lambda: tmp_path)
    done = CliRunner().invoke(bench.main, [])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert "| something | numpy | at most 10 ms | 4 (2-8) ms |" in page
    assert (tmp_path / "benchmark.svg").is_file()


def test_a_command_that_prints_no_json_says_why():
    assert answer_of((sys.executable, "-c", "print('{}')")) == {}
    assert "JSON" in answer_of((sys.executable, "-c", "print('word')"))
    assert "broken here" in answer_of((sys.executable, "-c", "raise SystemExit('broken here')"))


def test_a_job_that_fails_in_its_process_says_why():
    ran = run("no such job")
    assert "no such job" in ran.why_not
    assert not ran.stopped


def test_a_process_that_wants_too_much_memory_ends_and_says_so(monkeypatch: pytest.MonkeyPatch):
    program = (
        "from lbp_validation.bench.child import memory\nwith memory(2): bytearray(4 * 10**9)\n"
    )
    monkeypatch.setattr(
        "lbp_validation.bench.child.command", lambda *_: [sys.executable, "-c", program]
    )
    ran = run("anything")
    assert ran.why_not == "out of memory, over 2 GB"
    assert not ran.stopped


def test_patience_ends_a_process_and_tells_how_long_it_was(monkeypatch: pytest.MonkeyPatch):
    program = (
        "from lbp_validation.bench.child import patience\n"
        "with patience(0.01):\n    while True: pass\n"
    )
    monkeypatch.setattr(
        "lbp_validation.bench.child.command", lambda *_: [sys.executable, "-c", program]
    )
    ran = run("anything")
    assert ran.stopped
    assert ran.why_not == "over 0.01 s, then stopped"
    assert math.isinf(NEVER.median)
