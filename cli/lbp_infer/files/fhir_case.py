"""Read a QuestionnaireResponse of FHIR as a case, and say what of it is not used."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bayesnet.errors import EvidenceError
from lbp_infer.commands.statements import Statement
from lbp_infer.screen.notices import tell

if TYPE_CHECKING:
    from lbp_fhir import NotUsed

    from bayesnet.diagnosis.model import DiagnosticModel

KIND = "resourceType"
"""The key that makes JSON a resource of FHIR."""
NAMESPACE = "http://hl7.org/fhir"
MOST_TOLD = 12
"""Items that are named of those that are not used."""
SHOWN = 80
"""Characters of an item's linkId and words."""


def check_no_xml(text: str, name: str) -> None:
    """Check that a text is no FHIR in XML; raises EvidenceError."""
    if text.lstrip()[:1] == "<" and NAMESPACE in text:
        raise EvidenceError(f"{name}: is FHIR as XML; give the same resource as JSON")


def read_fhir(text: str, name: str, model: "DiagnosticModel") -> list[Statement]:
    """Read the answers of a response as statements; what is not used is told on stderr.

    name: of the file. Raises EvidenceError that names the file, and where in the resource.
    """
    from lbp_fhir import FhirError, read_response, version_told

    resource = _resource(text, name)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        read = read_response(model, resource, version_told(resource), now)
    except FhirError as error:
        raise EvidenceError(f"{name}: {_in_one_line(str(error))}") from None
    _tell(read.not_used, name)
    return [
        Statement(answered, value, f"'{answered}' in {name}")
        for answered, value in read.evidence.items()
    ]


def _tell(not_used: "Sequence[NotUsed]", name: str) -> None:
    """Say of each item why it is not used, and how many more there are."""
    for each in not_used[:MOST_TOLD]:
        item, words = _in_one_line(each.link_id or each.expression), _in_one_line(each.text)
        about = f" ({words:.{SHOWN}})" if words else ""
        tell(f"{name}: not used: {item:.{SHOWN}}{about}: {each.why}")
    if len(not_used) > MOST_TOLD:
        tell(f"{name}: not used: {len(not_used) - MOST_TOLD} more items")


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _resource(text: str, name: str) -> Any:
    """Parse JSON in which no key stands twice; raises EvidenceError."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except json.JSONDecodeError:
        raise EvidenceError(f"{name}: FHIR is read as JSON, and this is none") from None
    except RecursionError:
        raise EvidenceError(f"{name}: is nested too deeply") from None
    except ValueError as error:
        raise EvidenceError(f"{name}: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of pairs; raises ValueError for a key that stands twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key '{key:.{SHOWN}}' stands twice in one object; keep one")
        found[key] = value
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not an answer")
