"""Suppose that causes were more or less common: the same model, solved again for other numbers."""

from collections.abc import Mapping

from msgspec import structs

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.compiled import CompiledModel, sha256_of
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.lookup.intervals import moved_interval
from bayesnet.model.solving.number_change import with_number
from bayesnet.model.solving.parameter_uncertainty import uncertainty_of
from bayesnet.model.solving.parameters import solve, untouched


def with_prevalences(compiled: CompiledModel, prevalences: Mapping[str, float]) -> CompiledModel:
    """Return the model with other prevalences of causes, {cause: of all people, 0 to 1}.

    Each keeps its interval's width in log-odds; its sources stay, so that this is a model to ask
    what would be, and none to hand on. Raises UnknownNameError for a cause, EvidenceError for a
    number that is no share or that the model cannot have beside its others, and for a model whose
    numbers are in a network.
    """
    if file := compiled.description.network:
        raise EvidenceError(f"the prevalences are in the network, {file}; change them there")
    description, kept = compiled.description, {node.name: node for node in compiled.nodes}
    for cause, prevalence in prevalences.items():
        if cause not in description.causes:
            raise UnknownNameError("cause", cause, description.causes)
        if not 0.0 < prevalence < 1.0:
            raise EvidenceError(f"the prevalence of '{cause}' is {prevalence:g}; give 0 to 1")
        path = ("causes", cause, "prevalence")
        number = _moved(description.causes[cause].prevalence, prevalence)
        description = with_number(description, path, number)
        kept = untouched(description, kept, path)
    nodes, problems = solve(description, kept)
    if problems:
        raise EvidenceError(f"the other numbers of the model leave no room: {problems[0].message}")
    return structs.replace(
        compiled,
        description=description,
        sha256=sha256_of(description, nodes),
        nodes=nodes,
        uncertainty=uncertainty_of(description, nodes),
    )


def _moved(number: Frequency, value: float) -> Frequency:
    was, interval = number.value, number.interval
    if interval is None or was is None or not 0.0 < was < 1.0:
        return structs.replace(number, value=value)
    return structs.replace(
        number, value=value, interval=moved_interval(was, interval, value, is_ratio=False)
    )
