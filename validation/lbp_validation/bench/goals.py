"""The figures to reach: one entry for each row that has a goal, with what it was before.

`before` was measured at commit 8731b3d on two quiet cores, when the runner model had 17 causes.
"""

from types import MappingProxyType

from lbp_validation.bench.people import EVERYTHING, SIX, TEN, TWELVE
from lbp_validation.bench.row import Goal

DIAGNOSE = MappingProxyType(
    {
        (SIX, "numpy"): Goal(15, "ms", "less", "49 ms"),
        (TWELVE, "numpy"): Goal(20, "ms", "less", "96 ms"),
        (EVERYTHING, "numpy"): Goal(45, "ms", "less", "1,968 ms"),
        (TEN, "numpy"): Goal(50, "ms", "less", "358 ms"),
        (SIX, "numba"): Goal(8, "ms", "less"),
        (TWELVE, "numba"): Goal(10, "ms", "less"),
        (EVERYTHING, "numba"): Goal(30, "ms", "less"),
        (TEN, "numba"): Goal(35, "ms", "less"),
    }
)
KNOWN, NEITHER = "age and sex known", "neither known"
CLINIC = MappingProxyType(
    {
        KNOWN: Goal(20, "ms", "less"),
        NEITHER: Goal(100, "ms", "less"),
    }
)
SECOND_ASK = Goal(1.2, "x", "less", "8.5 to 42 x", judged="each")
FIRST_DIAGNOSE = Goal(2.5, "x", "less", "about 10 x")
COLD = Goal(2.5, "x", "less", "2.98 x")
CIRCUITS = MappingProxyType(
    {
        "numpy": Goal(1, "x faster", "more", "0.8 to 1.7 x", judged="each"),
        "numba": Goal(4, "x faster", "more", "2.1 to 3.6 x"),
    }
)
RAGGED = Goal(5_000, "rows/s", "more", "23 to 71 rows/s")
MANY_RATE = Goal(300, "rows/s", "more", "1.3 rows/s")
MANY_LOOP = Goal(1, "x faster", "more", "0.2 x", judged="each")
MANY_PEAK = Goal(600, "MB", "less", "1,093 MB", judged="each")
FIXED = Goal(15_000, "rows/s", "more", "3,814 to 7,119 rows/s")
QMR = Goal(1, "s", "less", "13 s")
TOO_WIDE = Goal(1, "s", "less", "19 s")
FIFTY_THOUSAND = Goal(10, "s", "less", "not in 120 s")
LARGE = Goal(3, "x faster", "more", "1.8 x")
AS_BEFORE = Goal(1, "x", "more", "1", judged="each")
LARGE_BEFORE = MappingProxyType(
    {
        "water": 4.85,
        "pathfinder": 1.45,
        "andes": 1.26,
        "pigs": 1.37,
        "mildew": 1.56,
        "barley": 1.86,
        "munin1": 1.97,
        "diabetes": 1.97,
        "link": 6.31,
        "munin": 1.51,
    }
)
"""How many times faster than pyAgrum the numpy executor was, a new pattern each time."""
