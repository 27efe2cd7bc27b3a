"""What every test of the command line starts from."""

import pytest


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a test's run is too short to say how far it is."""
    monkeypatch.setattr("lbp_infer.screen.progress.FIRST_SECONDS", 3600.0)
