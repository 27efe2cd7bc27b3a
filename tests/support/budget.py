"""How many examples a property is tried on: few enough for every change, more by DEPTH."""

import os

from hypothesis import settings

DEPTH = int(os.environ.get("DEPTH", "1"))
"""`make thorough` tries so many times as many examples."""


def examples(count: int) -> settings:
    """Try a property on so many examples, the same every time, times DEPTH."""
    return settings(max_examples=count * DEPTH)
