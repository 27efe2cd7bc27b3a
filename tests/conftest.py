"""Test set-up: deterministic property tests, and what several files of tests start from."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel

# Their assertions then say what they compared, as those in test files do.
pytest.register_assert_rewrite("support.cli", "support.reader")

settings.register_profile(
    "deterministic",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("deterministic")


@pytest.fixture(scope="module")
def model() -> DiagnosticModel:
    """The shipped model of low back pain in runners."""
    return bayesnet.load_model("lbp-runner")


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
