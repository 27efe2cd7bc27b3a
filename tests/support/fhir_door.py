"""Resources that tests send, and OperationOutcomes that they are answered with."""

from typing import Any

from support.service import Reply

FHIR_JSON = {"Content-Type": "application/fhir+json"}
NEXT = "Questionnaire/$next-question"
ASSESS = "QuestionnaireResponse/$assess-risk"
YES = {"valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "Y"}}
NO = {"valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "N"}}


def canonical(name: str = "gearbox-self") -> str:
    """The canonical URL of a questionnaire."""
    return f"urn:lbp-infer:fhir:Questionnaire:{name}"


def response(questionnaire: str = "gearbox-self", /, **answers: Any) -> dict[str, Any]:
    """A response to a questionnaire; each answer as FHIR has it."""
    items = [{"linkId": name, "answer": [each]} for name, each in answers.items()]
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "in-progress",
        "questionnaire": canonical(questionnaire),
        **({"item": items} if items else {}),
    }


def parameters(*named: tuple[str, Any]) -> dict[str, Any]:
    """Parameters of these names: resources, texts, or codes where the name is audience."""
    listed = [{"name": name, _part(name, value): value} for name, value in named]
    return {"resourceType": "Parameters", "parameter": listed}


def _part(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return "resource"
    return "valueCode" if name == "audience" else "valueString"


def bundle(*resources: Any) -> dict[str, Any]:
    """A Bundle of these."""
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def outcome(reply: Reply, status: int, code: str = "") -> list[dict[str, Any]]:
    """The issues of a reply, which is an OperationOutcome in every part."""
    told = reply.json
    assert (reply.status, told["resourceType"]) == (status, "OperationOutcome"), told
    assert reply.headers["cache-control"] == "no-store"
    assert told["id"]
    for issue in told["issue"]:
        assert issue["severity"] in ("fatal", "error")
        assert issue["details"]["text"]
        assert "Traceback" not in issue["details"]["text"]
        assert code in ("", issue["code"]), told
    found: list[dict[str, Any]] = told["issue"]
    assert found
    return found
