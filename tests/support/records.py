"""Lines of a record, of the model of support/gearbox.yaml."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from lbp_infer.files.record import Recorded, posteriors_of

import bayesnet
from bayesnet.diagnosis.answers.reading import PlainValue
from support.models import gearbox

EVIDENCE: Mapping[str, PlainValue] = {"whine": True, "hours": 4000, "smoke": None}


def line(evidence: Mapping[str, PlainValue] = EVIDENCE, **changed: Any) -> Recorded:
    """A line as an interview appends it, with some fields changed."""
    report = gearbox().diagnose(evidence, "self")
    plain = Recorded(
        version=1,
        time=datetime(2026, 11, 29, tzinfo=UTC),
        program=bayesnet.__version__,
        interview="abc",
        kind="answer",
        model=report.model.id,
        model_version=report.model.version,
        sha256=report.model.sha256,
        audience="self",
        said={"whine": True},
        evidence=dict(evidence),
        question="whine",
        posteriors=posteriors_of(report),
        triage=report.triage.level,
        pathway=None if report.pathway is None else report.pathway.id,
    )
    return msgspec.structs.replace(plain, **changed)
