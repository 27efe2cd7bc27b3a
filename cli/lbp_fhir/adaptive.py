"""Ask one question after the other: SDC's `$next-question`, over the model's own interview."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bayesnet import DiagnosticModel, Session, UnknownNameError
from lbp_fhir.canonical import AUDIENCES, Plain, Version, questionnaire_id
from lbp_fhir.form import ADVICE, Asked, asked_questionnaire
from lbp_fhir.issues import refusal
from lbp_fhir.layout import asked_of, screen_text, what_to_do
from lbp_fhir.reading import ReadResponse, read_response
from lbp_fhir.shape import RESPONSE, asker_of, given_items
from lbp_fhir.values import Answer

CONTAINED = "asked"
"""The id of the contained questionnaire of an interview that begins here."""


def next_question(
    model: DiagnosticModel, response: Mapping[str, Any], version: Version, authored: str
) -> Plain:
    """Return the response with the next question in the questionnaire that it contains.

    response: its `questionnaire` names one of this model, or the contained one that the last step
    returned; answers that were given before count, whether they were asked or not. The next
    question is that of `DiagnosticModel.interview` after the same answers; a screen is a group with
    its open lines, and comes again until each is answered. Where the interview stops, the status is
    `completed`, and the questionnaire ends with what to do. authored: the present, as a dateTime.
    Raises FhirError, and what `Session.answer` raises.

        >>> import bayesnet
        >>> model, start = bayesnet.load_model("lbp-runner"), {
        ...     "resourceType": "QuestionnaireResponse", "status": "in-progress",
        ...     "questionnaire": "urn:lbp-infer:fhir:Questionnaire:lbp-runner-self"}
        >>> asked = next_question(model, start, "R4", "2026-02-03T09:00:00Z")
        >>> asked["contained"][0]["item"][-1]["text"]
        'How old are you?'
    """
    read = read_response(model, response, version, authored)
    audience = _audience(model, read, response)
    session = _replayed(model, audience, read.evidence, response)
    contained = asker_of(response, version).contained or {}
    so_far = _asked_so_far(model, audience, contained.get("item", ()), read.evidence)
    asked = Asked(audience, _with_next(so_far, session), _advice(session))
    identifier = str(contained.get("id", CONTAINED))
    others = [each for each in response.get("contained", ()) if each is not contained]
    items = _arranged(model, asked, response)
    return {
        **{key: each for key, each in response.items() if key != "item"},
        "contained": [asked_questionnaire(model, asked, version, identifier), *others],
        "questionnaire": f"#{identifier}",
        "status": "completed" if session.should_stop else "in-progress",
        "authored": authored,
        **({"item": items} if items else {}),
    }


def _audience(model: DiagnosticModel, read: ReadResponse, response: Mapping[str, Any]) -> str:
    """Return whom the interview asks; raises FhirError where it cannot be gone on with."""
    if read.audience is None:
        own = " or ".join(questionnaire_id(model, each) for each in AUDIENCES)
        said = f"name the questionnaire to go on with: {own}"
        raise refusal("not-supported", said, f"{RESPONSE}.questionnaire")
    status = response["status"]
    if status != "in-progress":
        said = f"status is '{status}'; nothing more is asked unless it is 'in-progress'"
        raise refusal("business-rule", said, f"{RESPONSE}.status")
    return read.audience


def _replayed(
    model: DiagnosticModel,
    audience: str,
    evidence: Mapping[str, Answer],
    response: Mapping[str, Any],
) -> Session:
    """Return the interview in which these answers were given, in the order of the response."""
    order = dict.fromkeys(item.link_id for item in given_items(response))
    begun = model.interview(None, audience)
    steps = [(name, evidence[name]) for name in order if name in evidence]
    return Session.from_dict(model, {**begun.to_dict(), "steps": steps})


def _arranged(model: DiagnosticModel, asked: Asked, response: Mapping[str, Any]) -> list[Plain]:
    """Put the answers in the order, and under the screens, of the questionnaire they answer."""
    given = {item.link_id: item.alone for item in given_items(response) if item.answers}
    found: list[Plain] = []
    for name, lines in asked.questions.items():
        if name not in model.description.interview.gates:
            found += [given[name]] if name in given else []
        elif answered := [given[line] for line in lines if line in given]:
            text = screen_text(model, name, asked.audience)
            found.append({"linkId": name, "text": text, "item": answered})
    return found


def _asked_so_far(
    model: DiagnosticModel, audience: str, items: Any, evidence: Mapping[str, Answer]
) -> dict[str, tuple[str, ...]]:
    """Return {id: lines} of what was asked, then of what was answered without being asked.

    items: of the contained questionnaire. Raises FhirError for a linkId that is not the model's.
    """
    gates = model.description.interview.gates
    asked: dict[str, tuple[str, ...]] = {}
    for link_id, lines in _link_ids(items):
        if link_id in gates and lines:
            asked[link_id] = tuple(lines)
        elif link_id not in gates and link_id != ADVICE:
            asked[link_id] = ()
    placed = {name for name in (*asked, *_lines(asked)) if name not in gates}
    known = set(asked_of(model, audience))
    for name in placed - known:
        error = UnknownNameError("linkId", f"{name:.60}", known, "the contained questionnaire")
        raise refusal("not-found", str(error), f"{RESPONSE}.contained.descendants().linkId")
    return {**asked, **{name: () for name in evidence if name not in placed}}


def _link_ids(items: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield each linkId of the top level with those below it."""
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            yield str(item.get("linkId")), [name for name, _ in _link_ids(item.get("item"))]


def _lines(asked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for lines in asked.values():
        yield from lines


def _with_next(
    asked: Mapping[str, tuple[str, ...]], session: Session
) -> Mapping[str, tuple[str, ...]]:
    """Put the next question behind what was asked; open lines of a screen under it."""
    question = session.next_question
    if question is None:
        return asked
    before = asked.get(question.id, ())
    placed = {*before, *asked, *_lines(asked)}
    lines = tuple(each.id for each in question.items if each.id not in placed)
    return {**asked, question.id: (*before, *lines)}


def _advice(session: Session) -> str:
    """Say what to do once nothing more is asked; empty until then."""
    if not session.should_stop:
        return ""
    triage = session.parts(["triage.label", "triage.message"])["triage"]
    return what_to_do(triage["label"], triage["message"])
