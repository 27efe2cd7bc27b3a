"""Check that numbers come from the model file, or else all from the network that it names."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import OF_NETWORK
from bayesnet.model.lookup.scope import Scope
from bayesnet.model.problems import Problem


def check_origin_of_numbers(scope: Scope) -> Iterator[Problem]:
    """Yield entries without their number, or with one beside that of the network."""
    description = scope.description
    yield from _of_network(description) if description.network else _of_file(description)


def _of_file(description: ModelDescription) -> Iterator[Problem]:
    """Yield what only a model with a network can leave out or say."""
    for name, cause in description.causes.items():
        if cause.in_network is not None:
            yield Problem(("causes", name, "in_network"), _NO_NETWORK)
        elif cause.prevalence == OF_NETWORK:
            yield Problem(("causes", name), f"'prevalence' is missing in '{name}'; add it")
    for name, finding in description.findings.items():
        if finding.in_network is not None:
            yield Problem(("findings", name, "in_network"), _NO_NETWORK)
        elif finding.background == OF_NETWORK:
            yield Problem(("findings", name), f"'background' is missing in '{name}'; add it")


def _of_network(description: ModelDescription) -> Iterator[Problem]:
    """Yield what a model with a network cannot say."""
    for section in ("shared", "risk_factors"):
        for name in getattr(description, section):
            message = (
                f"the numbers of this model are in {description.network}; write '{name}' under "
                "`findings` with `in_network`, or drop it"
            )
            yield Problem((section, name), message)
    for name, cause in description.causes.items():
        if cause.in_network is None:
            yield Problem(("causes", name), _MISSING.format(name))
        given = {
            "prevalence": cause.prevalence != OF_NETWORK,
            "risk_factors": bool(cause.risk_factors),
            "multiply": bool(cause.multiply),
        }
        yield from _beside("causes", name, given)
    for name, finding in description.findings.items():
        if finding.in_network is None:
            yield Problem(("findings", name), _MISSING.format(name))
        given = {
            "background": finding.background != OF_NETWORK,
            "background_by": bool(finding.background_by),
            "causes": bool(finding.causes),
        }
        yield from _beside("findings", name, given)


def _beside(section: str, name: str, given: dict[str, bool]) -> Iterator[Problem]:
    for key in (key for key, is_given in given.items() if is_given):
        message = f"'{key}' is in the network of this model already; drop it, or change the network"
        yield Problem((section, name, key), message)


_NO_NETWORK = "the model names no network; add `network:` with the path of its file, or drop this"
_MISSING = "'in_network' is missing in '{}'; add the variable of the network that it is"
