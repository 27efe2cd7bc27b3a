"""`--sensitivity`: the numbers that move a cause most, and exactly what they make of it."""

import math
from functools import cache
from pathlib import Path

import pytest
from msgspec import structs
from support.cli import answer, refused, run
from support.models import GEARBOX_FILE, gearbox
from support.reader import MODEL

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.sensitivity import NumberEffect, Sensitivity
from bayesnet.errors import UnknownNameError
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.lookup.number_words import number_words
from bayesnet.model.solving.network_of import build_network
from bayesnet.model.solving.number_change import number_at, with_number
from bayesnet.model.solving.parameter_uncertainty import uncertainty_of
from bayesnet.model.solving.parameters import solve

SEEN = {
    "whine": True,
    "whine_under_load": True,
    "felt_at": "floor",
    "hours": 4000,
    "oil_test": "grey",
    "onset": "gradual",
}


@cache
def found() -> Sensitivity:
    return gearbox().sensitivity(SEEN, "worn_bearing")


@cache
def found_many() -> Sensitivity:
    return gearbox().sensitivity(SEEN, "worn_bearing", most=22)


def test_it_speaks_of_the_answer_that_diagnose_gives() -> None:
    cause = next(c for c in gearbox().diagnose(SEEN).causes if c.id == "worn_bearing")
    assert found().probability == pytest.approx(cause.probability, abs=1e-12)
    assert found().interval == pytest.approx(cause.interval)


def test_the_strongest_come_first_and_their_shares_are_of_one_whole() -> None:
    shares = [each.share for each in found().numbers]
    assert shares == sorted(shares, reverse=True)
    assert 0.5 < sum(shares) <= 1.0
    every = found_many()
    assert every.uncertain > len(every.numbers) == 22
    assert 0.98 < sum(each.share for each in every.numbers) <= 1.0 + 1e-9


def test_both_ends_are_what_the_changed_model_says() -> None:
    """Every kind of number: solved anew as a whole, and asked by another engine."""
    every = found_many().numbers
    kinds = {(each.path[0], each.path[2]): each for each in reversed(every)}
    assert {"causes", "findings", "risk_factors"} <= {section for section, _ in kinds}
    evidence = {**SEEN, "whine": "yes", "whine_under_load": "yes", "hours": "3001_to_6000"}
    for each in kinds.values():
        for end in (each.low, each.high):
            number = number_at(gearbox().description, each.path)
            if isinstance(end.value, dict):
                moved = structs.replace(number, values=end.value)
            elif not isinstance(number, RiskRow):
                moved = structs.replace(number, value=end.value)
            else:
                moved = structs.replace(number, relative_risk=end.value)
            nodes, problems = solve(with_number(gearbox().description, each.path, moved))
            assert not problems
            again = build_network(nodes).compile().marginals(evidence, ["worn_bearing"])
            assert end.probability == pytest.approx(again["worn_bearing"][1], abs=1e-9), each.path


def test_the_ends_of_a_distribution_lower_and_raise_the_probability_as_far_as_its_spread() -> None:
    """In log-odds its ends lie as far apart as its share of the whole variance says."""
    several = [each for each in found().numbers if isinstance(each.value, dict)]
    assert len(several) >= 2
    low, high = map(_log_odds, found().interval)
    for each in several:
        assert each.low.probability < found().probability < each.high.probability
        apart = _log_odds(each.high.probability) - _log_odds(each.low.probability)
        spread = pytest.approx((high - low) * each.share**0.5, rel=0.1)
        # A finding's end where a cause would no longer move it that way.
        assert apart == spread or (each.path[0] == "findings" and apart < spread.expected), (
            each.path
        )
        assert all(sum(end.value.values()) == pytest.approx(1) for end in (each.low, each.high))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_ends_are_those_of_the_interval_where_nothing_stands_in_the_way() -> None:
    prevalence = next(
        each for each in found().numbers if each.path == ("causes", "worn_bearing", "prevalence")
    )
    given = gearbox().description.causes["worn_bearing"].prevalence
    assert (prevalence.low.value, prevalence.high.value) == given.interval
    assert prevalence.low.probability < found().probability < prevalence.high.probability


def test_what_leaves_no_room_has_no_probability() -> None:
    """Relative risks that explain more of a cause than there is of it: said, not guessed."""
    description = gearbox().description
    path = ("causes", "worn_bearing", "risk_factors", 3)
    row = structs.replace(number_at(description, path), interval=(1.0, 5000.0))
    wide = with_number(description, path, row)
    nodes, _ = solve(wide)
    compiled = structs.replace(
        gearbox().compiled, description=wide, uncertainty=uncertainty_of(wide, nodes)
    )
    every = DiagnosticModel(compiled).sensitivity({}, "worn_bearing", most=3)
    assert [each.path for each in every.numbers] == [("causes", "worn_bearing", "prevalence")]
    seen = DiagnosticModel(compiled).sensitivity({"hours": 7000}, "worn_bearing")
    effect = next(each for each in seen.numbers if each.path == path)
    assert effect.low.probability is not None
    assert effect.high.probability is None


def test_words_say_what_is_counted_among_whom() -> None:
    said = {
        path: number_words(gearbox().description, path)
        for path in gearbox().compiled.uncertainty.numbers
    }
    assert said[("causes", "slipping_belt", "prevalence")] == (
        "how many people in this setting have 'Slipping belt'"
    )
    assert said[("findings", "squeal_cold", "background")] == (
        "how many people with none of the causes have 'Squeal when cold'"
    )
    assert said[("findings", "squeal_cold", "causes", "slipping_belt")] == (
        "how many people with 'Slipping belt' and no other cause have 'Squeal when cold'"
    )
    assert said[("causes", "worn_bearing", "risk_factors", 3)] == (
        "how many times more common 'Worn bearing' is with 'Hours run' over 6000"
    )
    assert len(set(said.values())) == len(said)


def test_an_unknown_cause_is_met_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'worn_bearing'"):
        gearbox().sensitivity({}, "worn_bearings")


MODEL_AND_FLAGS = ["--model", str(GEARBOX_FILE), "--whine", "--whine-under-load", "--hours", "4000"]


def test_the_page_draws_each_number_between_its_ends() -> None:
    out = run(*MODEL_AND_FLAGS, "--sensitivity").stdout
    page = out[out.index("What moves Worn bearing most") :]
    assert "How many people in this setting have 'Worn bearing': 16 %" in page
    assert "at 9 %" in page
    assert "at 26 %" in page
    assert "not an answer that was given" in " ".join(page.split())
    # The urgency is what the eye meets last.
    assert page.rstrip().splitlines()[-1].startswith("SELF CARE")
    assert "What moves" not in run(*MODEL_AND_FLAGS).stdout


def test_one_cause_may_be_named_and_json_holds_the_same() -> None:
    named = answer(*MODEL_AND_FLAGS, "--sensitivity", "slipping_belt")
    assert [each["cause"] for each in named["sensitivity"]] == ["slipping_belt"]
    assert "sensitivity" not in answer(*MODEL_AND_FLAGS)
    assert "did you mean 'worn_teeth'" in refused(*MODEL_AND_FLAGS, "--sensitivity", "worn_teeths")


WARM = {"heat": "warm"}
HEAT = ("findings", "heat", "background")
HEAT_BY_BEARING = ("findings", "heat", "causes", "worn_bearing")


def effects(path: Path, text: str, evidence: dict[str, object]) -> dict[tuple, NumberEffect]:
    """What the numbers of a model file do to a worn bearing, by their paths."""
    path.write_text(text)
    found = bayesnet.load_model(str(path)).sensitivity(evidence, "worn_bearing", most=40)
    return {each.path: each for each in found.numbers}


@pytest.mark.parametrize(
    "near_the_background",
    [
        "values: {none: 0.6, warm: 0.25, hot: 0.15}",
        "lowers: true, values: {none: 0.75, warm: 0.17, hot: 0.08}",
    ],
)
def test_the_ends_of_a_distribution_are_numbers_that_the_model_file_may_hold(
    near_the_background, tmp_path
) -> None:
    """Where a cause would raise some states and lower others, no network has that number."""
    text = MODEL.replace("values: {none: 0.2, warm: 0.3, hot: 0.5}", near_the_background)
    found = effects(tmp_path / "m.yaml", text, WARM)
    for path in (HEAT, HEAT_BY_BEARING):
        for end in (found[path].low, found[path].high):
            given = ", ".join(f"{state}: {p!r}" for state, p in found[path].value.items())
            moved = ", ".join(f"{state}: {p!r}" for state, p in end.value.items())
            changed = tmp_path / "changed.yaml"
            changed.write_text(text.replace(f"values: {{{given}}}", f"values: {{{moved}}}"))
            again = bayesnet.load_model(str(changed)).diagnose(WARM).causes
            bearing = next(each for each in again if each.id == "worn_bearing")
            assert end.probability == pytest.approx(bearing.probability, abs=1e-9)


def test_a_number_below_its_background_stays_there_at_both_ends(tmp_path) -> None:
    text = MODEL.replace(
        "{value: 0.7, interval: [0.5, 0.9]", "{value: 0.08, lowers: true, interval: [0.07, 0.3]"
    )
    effect = effects(tmp_path / "m.yaml", text, {"hum": True})[
        ("findings", "hum", "causes", "worn_bearing")
    ]
    assert (effect.low.value, effect.high.value) == (0.07, pytest.approx(0.1))
    assert effect.low.probability < effect.high.probability


def test_the_ends_of_a_distribution_do_not_depend_on_the_order_of_its_states(tmp_path) -> None:
    there = effects(tmp_path / "m.yaml", MODEL, WARM)
    turned = MODEL.replace("none: 0.2, warm: 0.3, hot: 0.5", "warm: 0.3, hot: 0.5, none: 0.2")
    again = effects(tmp_path / "turned.yaml", turned, WARM)
    for end in ("low", "high"):
        before, after = (getattr(each[HEAT_BY_BEARING], end) for each in (there, again))
        assert after.value == pytest.approx(before.value)
        assert after.probability == pytest.approx(before.probability)


def test_a_state_that_nobody_is_in_stays_empty_at_both_ends(tmp_path) -> None:
    text = MODEL.replace("none: 0.2, warm: 0.3, hot: 0.5", "none: 0, warm: 0.4, hot: 0.6")
    effect = effects(tmp_path / "m.yaml", text, WARM)[HEAT_BY_BEARING]
    assert effect.low.value["none"] == effect.high.value["none"] == 0
    assert effect.low.probability < effect.high.probability


def test_json_holds_the_ends_of_a_number_worth_some_patients(tmp_path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(MODEL.replace("value: 0.7, interval: [0.5, 0.9]", "value: 0.7, sample_size: 9"))
    found = answer("--model", str(path), "--hum", "--sensitivity", "worn_bearing")
    numbers = {tuple(each["path"]): each for each in found["sensitivity"][0]["numbers"]}
    hum = numbers[("findings", "hum", "causes", "worn_bearing")]
    assert hum["low"]["value"] < 0.7 < hum["high"]["value"]


def test_a_factor_that_makes_a_cause_rarer_is_shown_as_a_factor(tmp_path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        MODEL.replace("relative_risk: 1.5, sample_size: 20", "relative_risk: 0.8, sample_size: 20")
    )
    page = run("--model", str(path), "--hum", "--hours", "1500", "--sensitivity").stdout
    assert "over 1000: x 0.8" in " ".join(page.split())
    assert "at x 0.333" in page


def test_a_relative_risk_that_is_worth_next_to_nothing_has_far_ends(tmp_path) -> None:
    text = MODEL.replace(
        "relative_risk: 1.5, sample_size: 20", "relative_risk: 1.5, sample_size: 1e-6"
    )
    found = effects(tmp_path / "m.yaml", text, {"hours": 1500})
    effect = found[("causes", "worn_bearing", "risk_factors", 1)]
    assert effect.low.value < 1e-100
    assert effect.high.value > 1e100
    assert effect.high.probability is None


def test_a_rare_cause_is_not_rounded_to_nothing(tmp_path) -> None:
    path = tmp_path / "m.yaml"
    rare = "prevalence: {value: 0.00003, interval: [0.00001, 0.0001]"
    path.write_text(MODEL.replace("prevalence: {value: 0.2, interval: [0.1, 0.3]", rare))
    page = run("--model", str(path), "--hum", "--sensitivity", "worn_bearing").stdout
    assert "have 'Worn bearing': 0.003 %" in " ".join(page.split())
    assert "at 0.001 %" in page


def test_an_end_at_which_the_answers_cannot_hold_has_no_probability(tmp_path) -> None:
    """Nobody has old oil at the low end, and this gearbox has it."""
    text = MODEL.replace(
        "value: 0.2, interval: [0.1, 0.3], source: [fig-1]}\nfindings",
        "value: 0.2, interval: [0, 0.3], source: [fig-1]}\nfindings",
    )
    found = effects(tmp_path / "m.yaml", text, {"old_oil": True, "hours": 10, "hum": True})
    effect = found[("risk_factors", "old_oil", "frequency_by", 1)]
    assert (effect.low.value, effect.low.probability) == (0.0, None)
    assert effect.high.probability is not None
