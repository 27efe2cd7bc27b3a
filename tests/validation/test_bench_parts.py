"""What the parts of the benchmark make of the jobs that run in processes of their own."""

import pytest
from lbp_validation.bench import jobs, limits, person, tables
from lbp_validation.bench.child import Ran
from lbp_validation.bench.row import TOLERANCE


def nobody(what: str) -> None:
    """Is told what is measured, and keeps it."""


def stopped(*_: object) -> Ran:
    return Ran(why_not="over 60 s, then stopped", stopped=True)


@pytest.mark.parametrize(("seconds", "times"), [(0.5, 3), (6.0, 1)])
def test_a_quick_job_runs_a_few_times_and_a_slow_one_once(
    monkeypatch: pytest.MonkeyPatch, seconds: float, times: int
):
    ran: list[str] = []

    def run(job: str, *_: object) -> Ran:
        ran.append(job)
        return Ran({"seconds": seconds, "apart": 0.0})

    monkeypatch.setattr(limits, "run", run)
    (row,) = limits.qmr(nobody)
    assert ran == ["qmr"] * times
    assert row.found is not None
    assert row.found.median == seconds
    assert row.verdict == ("reached" if seconds <= 1 else "missed")


def test_a_job_that_was_stopped_misses_its_goal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "run", stopped)
    monkeypatch.setattr(person, "run", stopped)
    monkeypatch.setattr(tables, "run", stopped)
    rows = [*limits.fifty_thousand(nobody), *person.clinics(nobody), *tables.diagnose_many(nobody)]
    judged = [row for row in rows if row.goal]
    assert len(judged) == 7
    assert {row.verdict for row in judged} == {"missed: over 60 s, then stopped"}


def test_a_job_with_wrong_answers_is_given_no_time(monkeypatch: pytest.MonkeyPatch):
    answer = {"seconds": 0.1, "rows": 20, "apart": 1e-3, "ours": [0.1]}
    for module in (limits, person, tables):
        monkeypatch.setattr(module, "run", lambda *_: Ran(answer, 100.0))
    rows = [*limits.qmr(nobody), *person.clinics(nobody), *tables.diagnose_many(nobody)]
    assert all(row.found is None and "answers differ" in row.note for row in rows)


def test_whole_diagnoses_of_a_table_are_held_against_the_loop(monkeypatch: pytest.MonkeyPatch):
    def run(_: str, which: str, how: str) -> Ran:
        return Ran({"seconds": 0.01 if how == "table" else 0.04, "rows": 20, "apart": 0.0}, 300.0)

    monkeypatch.setattr(tables, "run", run)
    rate, loop, memory, *further = tables.diagnose_many(nobody)
    assert str(rate.found) == "100"
    assert str(loop.found) == "4"
    assert str(memory.found) == "300"
    assert [row.verdict for row in (rate, loop, memory)] == ["missed", "reached", "reached"]
    assert all(row.goal is None for row in further)


@pytest.mark.parametrize("maker", ["polytree", "chain"])
def test_long_networks_are_checked_and_timed(monkeypatch: pytest.MonkeyPatch, maker: str):
    pytest.importorskip("pyagrum")
    monkeypatch.setattr(jobs, "LARGE", 80)
    monkeypatch.setattr(jobs, "SMALL", 40)
    answer = jobs.fifty_thousand(maker)
    assert answer["apart"] <= TOLERANCE
    assert answer["seconds"] > 0
