"""Write one question of a model as an item of a Questionnaire."""

from bayesnet import DiagnosticModel
from lbp_fhir.canonical import Plain, Version, code_system_url
from lbp_fhir.codes import (
    UCUM,
    UNITS,
    answer_code,
    coding,
    codings,
    not_known,
    yes_no_options,
)

EXTENSIONS = "http://hl7.org/fhir/StructureDefinition/"


def question_item(model: DiagnosticModel, name: str, version: Version) -> Plain:
    """Write a question: its codes, words, type, answers or limits.

    Yes/no questions are answered with codes, not with a boolean, since a boolean cannot say `asked
    and not known`, which is never asked again and yet is no no. A number says it by the extension
    data-absent-reason, with the same code.

        >>> import bayesnet
        >>> item = question_item(bayesnet.load_model("lbp-runner"), "coughing", "R4")
        >>> [each["valueCoding"]["code"] for each in item["answerOption"]]
        ['Y', 'N', 'asked-unknown']
    """
    asked = model.findings[name]
    item: Plain = {
        "linkId": name,
        "code": codings(model, name, asked.label),
        "text": asked.asked.question,
        "type": item_type(model, name, version),
    }
    if asked.is_number:
        return {"extension": _limits(model, name), **item}
    return {**item, "answerOption": [{"valueCoding": each} for each in options(model, name)]}


def group_item(link_id: str, text: str, items: list[Plain]) -> Plain:
    """Write questions that are asked together."""
    return {"linkId": link_id, "text": text, "type": "group", "item": items}


def item_type(model: DiagnosticModel, name: str, version: Version) -> str:
    """Return the type of a question's item; what R4 calls `choice` is `coding` in R5."""
    asked = model.findings[name]
    if asked.is_number:
        return "decimal" if asked.takes_decimals else "integer"
    return "choice" if version == "R4" else "coding"


def number_value(model: DiagnosticModel, name: str) -> str:
    """Return the element that holds a number: valueInteger or valueDecimal."""
    return "valueDecimal" if model.findings[name].takes_decimals else "valueInteger"


def options(model: DiagnosticModel, name: str) -> tuple[Plain, ...]:
    """Write the answers that a question offers, in order, and last that it is not known."""
    asked = model.findings[name]
    if asked.is_yes_no:
        return yes_no_options()
    system = code_system_url(model)
    offered = [
        coding(system, answer_code(name, str(each.value)), each.label) for each in asked.choices()
    ]
    return (*offered, not_known())


def _limits(model: DiagnosticModel, name: str) -> list[Plain]:
    asked = model.findings[name]
    value = number_value(model, name)
    limits = zip(("minValue", "maxValue"), asked.limits or (), strict=False)
    found: list[Plain] = [{"url": f"{EXTENSIONS}{end}", value: number} for end, number in limits]
    unit = asked.answer.unit
    if unit:
        found.append({"url": f"{EXTENSIONS}questionnaire-unit", "valueCoding": unit_coding(unit)})
    return found


def unit_coding(unit: str) -> Plain:
    """Write a unit of a model as a code of UCUM, or in words where it has none.

    >>> unit_coding("years")["code"], unit_coding("laps")
    ('a', {'display': 'laps'})
    """
    return coding(UCUM, UNITS[unit], unit) if unit in UNITS else {"display": unit}
