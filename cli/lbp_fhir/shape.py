"""Take a QuestionnaireResponse apart: its items as a list, each with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lbp_fhir.canonical import Version
from lbp_fhir.issues import refusal
from lbp_fhir.times import check_time

RESPONSE = "QuestionnaireResponse"
DEEPEST = 20
"""Levels of nested items; a form has three."""
STATUSES = ("in-progress", "completed", "amended", "stopped")
OTHER_VERSION: Mapping[Version, Mapping[str, str]] = {
    "R4": {"coding": "R5"},
    "R5": {"choice": "R4", "open-choice": "R4"},
}
"""{version: {a type of items that only another version has: that version}}"""
INSTEAD = {
    "Bundle": "give the QuestionnaireResponse in it by itself",
    "Questionnaire": "it holds questions and no answers; give the QuestionnaireResponse to it",
    "Parameters": "give the QuestionnaireResponse in it by itself",
}


@dataclass(frozen=True)
class GivenItem:
    """An item of a response, with its place as FHIRPath; held: all of it, as FHIR has it."""

    link_id: str
    text: str
    expression: str
    answers: tuple[Mapping[str, Any], ...]
    held: Mapping[str, Any]

    @property
    def alone(self) -> dict[str, Any]:
        """The item without those that are nested in it."""
        own = {key: each for key, each in self.held.items() if key != "item"}
        answers = [{key: v for key, v in each.items() if key != "item"} for each in self.answers]
        return {**own, "answer": answers}


@dataclass(frozen=True)
class Asker:
    """The questionnaire that a response answers.

    canonicals: the URLs that it goes by; contained: the questionnaire itself, where it came along.
    """

    canonicals: tuple[str, ...]
    contained: Mapping[str, Any] | None


def check_response(resource: object, version: Version, now: str) -> Mapping[str, Any]:
    """Return a resource that is a response which can be taken for what it says.

    now: as for `check_time`. Raises FhirError for another resource, one that was entered in error,
    one whose meaning something unknown here changes, and one of another version of FHIR.
    """
    if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
        raise refusal("structure", f"this is no FHIR resource; give a {RESPONSE} as JSON")
    kind = resource["resourceType"]
    if kind != RESPONSE:
        instead = INSTEAD.get(kind, f"give a {RESPONSE}")
        raise refusal("value", f"this is a {kind:.40}; {instead}", "resourceType")
    for name in ("modifierExtension", "implicitRules"):
        if name in resource:
            raise _changed_meaning(name, RESPONSE)
    _check_status(resource.get("status"))
    if "authored" in resource:
        check_time(resource["authored"], f"{RESPONSE}.authored", now)
    if version == "R5" and "questionnaire" not in resource:
        raise refusal("required", "R5 wants the questionnaire named", f"{RESPONSE}.questionnaire")
    return resource


def version_told(resource: Mapping[str, Any]) -> Version:
    """Return the version of FHIR that a response shows, by the questionnaire that it contains.

    It is R4 where none tells: responses themselves are the same in both.

        >>> item = {"linkId": "a", "type": "coding"}
        >>> version_told({"contained": [{"resourceType": "Questionnaire", "item": [item]}]})
        'R5'
    """
    kinds = (kind for each in contained_in(resource) for kind in _types(each.get("item"), 0))
    return "R5" if any(kind in OTHER_VERSION["R4"] for kind in kinds) else "R4"


def asker_of(resource: Mapping[str, Any], version: Version) -> Asker:
    """Find the questionnaire that a response answers; raises FhirError where it is not there."""
    named, place = resource.get("questionnaire", ""), f"{RESPONSE}.questionnaire"
    if not isinstance(named, str):
        raise refusal("value", "give the canonical URL of the questionnaire", place)
    held = [each for each in contained_in(resource) if each.get("resourceType") == "Questionnaire"]
    if named.startswith("#"):
        held = [each for each in held if each.get("id") == named[1:]]
        if not held:
            raise refusal("not-found", f"'{named}' is not under 'contained'; add it", place)
    contained = held[0] if len(held) == 1 else None
    if contained is None:
        return Asker((named,) if named else (), None)
    _check_types(contained.get("item", ()), version)
    known_as = [named, contained.get("url", ""), *_listed(contained.get("derivedFrom"))]
    urls = (each for each in known_as if isinstance(each, str) and each and each[0] != "#")
    return Asker(tuple(dict.fromkeys(urls)), contained)


def contained_in(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the contained resources; raises FhirError where it is no list of them."""
    held = resource.get("contained", [])
    if not isinstance(held, list) or not all(isinstance(each, Mapping) for each in held):
        raise refusal("structure", "give a list of resources", f"{RESPONSE}.contained")
    return held


def given_items(resource: Mapping[str, Any]) -> Iterator[GivenItem]:
    """Yield every item, nested ones after that which holds them; raises FhirError."""
    yield from _items(resource, RESPONSE, 0)


def _items(holder: Mapping[str, Any], place: str, depth: int) -> Iterator[GivenItem]:
    if depth > DEEPEST:
        raise refusal("structure", f"items are nested over {DEEPEST} levels deep", place)
    for at, item in enumerate(_objects(holder, "item", place)):
        here = f"{place}.item[{at}]"
        link_id, text = item.get("linkId"), item.get("text", "")
        if not isinstance(link_id, str) or not link_id:
            raise refusal("required", "an item has no linkId", here)
        answers = _objects(item, "answer", here)
        words = text if isinstance(text, str) else ""
        yield GivenItem(link_id, words, here, tuple(answers), item)
        yield from _items(item, here, depth + 1)
        for number, answer in enumerate(answers):
            yield from _items(answer, f"{here}.answer[{number}]", depth + 1)


def _objects(holder: Mapping[str, Any], name: str, place: str) -> Sequence[Mapping[str, Any]]:
    """Return what a list holds; raises FhirError where it is none, or changes its meaning."""
    held = holder.get(name, [])
    if not isinstance(held, list):
        raise refusal("structure", "give a list", f"{place}.{name}")
    for at, each in enumerate(held):
        if not isinstance(each, Mapping):
            raise refusal("structure", "give a JSON object", f"{place}.{name}[{at}]")
        if "modifierExtension" in each:
            raise _changed_meaning("modifierExtension", f"{place}.{name}[{at}]")
    return held


def _changed_meaning(name: str, place: str) -> Exception:
    said = f"'{name}' changes what it means in a way that is not known here; leave it out"
    return refusal("not-supported", said, f"{place}.{name}")


def _check_status(status: object) -> None:
    place = f"{RESPONSE}.status"
    if status == "entered-in-error":
        raise refusal("business-rule", "it was entered in error, so nothing is made of it", place)
    if status not in STATUSES:
        given = "is missing" if status is None else f"is {status!r:.40}"
        raise refusal("code-invalid", f"status {given}; give one of {', '.join(STATUSES)}", place)


def _check_types(items: object, version: Version) -> None:
    """Check that the items of a contained questionnaire are of this version of FHIR."""
    place = f"{RESPONSE}.contained.descendants().type"
    for kind in _types(items, 0):
        other = OTHER_VERSION[version].get(kind)
        if other is not None:
            raise refusal("value", f"type '{kind}' is one of {other}, this is {version}", place)


def _types(items: object, depth: int) -> Iterator[str]:
    """Yield the types of a questionnaire's items; raises FhirError where they nest too deeply."""
    if depth > DEEPEST:
        raise refusal("structure", f"items are nested over {DEEPEST} levels deep", "contained")
    for each in _listed(items):
        if isinstance(each, Mapping):
            yield str(each.get("type"))
            yield from _types(each.get("item"), depth + 1)


def _listed(held: object) -> list[Any]:
    return held if isinstance(held, list) else []
