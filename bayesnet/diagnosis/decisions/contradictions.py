"""Find answers of one person that do not go together, as the model file lists them."""

from bayesnet.diagnosis.decisions.conditions import People, what_holds
from bayesnet.diagnosis.report.records import Contradiction
from bayesnet.model.format.description import ModelDescription


def contradictions(description: ModelDescription, person: People) -> tuple[Contradiction, ...]:
    """List the contradictions among the answers of one person (a table of one row)."""
    found = (
        (name, each.message, what_holds(each.when, person))
        for name, each in description.contradictions.items()
    )
    return tuple(Contradiction(name, ids, message) for name, message, ids in found if ids)
