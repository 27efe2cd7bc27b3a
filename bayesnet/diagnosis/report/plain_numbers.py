"""Numbers for people who are not used to them: natural frequencies, and strengths in words.

One denominator throughout, rounded as far as it can be trusted: words like `unlikely` and `1 in x`
are misread (NICE CG138; Trevena 2013, BMC Med Inform Decis Mak 13 Suppl 2:S7).
"""

STRENGTHS = ((10.0, "strongly"), (4.8, "clearly"), (1.8, "a little"))
"""From how many decibans on: odds ten times, three times and half as high again."""


def of_hundred(probability: float) -> str:
    """Return a number out of 100: to the next one up to 5 and from 95, else to the next five.

    >>> [of_hundred(p) for p in (0.002, 0.034, 0.12, 0.52, 0.962, 0.999)]
    ['<1', '3', '10', '50', '96', '>99']
    """
    exact = probability * 100
    if exact < 1:
        return "<1"
    if exact > 99:
        return ">99"
    step = 1 if exact < 5.5 or exact > 94.5 else 5
    return f"{step * round(exact / step)}"


def out_of_hundred(probability: float) -> str:
    """Return a natural frequency in words.

    >>> out_of_hundred(0.002), out_of_hundred(0.52), out_of_hundred(0.999)
    ('fewer than 1 of 100', 'about 50 of 100', 'more than 99 of 100')
    """
    number = of_hundred(probability)
    words = {"<": "fewer than ", ">": "more than "}.get(number[0], "about ")
    return f"{words}{number.lstrip('<>')} of 100"


def other_side(probability: float) -> str:
    """Return how many of 100 are left, so that both sides add up.

    >>> other_side(0.034), other_side(0.12), other_side(0.002)
    ('97', '90', 'more than 99')
    """
    number = of_hundred(probability)
    return "more than 99" if number == "<1" else f"{100 - int(number.lstrip('>'))}"


def span_of_hundred(within: tuple[float, float] | None) -> str:
    """Return an interval out of 100; empty when there is none.

    >>> span_of_hundred((0.2, 0.8)), span_of_hundred((0.001, 0.002)), span_of_hundred(None)
    ('20 to 80', '<1', '')
    """
    if within is None:
        return ""
    low, high = map(of_hundred, within)
    return low if low == high else f"{low} to {high}"


def side(decibans: float) -> str:
    """Say how strongly an answer is for or against something; empty where it hardly is.

    >>> side(12.0), side(-2.0), side(0.4)
    ('strongly for', 'a little against', '')
    """
    found = next((words for least, words in STRENGTHS if abs(decibans) >= least), "")
    return f"{found} {'for' if decibans > 0 else 'against'}" if found else ""


def strength(decibans: float) -> str:
    """Say how strongly an answer speaks for or against something; empty where it hardly does.

    >>> strength(12.0), strength(-2.0), strength(0.4)
    ('speaks strongly for it', 'speaks a little against it', '')
    """
    found = side(decibans)
    return f"speaks {found} it" if found else ""
