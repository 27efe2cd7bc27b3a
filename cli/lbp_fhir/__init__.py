"""FHIR resources of a model, its questions and its reports: plain data in R4 and R5, no I/O."""

from lbp_fhir.adaptive import next_question
from lbp_fhir.canonical import AUDIENCES, Version, audience_of, questionnaire_id, questionnaire_url
from lbp_fhir.code_list import code_system
from lbp_fhir.extensions import structure_definitions
from lbp_fhir.form import questionnaire
from lbp_fhir.issues import FhirError, Issue, operation_outcome
from lbp_fhir.reading import NotUsed, ReadResponse, read_response
from lbp_fhir.risk import About, mitigation, risk_assessment
from lbp_fhir.shape import version_told
from lbp_fhir.writing import write_response

__all__ = [
    "AUDIENCES",
    "About",
    "FhirError",
    "Issue",
    "NotUsed",
    "ReadResponse",
    "Version",
    "audience_of",
    "code_system",
    "mitigation",
    "next_question",
    "operation_outcome",
    "questionnaire",
    "questionnaire_id",
    "questionnaire_url",
    "read_response",
    "risk_assessment",
    "structure_definitions",
    "version_told",
    "write_response",
]
