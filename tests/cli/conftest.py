"""What every test of the command line starts from."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a test's run is too short to say how far it is."""
    monkeypatch.setattr("lbp_infer.screen.progress.FIRST_SECONDS", 3600.0)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where interviews are kept while a test runs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"
