"""Posterior intervals: slopes against re-solved models, and intervals against drawn ones."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from support.models import gearbox
from support.reader import MODEL
from support.readouts import log_odds_of

import bayesnet
from bayesnet.analysis.derivatives import numbers_of
from bayesnet.diagnosis.found import events_of
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.intervals import influences, interval
from bayesnet.model.format.compiled import Uncertainty
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import ConditionalFrequency, Frequency, RiskRow
from bayesnet.model.lookup.scope import frequencies
from bayesnet.model.solving.network_of import build_network
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.parameters import solve
from bayesnet.model.solving.standard_deviations import (
    Z_95,
    frequency_deviations,
    log_odds_deviation,
    log_risk_deviation,
)
from bayesnet.network.evidence import encode_case

SMALL = 1e-5
CASES: tuple[Mapping[str, object], ...] = (
    {},
    {"whine": True, "squeal_cold": False, "felt_at": "seat", "hours": 4000},
    {
        "hours": 7000,
        "drive": "automatic",
        "old_oil": True,
        "onset": "sudden",
        "burning_smell": True,
        "creak_turning": True,
        "quiet_when_warm": True,
        "oil_test": "grey",
        "stethoscope": True,
        "mount_test": True,
        "gear_jumps": False,
    },
    {
        "whine": {"yes": 0.7, "no": 0.3},
        "hours": {"over_6000": 0.4},
        "felt": {"yes": 0.8},
        "old_oil": {"no": 0.9},
    },
)


@pytest.fixture
def small(tmp_path: Path) -> DiagnosticModel:
    path = tmp_path / "gearbox.yaml"
    path.write_text(MODEL)
    return bayesnet.load_model(str(path))


def flat_parameters(description: ModelDescription) -> np.ndarray:
    nodes, _ = solve(description)
    families = build_network(nodes).families
    return np.concatenate([each.ravel() for family in families for each in numbers_of(family)])


def moved(
    description: ModelDescription, path: tuple[str | int, ...], way: int, by: float
) -> ModelDescription:
    """The description with one number moved `by` standard deviations, one way."""

    def change(entry: object, rest: tuple[str | int, ...]) -> object:
        if not rest:
            return _moved_number(description, entry, path, way, by)
        if isinstance(entry, dict):
            return {**entry, rest[0]: change(entry[rest[0]], rest[1:])}
        if isinstance(entry, tuple):
            at = int(rest[0])
            return (*entry[:at], change(entry[at], rest[1:]), *entry[at + 1 :])
        name = str(rest[0])
        return structs.replace(entry, **{name: change(getattr(entry, name), rest[1:])})

    return change(description, path)  # type: ignore[return-value]


def _moved_number(
    description: ModelDescription,
    number: object,
    path: tuple[str | int, ...],
    way: int,
    by: float,
) -> object:
    if isinstance(number, RiskRow):
        risk = number.relative_risk * np.exp(by * log_risk_deviation(number))
        return structs.replace(number, relative_risk=float(risk))
    assert isinstance(number, Frequency | ConditionalFrequency)
    states = next(states for place, _, states in frequencies(description) if place == path)
    chances = distribution(states, number)
    chances = chances + by * frequency_deviations(number, chances)[way]
    if number.value is not None:
        return structs.replace(number, value=float(chances[1]))
    return structs.replace(number, values=dict(zip(states, chances.tolist(), strict=True)))


def slopes_of(uncertainty: Uncertainty, parameters: int) -> np.ndarray:
    """The packed slopes as a full matrix, (ways, parameters)."""
    starts = np.frombuffer(uncertainty.starts, "<i4")
    places = np.frombuffer(uncertainty.parameters, "<i4")
    values = np.frombuffer(uncertainty.slopes, "<f8")
    found = np.zeros((len(starts), parameters))
    ends = [*starts[1:], len(places)]
    for way, (start, end) in enumerate(zip(starts, ends, strict=True)):
        found[way, places[start:end]] = values[start:end]
    return found


def check_slopes(model: DiagnosticModel, ways: range | list[int]) -> None:
    """Each way's slopes against the parameters of models solved with the number moved."""
    description, uncertainty = model.description, model.compiled.uncertainty
    owners = np.frombuffer(uncertainty.owners, "<i4")
    slopes = slopes_of(uncertainty, len(flat_parameters(description)))
    for way in ways:
        path = uncertainty.numbers[owners[way]]
        place = way - int(np.flatnonzero(owners == owners[way])[0])
        up, down = (moved(description, path, place, step) for step in (SMALL, -SMALL))
        if solve(up)[1] or solve(down)[1]:
            # A number that equals its background can only move one way.
            continue
        up, down = flat_parameters(up), flat_parameters(down)
        assert slopes[way] == pytest.approx((up - down) / (2 * SMALL), abs=1e-7), path


def test_every_slope_of_a_small_model(small: DiagnosticModel) -> None:
    ways = len(small.compiled.uncertainty.owners) // 4
    assert ways > 10
    check_slopes(small, range(ways))


def test_slopes_of_a_background_that_is_higher_among_some(tmp_path: Path) -> None:
    path = tmp_path / "raised.yaml"
    path.write_text(
        MODEL.replace(
            "    causes:\n      worn_bearing: {value: 0.7",
            "    background_by: {hours: {over_1000: {value: 0.13, interval: [0.1, 0.2],"
            " source: [fig-1]}}}\n    causes:\n      worn_bearing: {value: 0.7",
        )
    )
    model = bayesnet.load_model(str(path))
    numbers_ = model.compiled.uncertainty.numbers
    assert ("findings", "hum", "background_by", "hours", "over_1000") in numbers_
    check_slopes(model, range(len(model.compiled.uncertainty.owners) // 4))


def test_slopes_of_numbers_below_their_background(tmp_path: Path) -> None:
    """One cause that lowers, and two that share a node for it, each beside one that raises."""
    hum = "worn_bearing: {value: 0.7, interval: [0.5, 0.9]"
    heat = "{values: {none: 0.2, warm: 0.3, hot: 0.5}, sample_size: 20, source: [fig-1]}"
    assert (MODEL.count(hum), MODEL.count(heat)) == (1, 1)
    one = MODEL.replace(hum, "worn_bearing: {value: 0.07, lowers: true, interval: [0.05, 0.09]")
    lowering = heat.replace("sample_size", "lowers: true, sample_size")
    rows = (
        lowering.replace("none: 0.2, warm: 0.3, hot: 0.5", "none: 0.85, warm: 0.12, hot: 0.03"),
        "      vibration: "
        + lowering.replace("0.2, warm: 0.3, hot: 0.5", "0.8, warm: 0.15, hot: 0.05"),
        "      cracked_gear: " + heat,
    )
    path = tmp_path / "lowered.yaml"
    path.write_text(one.replace(heat, "\n".join(rows)))
    model = bayesnet.load_model(str(path))
    assert [name for name in model.network.names if "__" in name] == ["heat__background"]
    check_slopes(model, range(len(model.compiled.uncertainty.owners) // 4))


def test_slopes_of_every_kind_of_number() -> None:
    owners = np.frombuffer(gearbox().compiled.uncertainty.owners, "<i4")
    paths = [gearbox().compiled.uncertainty.numbers[owner] for owner in owners]
    above = [at for at, path in enumerate(paths) if path[0] in ("causes", "risk_factors")]
    below = [at for at, path in enumerate(paths) if path[0] in ("findings", "shared")]
    chosen = np.random.default_rng(1)
    check_slopes(
        gearbox(),
        [
            *chosen.choice(above, 12, replace=False).tolist(),
            *chosen.choice(below, 6, replace=False).tolist(),
        ],
    )


def test_every_uncertain_number_is_counted() -> None:
    """All numbers with a width, and no other, move the network."""
    counted = set(gearbox().compiled.uncertainty.numbers)
    for path, number, states in frequencies(gearbox().description):
        wide = bool(np.any(frequency_deviations(number, distribution(states, number))))
        assert (path in counted) == wide, path
    for name, cause in gearbox().description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            assert (("causes", name, "risk_factors", at) in counted) == (
                log_risk_deviation(row) > 0
            )


def influences_of(model, observed):
    """Of all events, from derivatives by way of lanes through the tape."""
    events = list(events_of(model.network, list(model.description.causes)).values())
    return influences(model.doubt, log_odds_of(model.engine, observed, events))


@pytest.mark.parametrize("case", CASES)
def test_influences_against_posteriors_of_moved_models(case: Mapping[str, object]) -> None:
    model = gearbox()
    from bayesnet.diagnosis.answers.intake import take_in

    evidence = take_in(model.known, case).evidence
    found = influences_of(model, encode_case(model.network, evidence))
    chosen = np.argsort(-np.abs(found.by_way).max(axis=0))[:: max(1, found.by_way.shape[1] // 12)]
    for way in chosen[:8]:
        path = model.compiled.uncertainty.numbers[found.owners[way]]
        place = int(way) - int(np.flatnonzero(found.owners == found.owners[way])[0])
        ends = [solve(moved(model.description, path, place, s)) for s in (SMALL, -SMALL)]
        if any(problems for _, problems in ends):
            # A number that equals its background can only move one way.
            continue
        logits = []
        for nodes, _ in ends:
            marginals = build_network(nodes).compile().marginals(evidence, model.description.causes)
            p = np.array([marginals[name][1] for name in model.description.causes])
            logits.append(np.log(p) - np.log1p(-p))
        slope = (logits[0] - logits[1]) / (2 * SMALL)
        assert found.by_way[:-1, way] == pytest.approx(slope, abs=2e-6), path


def test_without_evidence_only_its_own_prevalence_moves_a_cause() -> None:
    model = gearbox()
    found = influences_of(model, encode_case(model.network, {}))
    for row, name in enumerate(model.description.causes):
        moving = {
            model.compiled.uncertainty.numbers[found.owners[way]]
            for way in np.flatnonzero(np.abs(found.by_way[row]) > 1e-9)
        }
        assert moving == {("causes", name, "prevalence")}


def test_the_interval_without_evidence_is_that_of_the_prevalence() -> None:
    for cause in gearbox().diagnose({}).causes:
        low, high = gearbox().description.causes[cause.id].prevalence.interval or (0.0, 0.0)
        assert cause.interval is not None
        wide = np.log(high / (1 - high)) - np.log(low / (1 - low))
        found = [np.log(end / (1 - end)) for end in cause.interval]
        assert found[1] - found[0] == pytest.approx(wide, rel=1e-9)
        assert cause.interval[0] < cause.probability < cause.interval[1]


def test_more_doubt_in_a_number_widens_the_interval(small: DiagnosticModel, tmp_path: Path) -> None:
    text = MODEL.replace("interval: [0.6, 0.9]", "interval: [0.3, 0.97]")
    assert text != MODEL
    path = tmp_path / "doubtful.yaml"
    path.write_text(text)
    seen = {"heat": "hot"}
    narrow, wide = small.diagnose(seen), bayesnet.load_model(str(path)).diagnose(seen)
    for before, after in zip(narrow.causes, wide.causes, strict=True):
        assert before.id == after.id
        assert before.interval is not None
        assert after.interval is not None
        assert after.interval[0] <= before.interval[0] + 1e-12
        assert after.interval[1] >= before.interval[1] - 1e-12


def test_spread_of_numbers() -> None:
    number = Frequency(value=0.2, interval=(0.1, 0.4), source=("x 2000",))
    deviation = (np.log(0.4 / 0.6) - np.log(0.1 / 0.9)) / 2 / Z_95
    assert log_odds_deviation(0.2, (0.1, 0.4)) == pytest.approx(deviation)
    assert frequency_deviations(number, np.array([0.8, 0.2]))[0] == pytest.approx(
        [-0.16 * deviation, 0.16 * deviation]
    )
    chances = np.array([0.5, 0.3, 0.2])
    worth = Frequency(values={"a": 0.5, "b": 0.3, "c": 0.2}, sample_size=24, source=("x 2000",))
    ways = frequency_deviations(worth, chances)
    covariance = (np.diag(chances) - np.outer(chances, chances)) / 25
    assert ways.T @ ways == pytest.approx(covariance)
    beta = Frequency(value=0.2, sample_size=24, source=("x 2000",))
    assert frequency_deviations(beta, np.array([0.8, 0.2]))[0, 1] ** 2 == pytest.approx(0.16 / 25)
    assert log_odds_deviation(0.0, (0.0, 0.1)) == 0.0
    assert log_odds_deviation(0.1, (0.0, 0.2)) == pytest.approx(
        (np.log(0.2 / 0.8) - np.log(0.1 / 0.9)) / Z_95
    )


def test_interval_of_what_is_certain() -> None:
    assert interval(0.0, 3.0) == (0.0, 0.0)
    assert interval(1.0, 3.0) == (1.0, 1.0)
    low, high = interval(0.5, 1.0)
    assert (low, high) == pytest.approx((1 / (1 + np.exp(Z_95)), 1 / (1 + np.exp(-Z_95))))


@pytest.mark.filterwarnings("error")
def test_an_event_that_cannot_be_is_certain_and_nothing_is_said_on_the_way(tmp_path: Path) -> None:
    """Nobody without a cause hums: with a hum, that there is none has probability 0."""
    path = tmp_path / "m.yaml"
    hum = "background: {value: 0.1, interval: [0.05, 0.2], source: [fig-1]}"
    sure = "background: {value: 0, interval: [0, 0], source: [fig-1]}"
    at = MODEL.index("Does it hum?")
    path.write_text(
        MODEL[:at] + MODEL[at:].replace(hum, sure, 1).replace("vibration: {", "cracked_gear: {", 1)
    )
    model = bayesnet.load_model(str(path))
    report = model.diagnose({"hum": True})
    none = report.no_identified_cause
    assert (none.probability, none.interval) == (0.0, (0.0, 0.0))
    assert all(0 < low < high < 1 for low, high in (each.interval for each in report.causes))
    assert all(
        type(x) is float for each in report.causes for x in (*each.interval, each.probability)
    )
    assert sum(n.share for n in model.sensitivity({"hum": True}, "worn_bearing").numbers) > 0.9


@pytest.mark.filterwarnings("error")
def test_an_interval_as_wide_as_can_be() -> None:
    low, high = interval(0.5, 1e6)
    assert 0.0 <= low < 1e-300
    assert high == 1.0
