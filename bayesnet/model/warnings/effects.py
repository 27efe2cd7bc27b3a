"""Warn of what nothing in the model reacts to: causes, patterns, findings and risk factors."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import Finding, Shared
from bayesnet.model.lookup.conditions import conditions_of, named_in
from bayesnet.model.problems import ModelWarning


def warn_of_effects(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each variable whose answer, or whose probability, nothing else depends on.

    Of a model whose numbers are in a network nothing is said: only that knows.
    """
    if description.network:
        return
    yield from _causes(description)
    yield from _patterns(description)
    mentioned = {
        name for stated in conditions_of(description) for name in named_in(stated.condition)
    }
    if description.triage is not None:
        mentioned.update(each.confirm or "" for each in description.triage.rules.values())
    # What follows from an answer is mentioned by the answer that it follows from.
    mentioned |= {
        each.derived_from for name, each in description.derived.items() if name in mentioned
    }
    yield from _findings(description, mentioned)
    yield from _risk_factors(description, mentioned)


def _causes(description: ModelDescription) -> Iterator[ModelWarning]:
    entries: list[Finding | Shared] = [*description.findings.values(), *description.shared.values()]
    shown = {
        cause
        for entry in entries
        for cause, number in entry.causes.items()
        if number.value is None or number.value != entry.background.value
    }
    raising = {row.factor for cause in description.causes.values() for row in cause.risk_factors}
    for name, cause in description.causes.items():
        if name not in shown | raising and not cause.risk_factors:
            yield ModelWarning(
                ("causes", name),
                f"nothing can move '{name}': no finding shows it and no risk factor raises it, so "
                "that its probability is its prevalence whatever is answered",
                f"list '{name}' under the `causes` of the findings it shows, or give it "
                "`risk_factors`",
            )
        elif name not in shown | raising:
            yield ModelWarning(
                ("causes", name),
                f"no finding shows '{name}', so that only risk factors tell of it",
                f"list '{name}' under the `causes` of the findings it shows",
            )


def _patterns(description: ModelDescription) -> Iterator[ModelWarning]:
    measured = {cause for finding in description.findings.values() for cause in finding.causes}
    for name in description.shared:
        if name not in measured:
            yield ModelWarning(
                ("shared", name),
                f"no finding measures '{name}', so that what it says of causes is never used",
                f"list '{name}' under the `causes` of the findings that measure it, or delete it",
            )


def _findings(description: ModelDescription, mentioned: set[str]) -> Iterator[ModelWarning]:
    for name, finding in description.findings.items():
        if not finding.causes and not finding.points_to and name not in mentioned:
            yield ModelWarning(
                ("findings", name),
                f"no cause explains '{name}', and no rule or advice asks for it, so that its "
                "answer changes nothing",
                "give it `causes`, name it in a rule, or delete it",
            )


def _risk_factors(description: ModelDescription, mentioned: set[str]) -> Iterator[ModelWarning]:
    used = {row.factor for cause in description.causes.values() for row in cause.risk_factors}
    used |= {each for finding in description.findings.values() for each in finding.background_by}
    used |= {
        other
        for factor in description.risk_factors.values()
        for row in factor.frequency_by
        for other in row.when
    }
    for name, factor in description.risk_factors.items():
        if name not in used | mentioned and not factor.modifiable:
            yield ModelWarning(
                ("risk_factors", name),
                f"'{name}' raises no cause, and no rule or advice asks for it, so that its answer "
                "changes nothing",
                "give a cause a row for it under `risk_factors`, or delete it",
            )
