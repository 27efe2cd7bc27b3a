"""Take from an item of another questionnaire what it says about a question of the model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bayesnet import DiagnosticModel, EvidenceError
from lbp_fhir.codes import LOINC, Said
from lbp_fhir.known_items import Code, UsedItem, used_item, what_it_is
from lbp_fhir.shape import GivenItem
from lbp_fhir.values import Answer, answer_value, meaning_of

LOINC_CODE = re.compile(r"(?:.*/)?([0-9]{1,7}-[0-9])")
"""A linkId of LOINC's own forms is the item's code, with those of the panels above it before."""


@dataclass(frozen=True)
class Taken:
    """An answer to a question of the model."""

    name: str
    value: Answer


def codes_in(questionnaire: Mapping[str, Any] | None) -> dict[str, tuple[Code, ...]]:
    """Return {linkId: codes of the item} of a questionnaire that came with a response."""
    found: dict[str, tuple[Code, ...]] = {}
    left = [questionnaire or {}]
    while left:
        holder = left.pop()
        for item in (each for each in _objects(holder, "item")):
            codes = ((each.get("system"), each.get("code")) for each in _objects(item, "code"))
            found[str(item.get("linkId"))] = tuple((str(one), str(two)) for one, two in codes)
            left.append(item)
    return found


def from_elsewhere(model: DiagnosticModel, item: GivenItem, codes: Sequence[Code]) -> Taken | str:
    """Return what an item of another questionnaire answers, or why it is not used.

    codes: of the item, where the questionnaire gives them. The reason is empty where the item says
    nothing.
    """
    if not item.answers:
        return ""
    loinc = LOINC_CODE.fullmatch(item.link_id)
    known_as = (*codes, *(((LOINC, loinc[1]),) if loinc else ()))
    used = used_item(model, known_as)
    names = [item.link_id] if item.link_id in model.findings else _coded(model, known_as)
    if used is None and not names:
        return _not_asked(model, item.link_id, known_as)
    if len(item.answers) > 1:
        return f"it has {len(item.answers)} answers"
    if used is not None:
        return _by_data(used, item.answers[0])
    if len(names) > 1:
        return f"its code stands for {' and '.join(names)} here"
    try:
        value = answer_value(model, names[0], item.answers[0])
    except EvidenceError as error:
        return str(error)
    return value.value if isinstance(value, Said) else Taken(names[0], value)


def _coded(model: DiagnosticModel, codes: Sequence[Code]) -> list[str]:
    """List the questions to which the model gives one of these codes."""
    return [
        name
        for name, asked in model.findings.items()
        if any((each.system, each.code) in codes for each in asked.codings)
    ]


def _by_data(used: UsedItem, answer: Mapping[str, Any]) -> Taken | str:
    """Take an answer as the data about this item says."""
    given = next((answer[key] for key in answer if key.startswith("value")), None)
    said = meaning_of(given) if isinstance(given, Mapping) else given
    if said is None or isinstance(said, Said):
        return "it was not answered"
    if isinstance(said, bool):
        said = "yes" if said else "no"
    word = f"{said:g}" if isinstance(said, int | float) else str(said).strip().lower()
    if word in used.answers:
        return Taken(used.question, used.answers[word])
    if word in used.left_out:
        return used.why
    # A code without its display: it may be either answer.
    known = ", ".join((*used.answers, *used.left_out))
    return f"'{word:.40}' is not known as an answer; give its display: known are {known}"


def _not_asked(model: DiagnosticModel, link_id: str, codes: Sequence[Code]) -> str:
    about = what_it_is(link_id, codes)
    if about:
        return about
    folded = link_id.lower().replace("-", "_")
    if folded in model.findings:
        return f"linkIds are told apart by case and dashes; '{folded}' is one"
    return f"{model.description.model.id} asks nothing of that linkId or code"


def _objects(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    held = holder.get(name, [])
    return [each for each in held if isinstance(each, Mapping)] if isinstance(held, list) else []
