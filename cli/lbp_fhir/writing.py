"""Write evidence as a QuestionnaireResponse to the questionnaire of its audience."""

from collections.abc import Mapping

from bayesnet import DiagnosticModel, EvidenceError, SoftAnswer
from lbp_fhir.canonical import (
    NUMBER_RANGE,
    SOFT_ANSWER,
    Plain,
    code_system_url,
    questionnaire_url,
    versioned,
)
from lbp_fhir.codes import YES_NO, answer_code, coding, not_known, not_known_extension
from lbp_fhir.items import number_value, unit_coding
from lbp_fhir.layout import asked_of, layout
from lbp_fhir.values import Answer


def write_response(
    model: DiagnosticModel,
    evidence: Mapping[str, Answer | dict[str, float]],
    audience: str,
    authored: str,
) -> Plain:
    """Write answers as a completed QuestionnaireResponse, the same in R4 and R5.

    evidence: as for `diagnose`; authored: a dateTime. `read_response` gives the same evidence back.
    Raises what `diagnose` raises, and EvidenceError for what this audience is not asked.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> written = write_response(model, {"age": 42}, "self", "2026-02-03T09:00:00Z")
        >>> written["item"]
        [{'linkId': 'age', 'text': 'How old are you?', 'answer': [{'valueInteger': 42}]}]
    """
    given = dict(model.interview(evidence, audience).given)
    strange = [name for name in given if name not in set(asked_of(model, audience))]
    if strange:
        listed = ", ".join(strange)
        raise EvidenceError(f"{listed}: asked of a clinician; write it for that audience")
    items: list[Plain] = []
    for section in layout(model, audience):
        answered = [_item(model, name, given[name]) for name in section.names if name in given]
        if section.link_id and answered:
            items.append({"linkId": section.link_id, "text": section.text, "item": answered})
        else:
            items += answered
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": versioned(questionnaire_url(model, audience), model),
        "status": "completed",
        "authored": authored,
        **({"item": items} if items else {}),
    }


def _item(model: DiagnosticModel, name: str, value: Answer) -> Plain:
    text = model.findings[name].asked.question
    return {"linkId": name, "text": text, "answer": [_answer(model, name, value)]}


def _answer(model: DiagnosticModel, name: str, value: Answer) -> Plain:
    asked = model.findings[name]
    if isinstance(value, SoftAnswer):
        kind = number_value(model, name) if asked.is_number else "valueString"
        weights = {"url": SOFT_ANSWER, "valueString": value.as_text()}
        return {f"_{kind}": {"extension": [weights]}}
    if asked.is_number:
        kind = number_value(model, name)
        if value is None:
            return {f"_{kind}": not_known_extension()}
        return {f"_{kind}": _range(model, name, value)} if isinstance(value, str) else {kind: value}
    if value is None:
        return {"valueCoding": not_known()}
    if asked.is_yes_no:
        return {"valueCoding": coding(YES_NO, *(("Y", "Yes") if value else ("N", "No")))}
    labels = {each.value: each.label for each in asked.choices()}
    code = answer_code(name, str(value))
    return {"valueCoding": coding(code_system_url(model), code, labels.get(str(value), code))}


def _range(model: DiagnosticModel, name: str, band: str) -> Plain:
    """Write a number of which only the band is known: no number, but its range."""
    answer = model.findings[name].answer
    unit = unit_coding(answer.unit) if answer.unit else {}
    words = {"unit": unit.pop("display"), **unit} if unit else {}
    low, high = ({"value": end, **words} for end in answer.bands[band])
    return {"extension": [{"url": NUMBER_RANGE, "valueRange": {"low": low, "high": high}}]}
