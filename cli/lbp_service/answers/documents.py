"""Define what is answered beside the report: data only, as JSON has it."""

from typing import Any

from msgspec import Struct

from bayesnet import Report
from bayesnet.diagnosis.report.evidence_item import ReportCoding
from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.diagnosis.report.records import Choice, NextQuestion
from lbp_service.answers.requests import Answer

TRIAGE = (
    "schema_version",
    "model",
    "triage",
    "evidence",
    "must_not_miss",
    "contradictions",
    "warnings",
    "citations",
    "disclaimer",
)
"""The parts of a report that say how urgent it is."""
SUGGESTED = (
    "schema_version",
    "model",
    "evidence",
    "next_question",
    "questions",
    "should_stop",
    "stop_reason",
    "disclaimer",
)
"""The parts of a report that say what to ask."""
EXPLAINED = (
    "schema_version",
    "model",
    "triage",
    "evidence",
    "causes",
    "explanation",
    "citations",
    "disclaimer",
)
"""The parts of a report that an explanation has."""


class Change(Struct, frozen=True):
    """An answer before and after; null: not known, or not given."""

    id: str
    before: Answer
    after: Answer


class WhatIf(Struct, frozen=True):
    """Two reports, and the answers in which they differ."""

    changes: tuple[Change, ...]
    before: Report
    after: Report


class InterviewTurn(Struct, frozen=True):
    """An interview after a step: send `session` back, unchanged, with what is answered next.

    next_question: None where it stops; report: what a diagnosis says of the answers so far.
    """

    session: dict[str, Any]
    next_question: NextQuestion | None
    should_stop: bool
    stop_reason: str
    report: Report


class ServedModel(Struct, frozen=True):
    """A model that can be asked.

    name: what requests call it; problem: what is wrong with its file as it stands now, where the
    version that was read before still answers; empty where nothing is.
    """

    name: str
    is_default: bool
    identity: ModelIdentity
    causes: int
    findings: int
    problem: str = ""


class Models(Struct, frozen=True):
    """The models that can be asked; broken: {name: what is wrong} of files that never were."""

    models: tuple[ServedModel, ...]
    broken: dict[str, str] = {}


class Finding(Struct, frozen=True):
    """What can be answered: its question and its choices or, for a number, its limits.

    asked_of: self, or clinician, who examines. takes_decimals: a number may have them.
    derived_from: the finding whose answer decides this one. codings: what other systems call it;
    choice_codings: {an answer, or yes and no: its codes}.
    """

    id: str
    text: str
    label: str
    group: str
    asked_of: str
    mandatory: bool
    red_flag: bool
    choices: tuple[Choice, ...]
    unit: str
    minimum: int | float | None
    maximum: int | float | None
    takes_decimals: bool
    derived_from: str
    codings: tuple[ReportCoding, ...] = ()
    choice_codings: dict[str, tuple[ReportCoding, ...]] = {}


class Screen(Struct, frozen=True):
    """A question for several findings at once; items: their ids."""

    id: str
    text: str
    items: tuple[str, ...]


class Findings(Struct, frozen=True):
    """All that a model can be told, in its order."""

    model: ModelIdentity
    findings: tuple[Finding, ...]
    screens: tuple[Screen, ...]
