"""Write probabilities in per cent, for people who are used to them."""


def percent(probability: float) -> str:
    """Return a probability as people read it; the very small and the very large keep their side.

    >>> percent(0.0004), percent(0.042), percent(0.42), percent(0.9996)
    ('<0.1 %', '4.2 %', '42 %', '>99.9 %')
    """
    if probability <= 0 or probability >= 1:
        return f"{probability * 100:.0f} %"
    # Nearer to 0 or 1 than this the one decimal would be 0.0 % or 100.0 %, which means certainty.
    if probability < 0.0005:
        return "<0.1 %"
    if probability >= 0.9995:
        return ">99.9 %"
    digits = 1 if probability < 0.0995 or probability > 0.995 else 0
    return f"{probability * 100:.{digits}f} %"


def percent_range(within: tuple[float, float] | None) -> str:
    """Return an interval of probabilities in words; empty when there is none."""
    return "" if within is None else f"{percent(within[0])[:-2]} to {percent(within[1])}"
