"""A reference client of SDC's `$next-question`: it knows FHIR alone, and nothing of any model.

`hold` goes from an empty response to a completed one. How requests travel is a function that is
given, so that the same client speaks in this process and over a socket; who answers is another.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Plain = dict[str, Any]
Ask = Callable[[Plain], Plain]
"""Posts a response to `Questionnaire/$next-question`, and returns what comes back."""
Answer = Callable[[Mapping[str, Any]], Plain]
"""Answers a question: an item of a Questionnaire in, an answer of a QuestionnaireResponse out."""
MOST_STEPS = 200
NOT_KNOWN = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def hold(ask: Ask, questionnaire: str, answer: Answer) -> Plain:
    """Hold an interview to its end; questionnaire: the canonical URL of the adaptive one."""
    response = ask(
        {
            "resourceType": "QuestionnaireResponse",
            "status": "in-progress",
            "questionnaire": questionnaire,
        }
    )
    for _ in range(MOST_STEPS):
        if response["status"] == "completed":
            return response
        items = asked(response)["item"]
        before = {each["linkId"]: each for each in flat(response.get("item", []))}
        response = ask({**response, "item": list(answered(items, before, answer))})
    raise AssertionError(f"no end after {MOST_STEPS} steps")


def asked(response: Mapping[str, Any]) -> Plain:
    """Return the contained questionnaire that a response answers."""
    name = response["questionnaire"].removeprefix("#")
    return next(each for each in response["contained"] if each.get("id") == name)


def flat(items: list[Plain]) -> Iterator[Plain]:
    """Yield items and all that stand below them."""
    for item in items:
        yield item
        yield from flat(item.get("item", []))


def answered(items: list[Plain], before: Mapping[str, Plain], answer: Answer) -> Iterator[Plain]:
    """Yield the items of a response to these questions; what was answered before stays."""
    for item in items:
        told = {"linkId": item["linkId"], "text": item["text"]}
        if item["type"] == "group":
            yield {**told, "item": list(answered(item["item"], before, answer))}
        elif item["type"] != "display":
            known = before.get(item["linkId"], {})
            yield known if "answer" in known else {**told, "answer": [answer(item)]}


def answer_from(known: Mapping[str, Any]) -> Answer:
    """Answer as somebody does of whom this is known, {linkId: answer}; all else is not known."""

    def answer(item: Mapping[str, Any]) -> Plain:
        said = known.get(item["linkId"])
        if "answerOption" not in item:
            kind = f"value{item['type'].capitalize()}"
            reason = {"url": NOT_KNOWN, "valueCode": "asked-unknown"}
            return {f"_{kind}": {"extension": [reason]}} if said is None else {kind: said}
        word = {True: "Y", False: "N", None: "asked-unknown"}.get(said, said)
        for option in item["answerOption"]:
            # Codes of a model's own answers have the question's id before a point.
            if option["valueCoding"]["code"] in (word, f"{item['linkId']}.{word}"):
                return dict(option)
        raise AssertionError(f"'{said}' is not offered for {item['linkId']}")

    return answer
