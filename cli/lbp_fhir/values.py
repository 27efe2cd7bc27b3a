"""Read the answer to one question from any form that FHIR has for it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bayesnet import DiagnosticModel, EvidenceError
from lbp_fhir.canonical import NUMBER_RANGE, code_system_url
from lbp_fhir.codes import (
    ABSENT,
    ABSENT_EXTENSION,
    MEANINGS,
    UCUM,
    UNITS,
    YES_NO,
    Meaning,
    Said,
    answer_code,
)

ENDS = ("low", "high")
Answer = bool | int | float | str | None
"""An answer as evidence has it; None: asked and not known."""


def answer_value(model: DiagnosticModel, name: str, answer: Mapping[str, Any]) -> Answer | Said:
    """Read the answer to the question `name`; raises EvidenceError that says what can be answered.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> answer_value(model, "age", {"valueQuantity": {"value": 42, "unit": "years"}})
    42
    """
    given = [key for key in answer if key.startswith("value")]
    reason, band = _absent_reason(answer), _band(model, name, answer)
    if given and reason is not None:
        raise EvidenceError(f"holds a value and why there is none; {wanted(model, name)}")
    if reason is not None:
        return _of_code(model, name, ABSENT, reason)
    if not given and band is not None:
        return band
    if len(given) != 1:
        raise EvidenceError(f"holds {' and '.join(given) or 'no value'}; {wanted(model, name)}")
    (kind,) = given
    reader = READERS.get(kind)
    if reader is None:
        raise EvidenceError(f"{kind:.40} answers no question here; {wanted(model, name)}")
    return reader(model, name, answer[kind])


def wanted(model: DiagnosticModel, name: str) -> str:
    """Say what can be answered to a question."""
    asked = model.findings[name]
    if asked.is_number:
        low, high = asked.limits or (0, 0)
        kind = "valueDecimal" if asked.takes_decimals else "valueInteger"
        unit = f" ({asked.answer.unit})" if asked.answer.unit else ""
        return f"'{name}' wants {kind} from {low} to {high}{unit}"
    if asked.is_yes_no:
        return f"'{name}' wants valueCoding Y or N of {YES_NO}, or valueBoolean"
    codes = ", ".join(answer_code(name, str(each.value)) for each in asked.choices())
    return f"'{name}' wants valueCoding of {code_system_url(model)}: {codes}"


def meaning_of(coding: object) -> Meaning | str:
    """Return what a coding of yes, no or not known says; its display or code where it is none."""
    if not isinstance(coding, Mapping):
        return ""
    key = (str(coding.get("system", "")), str(coding.get("code", "")))
    return MEANINGS[key] if key in MEANINGS else str(coding.get("display", key[1]))


def _absent_reason(answer: Mapping[str, Any]) -> str | None:
    """Return why an answer has no value, by the extension data-absent-reason; None without one."""
    for each in _extensions(answer, ABSENT_EXTENSION):
        return str(each.get("valueCode", ""))
    return None


def _band(model: DiagnosticModel, name: str, answer: Mapping[str, Any]) -> str | None:
    """Return the band of a number of which only the range is known; None where it is none."""
    for each in _extensions(answer, NUMBER_RANGE):
        held = each.get("valueRange")
        quantities = [held.get(end) if isinstance(held, Mapping) else None for end in ENDS]
        ends = [each.get("value") if isinstance(each, Mapping) else None for each in quantities]
        for band, limits in model.findings[name].answer.bands.items():
            if ends == list(limits):
                return band
    return None


def _extensions(answer: Mapping[str, Any], url: str) -> Iterator[Mapping[str, Any]]:
    """Yield the extensions of that URL of an answer and of its value."""
    for holder in (answer, *(answer[key] for key in answer if key.startswith("_value"))):
        held = holder.get("extension") if isinstance(holder, Mapping) else None
        for each in held if isinstance(held, list) else ():
            if isinstance(each, Mapping) and each.get("url") == url:
                yield each


def _of_code(model: DiagnosticModel, name: str, system: str, code: str) -> Answer | Said:
    """Read a code that means yes, no, not known, or one of the answers."""
    asked = model.findings[name]
    found = MEANINGS.get((system, code), "")
    if found is None or isinstance(found, Said):
        return found
    if asked.is_yes_no and isinstance(found, bool):
        return found
    for each in asked.choices():
        own = (code_system_url(model), answer_code(name, str(each.value)))
        others = asked.answer.codings.get(_state(each.value), ())
        if (system, code) in (own, *((other.system, other.code) for other in others)):
            return each.value
    raise EvidenceError(f"code '{code:.60}' of {system:.80} is no answer; {wanted(model, name)}")


def _state(value: bool | str | int) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _coding(model: DiagnosticModel, name: str, value: Any) -> Answer | Said:
    if not isinstance(value, Mapping):
        raise EvidenceError(f"valueCoding is no Coding; {wanted(model, name)}")
    system, code = value.get("system"), value.get("code")
    if not isinstance(code, str) or not isinstance(system, str):
        lacks = "code" if not isinstance(code, str) else "system"
        raise EvidenceError(f"valueCoding has no {lacks}; {wanted(model, name)}")
    return _of_code(model, name, system, code)


def _boolean(model: DiagnosticModel, name: str, value: Any) -> Answer | Said:
    if not isinstance(value, bool) or not model.findings[name].is_yes_no:
        raise EvidenceError(f"valueBoolean {value!r:.40} is no answer; {wanted(model, name)}")
    return value


def _integer(model: DiagnosticModel, name: str, value: Any) -> Answer | Said:
    if isinstance(value, bool) or not isinstance(value, int):
        raise EvidenceError(f"valueInteger {value!r:.40} is no whole number; {wanted(model, name)}")
    return _number(model, name, value)


def _decimal(model: DiagnosticModel, name: str, value: Any) -> Answer | Said:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvidenceError(f"valueDecimal {value!r:.40} is no number; {wanted(model, name)}")
    return _number(model, name, value)


def _number(model: DiagnosticModel, name: str, value: int | float) -> Answer:
    if not model.findings[name].is_number:
        raise EvidenceError(f"{value} is no answer; {wanted(model, name)}")
    return as_read(model, name, value)


def _quantity(model: DiagnosticModel, name: str, value: Any) -> Answer | Said:
    """Read a quantity in the unit that the question is asked in, by its UCUM code or in words."""
    asked = model.findings[name]
    unit = asked.answer.unit
    if not isinstance(value, Mapping) or not asked.is_number:
        raise EvidenceError(f"valueQuantity is no answer; {wanted(model, name)}")
    if "comparator" in value:
        raise EvidenceError(f"valueQuantity has a comparator; {wanted(model, name)}")
    code, words = value.get("code"), str(value.get("unit", "")).strip().lower()
    coded = value.get("system") == UCUM and code is not None and code == UNITS.get(unit)
    named = code is None and words in (unit, unit.removesuffix("s"), UNITS.get(unit, unit))
    if not coded and not named:
        counted = code or words or "nothing"
        raise EvidenceError(f"valueQuantity is counted in {counted!s:.40}; {wanted(model, name)}")
    return _decimal(model, name, value.get("value"))


def _string(model: DiagnosticModel, name: str, value: Any) -> Answer | Said:
    if not isinstance(value, str) or not value.strip():
        raise EvidenceError(f"valueString {value!r:.40} is no answer; {wanted(model, name)}")
    return as_read(model, name, value)


def as_read(model: DiagnosticModel, name: str, value: Answer) -> Answer:
    """Return an answer as the model reads it; raises EvidenceError where it is none."""
    return model.interview({name: value}).given[name]


READERS: Mapping[str, Callable[[DiagnosticModel, str, Any], Answer | Said]] = {
    "valueBoolean": _boolean,
    "valueCoding": _coding,
    "valueDecimal": _decimal,
    "valueInteger": _integer,
    "valueQuantity": _quantity,
    "valueString": _string,
}
"""How each kind of answer is read."""
