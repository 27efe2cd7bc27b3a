"""Write a model file to start from; what is there already is never touched."""

import json
import os
import re
from pathlib import Path

from bayesnet.errors import BayesnetError, EvidenceError
from bayesnet.model.copying import OVERLAY_SCHEMA, SCHEMA
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.reading.reader import read_description
from bayesnet.model.shipped import SUFFIXES, find_model, is_shipped, models_folder

_TEMPLATE = Path(__file__).with_name("model.yaml")
_ID, _TITLE = "id: lamp", "title: A lamp that stays dark"
OVERLAY = """\
# yaml-language-server: $schema={schema}
# Your own settings on top of {base}: only what differs stands here, by the same keys and ids.
#
#   lbp-infer model check {name}  (every mistake, with its line)
#   lbp-infer --model {name}  (a diagnosis with these settings)
#   lbp-infer model show {base}  (the ids that there are)
#
# What follows a # is left out: take the # and the blank after it away from a line to make it count.

extends: {written}

# Where the numbers below come from, unless one says otherwise: a citation with its year, or
# `expert judgement` with the reason under `why`.
source: [expert judgement]
why: "say here how you know"

# A cause that is more common or less where you work; it is {prevalence:g} in {base}.
# causes:
#   {cause}:
#     prevalence: {{value: {prevalence:g}, interval: [{low:g}, {high:g}]}}

# A question in your own words.
# findings:
#   {finding}:
#     label: {label}
"""


def new_model(path: Path, title: str = "") -> tuple[Path, ...]:
    """Write a small commented model that gives a diagnosis as it stands, to be changed.

    The schema that editors complete by is written beside it, unless one is there. Returns the files
    written, the model first. Raises BayesnetError for a file that is there or cannot be written,
    EvidenceError for a name that no model file can have.
    """
    _check_name(path)
    text = _TEMPLATE.read_text(encoding="utf-8").replace("FILE", path.name)
    text = text.replace(_ID, f"id: {_id_of(path)}", 1)
    if title:
        text = text.replace(_TITLE, f"title: {json.dumps(title, ensure_ascii=False)}", 1)
    write_new(path, text)
    return (path, *_schema_beside(path, SCHEMA))


def new_overlay(path: Path, base: str) -> tuple[Path, ...]:
    """Write an overlay of a model, of a few commented lines that change nothing yet.

    base: the name of a shipped model, or the path of one. Writes a schema and raises as `new_model`
    does, and ModelFileError for a base with mistakes.
    """
    _check_name(path)
    main = find_model(base)
    description = read_description(main).description
    written = base if is_shipped(base) else os.path.relpath(main, path.parent).replace(os.sep, "/")
    write_new(path, _overlay(path, base, written, description))
    return (path, *_schema_beside(path, OVERLAY_SCHEMA))


def _schema_beside(path: Path, name: str) -> tuple[Path, ...]:
    """Write a schema into the folder of a model file; returns it unless one is there."""
    schema = path.with_name(name)
    if os.path.lexists(schema):
        return ()
    write_new(schema, (models_folder() / name).read_text(encoding="utf-8"))
    return (schema,)


def _overlay(path: Path, base: str, written: str, description: ModelDescription) -> str:
    cause, entry = next(iter(description.causes.items()))
    prevalence = entry.prevalence.value or 0.0
    finding, label = next(
        ((name, each.label) for name, each in description.findings.items()), ("a_finding", "Words")
    )
    return OVERLAY.format(
        schema=OVERLAY_SCHEMA,
        base=base,
        name=path.name,
        written=written,
        cause=cause,
        prevalence=prevalence,
        low=prevalence / 2,
        high=min(1.0, prevalence * 2),
        finding=finding,
        label=json.dumps(label, ensure_ascii=False),
    )


def _check_name(path: Path) -> None:
    if path.suffix not in SUFFIXES and path.name not in (SCHEMA, OVERLAY_SCHEMA):
        raise EvidenceError(f"'{path}' is no name of a model file; end it in {SUFFIXES[0]}")


def _id_of(path: Path) -> str:
    """Return the name of a file as an id: small letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "model"


def write_new(path: Path, text: str) -> None:
    """Write a text to a file that is not there yet; raises BayesnetError where it cannot."""
    _check_name(path)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileNotFoundError:
        raise BayesnetError(f"'{path}' cannot be written: make its folder first") from None
    except FileExistsError:
        raise BayesnetError(f"'{path}' is there already; choose another name") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BayesnetError(f"'{path}' cannot be written ({reason})") from None
