"""Test set-up: deterministic property tests, and what several files of tests start from."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support.models import GEARBOX_FILE, runner

from bayesnet.diagnosis.model import DiagnosticModel

# Their assertions then say what they compared, as those in test files do.
pytest.register_assert_rewrite("support.cli", "support.interviews", "support.reader")

# A test names the model it asks.
os.environ.pop("LBP_INFER_MODEL", None)

settings.register_profile(
    "deterministic",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("deterministic")


def pytest_collection_finish() -> None:
    """Leave what all modules hold, which stays, out of every later collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def model() -> DiagnosticModel:
    """The shipped model of low back pain in runners."""
    return runner()


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def gearbox_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command asks the model of support/gearbox.yaml unless it is told another."""
    monkeypatch.setenv("LBP_INFER_MODEL", str(GEARBOX_FILE))
