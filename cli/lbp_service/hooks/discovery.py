"""Say what the service offers to CDS clients, and what it needs from them."""

from collections.abc import Sequence
from typing import Any

from lbp_fhir import AUDIENCES, questionnaire_url

from bayesnet import DiagnosticModel
from lbp_service.hooks.call import HOOK, PATIENT, RESPONSE

SERVICE = "lbp-next"
PERSON = "{{context.patientId}}"
ANSWERED = "in-progress,completed,amended"
"""The statuses of responses that count: none that was entered in error or stopped."""


def services(models: Sequence[DiagnosticModel]) -> dict[str, Any]:
    """Return what `GET /cds-services` answers; models: those that are served, the default first.

    >>> import bayesnet
    >>> services([bayesnet.load_model("lbp-runner")])["services"][0]["prefetch"]["patient"]
    'Patient/{{context.patientId}}'
    """
    about = models[0].description.model
    forms = ",".join(questionnaire_url(each, audience) for each in models for audience in AUDIENCES)
    answers = f"patient={PERSON}&questionnaire={forms}&status={ANSWERED}&_sort=-authored&_count=1"
    offered = {
        "hook": HOOK,
        "id": SERVICE,
        "title": f"{about.title}: urgency and next question",
        "description": (
            "How urgent it is, the most probable causes and what to ask next. "
            f"{about.setting} {about.disclaimer}"
        ),
        "prefetch": {
            PATIENT: f"Patient/{PERSON}",
            RESPONSE: f"QuestionnaireResponse?{answers}",
        },
        "usageRequirements": (
            f"Prefetch '{RESPONSE}': the service calls no FHIR server. Without answers it offers "
            f"the questions. '{PATIENT}' tells age and sex where they were not answered."
        ),
        "version": "STU2",
    }
    return {"services": [offered]}
