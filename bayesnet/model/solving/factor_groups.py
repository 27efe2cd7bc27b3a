"""Group the risk factors of a cause: those of a group act together, the groups by noisy-OR."""

from msgspec import Struct

from bayesnet.model.format.variables import Cause

MOST_TOGETHER = 5
"""Factors in one group: its table has a row for each combination of their states, as a clinician
would have to picture them."""


class FactorGroup(Struct, frozen=True):
    """Factors that act on a cause together, and the indices of their rows in the model file.

    A factor that neither multiplies with others nor is measured among some is a group by itself.
    """

    factors: tuple[str, ...]
    rows: tuple[int, ...]


def factor_groups(cause: Cause) -> tuple[FactorGroup, ...]:
    """Group a cause's factors: those listed under `multiply`, and those a ratio is given among.

    Groups that have a factor in common are one.
    """
    together = [set(group) for group in cause.multiply]
    together += [{row.factor, *row.among} for row in cause.risk_factors]
    groups: list[set[str]] = []
    for each in together:
        joined = each.union(*(group for group in groups if group & each))
        groups = [*(group for group in groups if not group & each), joined]
    named = [name for row in cause.risk_factors for name in (row.factor, *row.among)]
    order = list(dict.fromkeys(named))
    found = [tuple(name for name in order if name in group) for group in groups]
    return tuple(
        FactorGroup(
            factors,
            tuple(at for at, row in enumerate(cause.risk_factors) if row.factor in factors),
        )
        for factors in sorted(found, key=lambda group: order.index(group[0]))
    )
