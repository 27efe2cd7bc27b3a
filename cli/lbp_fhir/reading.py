"""Read a QuestionnaireResponse as evidence, and list what of it is not used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bayesnet import DiagnosticModel, EvidenceError, UnknownNameError
from lbp_fhir.canonical import Version, audience_of, is_of_another_model, questionnaire_id
from lbp_fhir.codes import Said
from lbp_fhir.foreign import Taken, codes_in, from_elsewhere
from lbp_fhir.form import ADVICE
from lbp_fhir.issues import Code, FhirError, Issue, refusal
from lbp_fhir.layout import asked_of, layout
from lbp_fhir.shape import (
    RESPONSE,
    Asker,
    GivenItem,
    asker_of,
    check_response,
    contained_in,
    given_items,
)
from lbp_fhir.values import Answer, answer_value

DEFINITIONS = ("Questionnaire", "ValueSet", "CodeSystem")
"""What a response may contain that says nothing of the person."""
MOST_TOLD = 20
"""Mistakes that are told at once; the nearest ids of thousands would take long to find."""


@dataclass(frozen=True)
class NotUsed:
    """What a response holds and was left out, with its place as FHIRPath, and why."""

    link_id: str
    text: str
    expression: str
    why: str


@dataclass(frozen=True)
class ReadResponse:
    """A response as evidence: {id: answer} in the order of the model, and what was left out.

    audience: whom the questionnaire asks that it answers; None where it is another one's.
    """

    evidence: Mapping[str, Answer]
    not_used: tuple[NotUsed, ...]
    audience: str | None


@dataclass(frozen=True)
class _Placed:
    """An answer to a question of the model, and where it stands."""

    name: str
    value: Answer
    expression: str


@dataclass(frozen=True)
class _Form:
    """The linkIds of a questionnaire of this model: those that are answered, and all others."""

    audience: str
    questions: tuple[str, ...]
    holders: tuple[str, ...]


def read_response(
    model: DiagnosticModel, resource: object, version: Version, now: str = ""
) -> ReadResponse:
    """Read the answers of a QuestionnaireResponse.

    To a questionnaire of this model, each must be an answer to a question of it. Of any other one
    that is used whose linkId is an id of the model, or whose code the model gives for a question,
    and what is known of it as data; the rest is listed, and is never taken for asked. The subject's
    age and sex are not read off a Patient. now: the present as a dateTime; empty where it is not
    known. Raises FhirError.

        >>> import bayesnet
        >>> said = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [
        ...     {"linkId": "coughing", "answer": [{"valueBoolean": False}]}]}
        >>> read_response(bayesnet.load_model("lbp-runner"), said, "R4").evidence
        {'coughing': False}
    """
    response = check_response(resource, version, now)
    asker = asker_of(response, version)
    audience = asking(model, asker)
    items = tuple(given_items(response))
    left_out = list(_other_resources(response))
    if audience is not None:
        placed = _of_ours(model, audience, items)
    else:
        codes = codes_in(asker.contained)
        placed = []
        for item in items:
            found = from_elsewhere(model, item, codes.get(item.link_id, ()))
            if isinstance(found, Taken):
                placed.append(_Placed(found.name, found.value, item.expression))
            elif found:
                left_out.append(NotUsed(item.link_id, item.text, item.expression, found))
    return ReadResponse(_in_order(model, placed), tuple(left_out), audience)


def asking(model: DiagnosticModel, asker: Asker) -> str | None:
    """Return whom the questionnaire of a response asks, where it is one of this model.

    Raises FhirError for the questionnaire of another model.
    """
    for canonical in asker.canonicals:
        audience = audience_of(model, canonical)
        if audience is not None:
            return audience
    for canonical in asker.canonicals:
        if is_of_another_model(model, canonical):
            own = model.description.model.id
            said = f"'{canonical:.120}' is of another model, and this one is '{own}'"
            raise refusal("not-supported", said, f"{RESPONSE}.questionnaire")
    return None


def _of_ours(model: DiagnosticModel, audience: str, items: Sequence[GivenItem]) -> list[_Placed]:
    """Read the answers to a questionnaire of this model; raises FhirError with the mistakes."""
    form = _Form(
        audience,
        tuple(asked_of(model, audience)),
        (ADVICE, *(section.link_id for section in layout(model, audience))),
    )
    found, mistakes = [], []
    for item in items:
        try:
            found += _placed(model, form, item)
        except EvidenceError as error:
            code: Code = "not-found" if isinstance(error, UnknownNameError) else "value"
            mistakes.append(Issue("error", code, str(error), item.expression))
        if len(mistakes) == MOST_TOLD:
            break
    if mistakes:
        raise FhirError(mistakes)
    return found


def _placed(model: DiagnosticModel, form: _Form, item: GivenItem) -> list[_Placed]:
    """Return the answer of an item, if it has one; raises EvidenceError where it cannot have it."""
    name = item.link_id
    if name not in form.questions:
        if name not in form.holders:
            raise _unknown(model, form, name)
        if item.answers:
            raise EvidenceError(f"'{name}' is no question; leave its answer out")
        return []
    if len(item.answers) > 1:
        raise EvidenceError(f"'{name}' has {len(item.answers)} answers; give one")
    values = [answer_value(model, name, each) for each in item.answers]
    return [_Placed(name, each, item.expression) for each in values if not isinstance(each, Said)]


def _unknown(model: DiagnosticModel, form: _Form, link_id: str) -> EvidenceError:
    """Make the error for a linkId that the questionnaire does not have."""
    own = questionnaire_id(model, form.audience)
    if link_id in model.findings:
        other = questionnaire_id(model, "clinician")
        return EvidenceError(f"'{link_id:.60}' is not asked in {own}; answer it in {other}")
    return UnknownNameError("linkId", f"{link_id:.60}", form.questions, own)


def _in_order(model: DiagnosticModel, placed: Sequence[_Placed]) -> dict[str, Answer]:
    """Return answers in the model's order; raises FhirError where two about one thing differ."""
    found: dict[str, _Placed] = {}
    for each in placed:
        earlier = found.setdefault(each.name, each)
        if (type(earlier.value), earlier.value) != (type(each.value), each.value):
            said = f"'{each.name}' is answered otherwise at {earlier.expression}; keep one"
            raise refusal("conflict", said, each.expression)
    return {name: found[name].value for name in model.findings if name in found}


def _other_resources(response: Mapping[str, Any]) -> Iterator[NotUsed]:
    for at, each in enumerate(contained_in(response)):
        kind = str(each.get("resourceType", "resource"))
        if kind not in DEFINITIONS:
            why = "nothing is read off other resources; what counts is asked"
            yield NotUsed("", kind, f"{RESPONSE}.contained[{at}]", why)
