"""Describe a model for those who ask it: what it is, and what it can be told."""

from bayesnet import DiagnosticModel
from bayesnet.diagnosis.report.evidence_item import reported
from bayesnet.diagnosis.report.identity import ModelIdentity, identity_of
from lbp_service.answers.documents import Finding, Findings, Screen


def identity(model: DiagnosticModel) -> ModelIdentity:
    """Return the identity of a model, as its reports give it.

    >>> import bayesnet
    >>> identity(bayesnet.load_model("lbp-runner")).id
    'lbp-runner'
    """
    return identity_of(model.compiled)


def findings(model: DiagnosticModel) -> Findings:
    """List all that a model can be told, with questions and choices, and its screens.

    >>> import bayesnet
    >>> found = findings(bayesnet.load_model("lbp-runner"))
    >>> [(each.unit, each.takes_decimals) for each in found.findings if each.id == "age"]
    [('years', False)]
    """
    gates = model.description.interview.gates
    return Findings(
        identity(model),
        tuple(_finding(model, name) for name in model.findings),
        tuple(Screen(name, gate.question, gate.lines) for name, gate in gates.items()),
    )


def _finding(model: DiagnosticModel, name: str) -> Finding:
    asked = model.findings[name]
    low, high = asked.limits or (None, None)
    return Finding(
        id=name,
        text=asked.asked.question,
        label=asked.label,
        group=asked.asked.group,
        asked_of=asked.asked.asked_of,
        mandatory=asked.asked.mandatory,
        red_flag=asked.asked.red_flag,
        choices=asked.choices(),
        unit=asked.answer.unit,
        minimum=low,
        maximum=high,
        takes_decimals=asked.takes_decimals,
        derived_from=asked.derived_from,
        codings=reported(asked.codings),
        choice_codings={value: reported(each) for value, each in asked.answer.codings.items()},
    )
