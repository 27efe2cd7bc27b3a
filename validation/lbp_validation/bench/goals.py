"""List the figures to reach, and judge the one in cases a second."""

from collections.abc import Mapping
from statistics import median

from lbp_validation.bench.comparison import Goal
from lbp_validation.bench.timing import short

SMALL = "small and medium networks, one case, pattern seen before"
NEW = "the same, new pattern each time, its planning included"
COMPILE = "the same, the engine's compile() included as well"
PERSON = "runner model, one case: all posteriors + information of every question for every cause"
COHORT = "runner model, cohort, all posteriors"
LARGE = "large networks, one case, pattern seen before"
LARGE_NEW = "large networks, one case, new pattern each time"
GOALS = (
    Goal("small, seen", SMALL, "numpy", 8, "each"),
    Goal("small, seen", SMALL, "numba", 50, "median"),
    Goal("small, new", NEW, "numpy", 2, "each"),
    Goal("small, new", NEW, "numba", 2, "each"),
    Goal("small, new + compile()", COMPILE, "numpy", 2, "each"),
    Goal("small, new + compile()", COMPILE, "numba", 2, "each"),
    Goal("person, + each", PERSON, "numpy", 100, "median"),
    Goal("person, + each", PERSON, "numba", 500, "median"),
    Goal("cohort, fixed, all", COHORT, "numpy", 15, "median"),
    Goal("cohort, fixed, all", COHORT, "numba", 300, "median"),
    Goal("large, seen", LARGE, "numpy", 1, "each"),
    Goal("large, seen", LARGE, "numba", 3, "median"),
    Goal("large, new", LARGE_NEW, "numpy", 1, "each"),
    Goal("large, new", LARGE_NEW, "numba", 3, "median"),
)
CASES_A_SECOND = 40_000


def rate_row(rates: Mapping[str, float]) -> tuple[str, ...]:
    """Judge the goal in cases a second; rates: {table with the same questions a row: rate}."""
    goal = f"{CASES_A_SECOND:,} a second median"
    if not rates:
        return (COHORT, "numba", goal, "not measured", "-", "not met")
    found = sorted(rates.values())
    reached = sum(rate >= CASES_A_SECOND for rate in found)
    spread = f"{short(median(found))} ({short(found[0])}-{short(found[-1])})"
    met = "met" if median(found) >= CASES_A_SECOND else "not met"
    return (COHORT, "numba", goal, spread, f"{reached} of {len(found)}", met)
