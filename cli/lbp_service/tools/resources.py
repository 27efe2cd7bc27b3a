"""What can be read of a model beside the tools: its causes, findings and numbers, by address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import to_builtins

from bayesnet import DiagnosticModel, UnknownNameError
from bayesnet.diagnosis.report.evidence_item import reported
from bayesnet.diagnosis.report.json_text import json_text
from lbp_service.answers.catalogue import findings, identity
from lbp_service.tools.numbers import model_numbers

SCHEME = "model"
MEDIA_TYPE = "application/json"


@dataclass(frozen=True)
class Resource:
    """Something to read; address: its URI, or with a name in braces the pattern of several."""

    address: str
    title: str
    description: str


def resources(model: DiagnosticModel) -> Iterator[Resource]:
    """Yield what can be read of a model, each cause by itself.

    >>> import bayesnet
    >>> [each.address for each in resources(bayesnet.load_model("lbp-runner"))][:2]
    ['model://lbp-runner', 'model://lbp-runner/causes']
    """
    root = root_of(model)
    title = model.description.model.title
    yield Resource(root, title, "Which model it is, for whom, and what it holds.")
    yield Resource(f"{root}/causes", "Causes", "Every cause, how common it is, if it is serious.")
    yield Resource(f"{root}/findings", "Findings", "All that can be answered, with its choices.")
    for name, cause in model.causes.items():
        yield Resource(f"{root}/causes/{name}", cause.label, cause.about)


def patterns(model: DiagnosticModel) -> tuple[Resource, ...]:
    """Return the patterns of what can be read by an id."""
    root = root_of(model)
    return (
        Resource(f"{root}/causes/{{cause}}", "A cause", "What it is, and all numbers about it."),
        Resource(
            f"{root}/numbers/{{id}}",
            "Numbers about an id",
            "All numbers of a cause, finding, risk factor or pathway, with their sources.",
        ),
    )


def read(model: DiagnosticModel, address: str) -> str:
    """Return what stands at an address, as JSON text; raises UnknownNameError with the nearest."""
    root = root_of(model)
    kind, _, name = address.removeprefix(root).strip("/").partition("/")
    of_one: dict[str, Callable[[DiagnosticModel, str], Any]] = {"causes": _cause, "numbers": _about}
    of_all: dict[str, Callable[[DiagnosticModel], Any]] = {
        "": _overview,
        "causes": _causes,
        "findings": findings,
    }
    is_ours = address == root or address.startswith(f"{root}/")
    if is_ours and name and kind in of_one:
        return json_text(of_one[kind](model, name)).decode()
    if is_ours and not name and kind in of_all:
        return json_text(of_all[kind](model)).decode()
    known = [each.address for each in (*resources(model), *patterns(model))]
    raise UnknownNameError("resource", address, known)


def root_of(model: DiagnosticModel) -> str:
    """Return the address of a model."""
    return f"{SCHEME}://{model.description.model.id}"


def _overview(model: DiagnosticModel) -> dict[str, Any]:
    return {
        "model": identity(model),
        "causes": len(model.causes),
        "findings": len(model.findings),
        "disclaimer": model.description.model.disclaimer,
    }


def _causes(model: DiagnosticModel) -> dict[str, Any]:
    causes = [
        {**_described(model, name), "prevalence": cause.prevalence.value}
        for name, cause in model.causes.items()
    ]
    return {"model": identity(model), "causes": causes}


def _cause(model: DiagnosticModel, name: str) -> dict[str, Any]:
    if name not in model.causes:
        raise UnknownNameError("cause", name, model.causes)
    return {**_described(model, name), **to_builtins(_about(model, name))}


def _about(model: DiagnosticModel, name: str) -> Any:
    return model_numbers(model, name)


def _described(model: DiagnosticModel, name: str) -> dict[str, Any]:
    cause = model.causes[name]
    return {
        "id": name,
        "label": cause.label,
        "about": cause.about,
        "serious": cause.serious,
        "codings": reported(cause.codings),
    }
