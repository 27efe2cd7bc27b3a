"""The models that tests ask: a gearbox that uses all of the format, and the shipped one."""

from functools import cache
from pathlib import Path

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.records import Report

GEARBOX_FILE = Path(__file__).with_name("gearbox.yaml")
BEARING = {
    "whine": True,
    "whine_under_load": True,
    "quiet_downhill": True,
    "squeal_cold": False,
    "felt_at": "floor",
    "hours": 4000,
}
"""Answers about a gearbox whose bearing is worn."""


@cache
def gearbox() -> DiagnosticModel:
    """The model that tests of reader, engine and decisions stand on; no clinician tunes it."""
    return bayesnet.load_model(str(GEARBOX_FILE))


@cache
def runner() -> DiagnosticModel:
    """The shipped model of low back pain in runners, for tests of what it must do."""
    return bayesnet.load_model("lbp-runner")


@cache
def textbook(cause: str) -> Report:
    """What a clinician is told of a runner who shows a cause as textbooks have it."""
    return runner().diagnose(runner().description.causes[cause].textbook, audience="clinician")
