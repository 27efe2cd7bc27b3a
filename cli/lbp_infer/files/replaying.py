"""Replay a record: diagnose its lines again, and compare bit by bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bayesnet.errors import BayesnetError
from lbp_infer.files.record import Record, Recorded, posteriors_of

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel

HASH = 8
"""Digits of a model's checksum that are shown."""


@dataclass(frozen=True)
class Replayed:
    """What came of diagnosing the lines of a record again.

    same: numbers of the lines that gave the same bits; differing: {line number: what differs};
    other: {line number: of which other model or program it is}, which is not compared.
    """

    same: tuple[int, ...]
    differing: Mapping[int, str]
    other: Mapping[int, str]


def replay(record: Record, model: "DiagnosticModel", program: str) -> Replayed:
    """Diagnose each line's evidence again, and compare probabilities, urgency and pathway.

    program: version of this program; lines of others, or of another model, are not compared.
    """
    same, other, differing = [], {}, {}
    for number, line in record.lines:
        of = _other(line, model, program)
        if of:
            other[number] = of
            continue
        changed = _differences(line, model)
        if changed:
            differing[number] = changed
        else:
            same.append(number)
    return Replayed(tuple(same), differing, other)


def _other(line: Recorded, model: "DiagnosticModel", program: str) -> str:
    """Say of which other model or program a line is; empty where it is of these."""
    own = model.description.model
    if line.model != own.id:
        return f"of the model {line.model}, not of {own.id}; name it with --model"
    if line.model_version != own.version:
        return f"of {own.id} {line.model_version}, and this is {own.version}"
    if line.sha256 != model.compiled.sha256:
        return (
            f"of {own.id} with the checksum {line.sha256[:HASH]}, and this one has "
            f"{model.compiled.sha256[:HASH]}"
        )
    if line.program != program:
        return f"of lbp-infer {line.program}, and this is {program}"
    return ""


def _differences(line: Recorded, model: "DiagnosticModel") -> str:
    """Diagnose a line again, and name what differs; empty where nothing does."""
    try:
        report = model.diagnose(line.evidence, line.audience)
    except BayesnetError as error:
        return f"the model refuses its evidence now: {error}"
    found = posteriors_of(report)
    names = dict.fromkeys([*found, *line.posteriors])
    differing = [name for name in names if found.get(name) != line.posteriors.get(name)]
    if report.triage.level != line.triage:
        differing.append(f"triage ({line.triage}, now {report.triage.level})")
    pathway = None if report.pathway is None else report.pathway.id
    if pathway != line.pathway:
        differing.append(f"pathway ({line.pathway}, now {pathway})")
    return ", ".join(differing)
