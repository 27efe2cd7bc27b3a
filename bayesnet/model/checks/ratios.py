"""Check which risk factors of a cause are said to multiply, and among whom a ratio holds."""

from collections.abc import Iterator

from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.variables import Cause
from bayesnet.model.lookup.scope import Scope, unknown, unknown_states
from bayesnet.model.problems import Problem
from bayesnet.model.solving.factor_groups import MOST_TOGETHER, factor_groups


def check_ratios(scope: Scope) -> Iterator[Problem]:
    """Yield what no table over a group of factors could be made from."""
    for name, cause in scope.description.causes.items():
        path = ("causes", name)
        found = [*_multiplied(scope, (*path, "multiply"), cause), *_among(scope, path, cause)]
        yield from found
        if not found:
            yield from _sizes(path, cause)


def _multiplied(scope: Scope, path: KeyPath, cause: Cause) -> Iterator[Problem]:
    """Check that each factor of a group has a ratio here, and stands in one group once."""
    causes = scope.named("causes")
    known = scope.named("risk_factors", "causes")
    with_ratio = dict.fromkeys(row.factor for row in cause.risk_factors)
    seen: set[str] = set()
    for at, group in enumerate(cause.multiply):
        for which, factor in enumerate(group):
            place = (*path, at, which)
            if factor not in with_ratio:
                # A row that is misspelt is said to be, and may be this factor's.
                if not with_ratio.keys() <= known.keys():
                    continue
                what = "risk factor with a ratio for this cause"
                yield unknown(place, what, factor, with_ratio)
            elif factor in causes:
                yield Problem(place, f"'{factor}' is a cause, and only risk factors multiply")
            elif factor in seen:
                message = f"'{factor}' stands in `multiply` twice; put all of it into one group"
                yield Problem(place, message)
            seen.add(factor)


def _among(scope: Scope, path: KeyPath, cause: Cause) -> Iterator[Problem]:
    """Check that a ratio is measured among people with known states of other risk factors."""
    known = scope.named("risk_factors")
    for at, row in enumerate(cause.risk_factors):
        for other, states in row.among.items():
            place = (*path, "risk_factors", at, "among", other)
            if other not in known:
                yield unknown(place, "risk factor", other, known)
            elif other == row.factor:
                yield Problem(place, f"'{other}' among itself; name another risk factor")
            elif row.factor in scope.named("causes"):
                message = f"'{row.factor}' is a cause; only a risk factor's ratio takes `among`"
                yield Problem(place, message)
            else:
                yield from unknown_states(place, other, states, scope.states(other))


def _sizes(path: KeyPath, cause: Cause) -> Iterator[Problem]:
    for group in factor_groups(cause):
        if len(group.factors) > MOST_TOGETHER:
            message = (
                f"{len(group.factors)} factors act together by `multiply` and `among` "
                f"({', '.join(group.factors)}); at most {MOST_TOGETHER} can: take some out"
            )
            yield Problem((*path, "multiply") if cause.multiply else path, message)
