"""Move the interval of a number along with its value."""


def moved_interval(
    value: float, interval: tuple[float, float], new: float, is_ratio: bool
) -> tuple[float, float]:
    """Move a 95 % interval along with its value: as wide as it was, in log-odds or in ratios.

    >>> moved_interval(0.1, (0.05, 0.18), 0.22, is_ratio=False)
    (0.12, 0.36)
    >>> moved_interval(1.5, (1.0, 2.25), 3.0, is_ratio=True)
    (2.0, 4.5)
    """
    if is_ratio:
        ends = [end * new / value for end in interval]
    else:
        times = new * (1.0 - value) / (value * (1.0 - new))
        ends = [end * times / (end * times + 1.0 - end) for end in interval]
    low, high = (float(f"{end:.2g}") for end in ends)
    return min(low, new), max(high, new)
