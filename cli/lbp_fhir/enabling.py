"""Say of whom a question is asked, as far as a form can."""

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from bayesnet import DiagnosticModel
from lbp_fhir.canonical import Plain, code_system_url
from lbp_fhir.codes import YES_NO, answer_code, coding
from lbp_fhir.items import number_value

if TYPE_CHECKING:
    from bayesnet.model.format.triage_rules import Condition


def enabled(model: DiagnosticModel, name: str, form: Container[str]) -> Plain:
    """Write `enableWhen` of a question; nothing where it is asked of everybody.

    A form knows a list of comparisons of which all or any hold, on questions that stand in it
    (`form`, their ids). Of a condition that is no such list nothing is written: the question is
    then shown to everybody. A finding that follows from another one is asked where that is open.
    """
    asked = model.findings[name]
    if asked.derived_from:
        open_one = {"question": asked.derived_from, "operator": "exists", "answerBoolean": False}
        return {"enableWhen": [open_one]} if asked.derived_from in form else {}
    if asked.asked.when is None:
        return {}
    found, behavior = _comparisons(model, asked.asked.when)
    if not found or any(each["question"] not in form for each in found):
        return {}
    return {"enableWhen": found, **({"enableBehavior": behavior} if len(found) > 1 else {})}


def _comparisons(model: DiagnosticModel, when: "Condition") -> tuple[list[Plain], str]:
    """Return comparisons, and whether all of them have to hold or any; none where it is no list."""
    parts, behavior = (when.any, "any") if when.any else (when.all, "all")
    if not parts:
        each = _of_one(model, when)
        return each, "all" if _is_a_range(when) else "any"
    lists = [_of_one(model, part) for part in parts]
    other = [part for part in parts if len(_of_one(model, part)) > 1]
    fits = all(_is_a_range(part) == (behavior == "all") for part in other)
    return (_together(lists), behavior) if all(lists) and fits else ([], behavior)


def _together(lists: Sequence[list[Plain]]) -> list[Plain]:
    return [each for found in lists for each in found]


def _is_a_range(when: "Condition") -> bool:
    """Tell whether several comparisons of one finding hold together: from one number to another."""
    return when.at_least is not None or when.below is not None


def _of_one(model: DiagnosticModel, when: "Condition") -> list[Plain]:
    """Write the comparisons with one finding; none for a condition of another kind."""
    name = when.finding
    if name is None or name not in model.findings or when.any or when.all or when.of:
        return []
    if _is_a_range(when):
        ends = ((">=", when.at_least), ("<", when.below))
        return [_number(model, name, sign, end) for sign, end in ends if end is not None]
    if when.equals:
        system = code_system_url(model)
        labels = {str(each.value): each.label for each in model.findings[name].choices()}
        return [
            _equal(name, coding(system, answer_code(name, state), labels.get(state, state)))
            for state in when.equals
        ]
    answer = ("N", "No") if when.absent else ("Y", "Yes")
    return [_equal(name, coding(YES_NO, *answer))]


def _number(model: DiagnosticModel, name: str, operator: str, end: float) -> Plain:
    value = number_value(model, name)
    answer = int(end) if value == "valueInteger" else end
    return {"question": name, "operator": operator, value.replace("value", "answer"): answer}


def _equal(name: str, answer: Plain) -> Plain:
    return {"question": name, "operator": "=", "answerCoding": answer}
