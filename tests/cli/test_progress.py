"""How far a long run is: told in lines where there is no terminal, and nothing of a short run."""

from lbp_infer.screen import progress as progress_module
from lbp_infer.screen.progress import progress, tell


def test_lines_after_pauses_that_double_up_to_five_minutes(capsys, monkeypatch):
    monkeypatch.setattr(progress_module, "FIRST_SECONDS", 10.0)
    pauses = []
    reached = iter([(0, 0.0), (0, 0.0), (32_768, 0.255), *[(65_536, 0.51)] * 4])

    def finished_in(seconds):
        pauses.append(seconds)
        return len(pauses) == 8

    tell(finished_in, lambda: next(reached))
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[:4] == [
        "lbp-infer: 0 rows (0%) after 10 seconds",
        "lbp-infer: 0 rows (0%) after 30 seconds",
        "lbp-infer: 32,768 rows (26%) after 70 seconds",
        "lbp-infer: 65,536 rows (51%) after 150 seconds",
    ]
    assert len(said.err.splitlines()) == 7


def test_a_short_run_says_nothing(capsys):
    with progress() as show:
        show(10, 0.5)
    assert capsys.readouterr() == ("", "")


def test_what_is_told_is_what_was_shown_last(monkeypatch):
    told = []

    def at_the_end(finished_in, reached):
        finished_in(60)
        told.append(reached())

    monkeypatch.setattr(progress_module, "tell", at_the_end)
    with progress() as show:
        show(1, 0.25)
        show(2, 0.5)
    assert told == [(2, 0.5)]


def test_without_stderr_nothing_is_said(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    with progress() as show:
        show(1, 0.25)
