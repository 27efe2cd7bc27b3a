"""The overlay of fitted numbers as text: what YAML could misread, and long reasons."""

import yaml

from bayesnet.model.format.numbers import Effect, Frequency, RiskRow
from bayesnet.tuning.fitting.fit import Refitted
from bayesnet.tuning.fitting.overlay_text import overlay_text
from bayesnet.tuning.fitting.rounding import rounded

LONG = tuple(f"figure-{at:03}, a citation of 20{at:02}" for at in range(30))


def refitted(path, before, after) -> Refitted:
    return Refitted(path, before, rounded(after), 0.5)


def read(*numbers: Refitted):
    text = overlay_text("base.yaml", ["Told."], "fitted to 7 cases: x, 2026", numbers)
    return text, yaml.safe_load(text)


def test_names_that_look_like_numbers_stay_names() -> None:
    before = Frequency(values={"1_2": 0.25, "3_4": 0.75}, sample_size=8, source=("x",))
    after = Frequency(values={"1_2": 1 / 3, "3_4": 2 / 3}, sample_size=8.123456, source=("x",))
    _, found = read(refitted(("risk_factors", "age", "frequency"), before, after))
    number = found["risk_factors"]["age"]["frequency"]
    assert number["values"] == {"1_2": 0.333333, "3_4": 0.666667}
    assert sum(number["values"].values()) == 1.0
    assert number["sample_size"] == 8.123


def test_a_reason_is_folded_and_keeps_every_source() -> None:
    before = Effect(value=0.5, interval=(0.4, 0.6), source=LONG)
    after = Effect(value=0.55, interval=(0.5, 0.61), source=LONG)
    text, found = read(refitted(("findings", "a", "causes", "b"), before, after))
    assert max(map(len, text.splitlines())) <= 100
    why = found["findings"]["a"]["causes"]["b"]["why"]
    assert why == f"0.5 [0.4, 0.6] before the fit, from {'; '.join(LONG)}"


def test_rows_say_what_they_are_about() -> None:
    row = RiskRow(
        factor="age",
        state="20_to_34",
        relative_risk=2.0,
        among={"sex": ("female",)},
        interval=(1.0, 4.0),
        source=("expert judgement",),
    )
    _, found = read(refitted(("causes", "a", "risk_factors", 3), row, row))
    (written,) = found["causes"]["a"]["risk_factors"]
    assert (written["factor"], written["state"]) == ("age", "20_to_34")
    assert written["among"] == {"sex": ["female"]}
    assert written["source"] == ["fitted to 7 cases: x, 2026", "expert judgement"]


def test_what_is_nearly_sure_is_not_rounded_to_sure() -> None:
    number = Frequency(value=0.999987654, interval=(0.9999, 0.999999), source=("x",))
    assert rounded(number).value == 0.99998765
    assert rounded(number).interval == (0.9999, 0.999999)
