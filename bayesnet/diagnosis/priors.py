"""Fill in how common each cause is where the model's network says it, not the model file."""

from msgspec import structs

from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.solving.network_of import build_network


def with_priors(compiled: CompiledModel) -> CompiledModel:
    """Return a model whose every cause has a prevalence: the marginal of it in its network.

    One whose file has all of them is returned as it is. Raises TooLargeError for a network that is
    too wide.
    """
    described = compiled.description
    if all(cause.prevalence.value is not None for cause in described.causes.values()):
        return compiled
    marginals = build_network(compiled.nodes).compile().marginals({}, list(described.causes))
    causes = {
        name: structs.replace(
            cause,
            prevalence=structs.replace(cause.prevalence, value=float(marginals[name]["yes"])),
        )
        for name, cause in described.causes.items()
    }
    return structs.replace(compiled, description=structs.replace(described, causes=causes))
