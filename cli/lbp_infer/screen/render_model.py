"""Render what a model holds, on a page."""

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.answers.intake import groups
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import levels_of
from bayesnet.model.format.triage_rules import level_label
from bayesnet.model.lookup.graded_words import share
from lbp_infer.screen.page import columns, paragraph, section


def overview_page(model: DiagnosticModel) -> list[RenderableType]:
    """Return the parts of the page: identity, prevalences, askables by group, pathways."""
    described = model.description
    identity, whole = described.model, identity_of(model.compiled)
    parts: list[RenderableType] = [
        Text.assemble((identity.title, "bold"), f"  {whole.name}"),
        *([paragraph(whole.caution, "bold")] if whole.caution else []),
        paragraph(f"Setting: {identity.setting}"),
        paragraph(f"sha256: {model.compiled.sha256}", "dim"),
        _causes(described),
    ]
    for group in groups(described):
        rows = [
            (name, askable.label, identity.expert if askable.asked.asked_of != "self" else "")
            for name, askable in model.known.items()
            if askable.asked.group == group
        ]
        if rows:
            parts.append(section(group.capitalize(), columns(rows, whole=(0,))))
    if described.pathways:
        rows = [
            (name, each.label, ", ".join(level_label(described.triage, x) for x in levels_of(each)))
            for name, each in described.pathways.items()
        ]
        parts.append(section("Pathways", columns(rows, whole=(0,))))
    more = "`lbp-infer model show ID` shows one of them with every number and its source."
    return [*parts, Text(), paragraph(more, "dim"), paragraph(identity.disclaimer)]


def _causes(description: ModelDescription) -> RenderableType:
    rows = [
        (
            name,
            f"{cause.label} (serious)" if cause.serious else cause.label,
            share(cause.prevalence.value or 0.0),
        )
        for name, cause in description.causes.items()
    ]
    return section("Causes", columns(rows, right=(2,), head=("", "", "prevalence"), whole=(0,)))
