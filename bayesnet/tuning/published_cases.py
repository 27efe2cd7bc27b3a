"""Read published cases: what a source told of a person, and what was confirmed in the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from bayesnet.errors import ModelFileError
from bayesnet.model.format.compiled import Origin
from bayesnet.model.format.triage_rules import Level
from bayesnet.model.shipped import SUFFIXES, models_folder

FOLDER = "cases"
"""Beside the shipped models; a file in it has the name of the model that its cases are for."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One published case.

    confirmed: id of a cause, or words when `inside_model` is false; also: causes confirmed
    beside it; use_for: `diagnosis_secondary` is a teaching case, `triage_only` was never confirmed;
    held_out: not looked at while the model was changed.
    """

    id: str
    summary: str
    citation: str
    url: str
    evidence: dict[str, bool | str | int]
    not_encoded: tuple[str, ...]
    confirmed: str
    inside_model: bool
    also: tuple[str, ...]
    kind: Literal["mechanical", "serious"] | None
    triage: Level
    triage_basis: str
    use_for: Literal["diagnosis", "diagnosis_secondary", "triage_only"]
    confirmed_by: str = ""
    triage_why: str = ""
    held_out: bool = False

    @property
    def counts_for_diagnosis(self) -> bool:
        """Whether its cause was confirmed and is one of the model's."""
        return self.inside_model and self.use_for != "triage_only"

    @property
    def causes(self) -> tuple[str, ...]:
        """What was confirmed, where that counts for diagnosis: its cause, and causes beside it."""
        return (self.confirmed, *self.also) if self.counts_for_diagnosis else ()


def load_cases(path: Path) -> tuple[Case, ...]:
    """Read the cases of a file; raises ModelFileError that says which entry is at fault."""
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return msgspec.convert(entries, tuple[Case, ...])
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise ModelFileError([f"{path}: {error}"]) from error


def published_cases(origins: Iterable[Origin]) -> tuple[Case, ...]:
    """Read the cases that come along with some models, each once.

    origins: what the models were put together from; an overlay has the cases of what it extends.

    >>> import bayesnet
    >>> over = bayesnet.load_model("lbp-runner+running-club").compiled.origin
    >>> len(published_cases(over)) == len(published_cases(over[:1])) > 0
    True
    >>> published_cases([Origin("gearbox", "1.0")])
    ()
    """
    wanted = {each.id.replace("-", "_") for each in origins}
    files = sorted((models_folder() / FOLDER).glob(f"*{SUFFIXES[0]}"))
    return tuple(case for file in files if file.stem in wanted for case in load_cases(file))
