"""Have what is wrong with a response said with its place in what was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from lbp_fhir import FhirError, Issue
from lbp_fhir.issues import refusal
from lbp_fhir.shape import RESPONSE

from bayesnet import EvidenceError, ImpossibleEvidenceError
from lbp_service.fhir.assess import clash
from lbp_service.fhir.patient import Known
from lbp_service.fhir.sent import Sent

PATIENT = "Patient"


@contextmanager
def placed(sent: Sent) -> Iterator[None]:
    """Turn what is raised about a response into a FhirError with places in what was sent."""
    try:
        yield
    except FhirError as error:
        raise FhirError([moved(each, sent) for each in error.issues]) from None
    except ImpossibleEvidenceError as error:
        issues = clash(error, sent.response, Known()).issues
        raise FhirError([moved(each, sent) for each in issues]) from None
    except EvidenceError as error:
        raise refusal("value", str(error), sent.place) from None


def moved(issue: Issue, sent: Sent) -> Issue:
    """Return an issue with its place in what was sent.

    >>> sent = Sent({}, "Parameters.parameter[0].resource")
    >>> moved(Issue("error", "value", "...", "QuestionnaireResponse.status"), sent).expression
    'Parameters.parameter[0].resource.status'
    """
    for kind, place in ((PATIENT, sent.subject_place), (RESPONSE, sent.place)):
        root, _, rest = issue.expression.partition(".")
        if root == kind:
            return replace(issue, expression=f"{place}.{rest}" if rest else place)
    return issue
