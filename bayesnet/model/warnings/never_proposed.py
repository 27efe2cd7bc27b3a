"""Warn of questions that a rule of triage needs and that are never proposed."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.lookup.conditions import named_in
from bayesnet.model.problems import ModelWarning


def warn_of_unproposed(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each question of a rule that nobody is asked by itself.

    An observation that a network does not rank comes in as such, and a rule is added later.
    """
    rules = description.triage.rules if description.triage is not None else {}
    ruled = {name for rule in rules.values() for name in named_in(rule.when)}
    ruled |= {each.derived_from for name, each in description.derived.items() if name in ruled}
    for section in ("risk_factors", "findings"):
        for name, each in getattr(description, section).items():
            if name in ruled and not each.asked.ranked and not each.asked.mandatory:
                yield ModelWarning(
                    (section, name, "asked", "ranked"),
                    f"'{name}' is never proposed, and a rule of triage needs it: the rule holds "
                    "only of people who bring it up themselves",
                    "take `ranked: false` away, or add `mandatory: true`",
                )
