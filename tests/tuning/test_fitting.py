"""A model fitted to cases: against counting, against small steps, and against the truth."""

import math
from collections.abc import Callable, Collection
from functools import cache

import numpy as np
import pytest
from lbp_validation.simulation.sampled_models import sampled_description
from lbp_validation.simulation.simulation import solved_model
from msgspec import structs
from support.models import gearbox
from support.paths import ROOT

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.lookup.scope import frequencies
from bayesnet.model.solving.number_change import number_at, with_number
from bayesnet.model.solving.parameters import solvable, solve
from bayesnet.network.evidence import MISSING, Observed
from bayesnet.tuning.drawing import draw_many
from bayesnet.tuning.fitting.chosen import chosen, seen
from bayesnet.tuning.fitting.climbing import climb
from bayesnet.tuning.fitting.fit import Fitted, Options, fit
from bayesnet.tuning.fitting.likelihood import Cases, Likelihood, likelihood
from bayesnet.tuning.fitting.places import Places
from bayesnet.tuning.fitting.room import within
from bayesnet.tuning.fitting.scales import scales

PREVALENCE = ("causes", "bulb", "prevalence")


@cache
def lamp() -> DiagnosticModel:
    """The model to start from: three causes, of which one has a risk factor, and four findings."""
    return bayesnet.load_model(str(ROOT / "bayesnet" / "model" / "starting" / "model.yaml"))


DESCRIPTION = lamp().description


def quiet(of: str, number: int) -> Callable[[int], None]:
    return lambda rows: None


def drawn(
    truth: DiagnosticModel,
    count: int,
    seed: int,
    missing: float = 0.3,
    unasked: Collection[str] = (),
) -> tuple[Cases, np.ndarray]:
    """Cases of a model of which answers and causes are missing, and what is known of causes."""
    network, causes = truth.network, list(truth.description.causes)
    rng = np.random.default_rng(seed)
    states = draw_many(network, rng, count)
    codes = np.full((len(network.names), count), MISSING, dtype=np.intp)
    known = [n for n, each in truth.known.items() if not each.derived_from and n not in unasked]
    for name in (*known, *causes):
        codes[network.position(name)] = np.where(rng.random(count) < missing, MISSING, states[name])
    told = codes[[network.position(cause) for cause in causes]].T.astype(np.int8)
    return Cases(network.names, Observed(codes, {})), told


@cache
def fitted_to_another(seed: int = 3, count: int = 200) -> Fitted:
    """The gearbox fitted to cases of a gearbox whose numbers are drawn from their uncertainty."""
    truth = solved_model(sampled_description(DESCRIPTION, np.random.default_rng(seed)))
    cases, told = drawn(truth, count, 1000 + seed)
    return fit(DESCRIPTION, cases, told, Options(share=0.0), quiet)


@pytest.mark.parametrize(("model", "tried"), [(lamp, 20), (gearbox, 4)])
def test_each_place_moves_the_likelihood_as_its_gradient_says(
    model: Callable[[], DiagnosticModel], tried: int
) -> None:
    cases, _ = drawn(model(), 3, 5)
    places = Places(model().description, scales(model().description), 1.0)
    rng = np.random.default_rng(1)
    end = places.start + rng.normal(0.0, 0.05, len(places.start))
    at = within(places, places.start, end, places.description).at

    def found(where: np.ndarray) -> Likelihood:
        nodes = solve(places.description(where))[0]
        return likelihood(places, where, nodes, cases, lambda rows: None)

    gradient, step = found(at).gradient, 1e-5
    for place in rng.choice(len(at), min(tried, len(at)), replace=False).tolist():
        moved = step * np.eye(len(at))[place]
        slope = (found(at + moved).value - found(at - moved).value) / (2 * step)
        assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-5)


def test_the_prior_has_its_mode_where_the_model_is_and_the_slope_that_its_density_has() -> None:
    places = Places(DESCRIPTION, scales(DESCRIPTION), 0.7)
    assert np.abs(places.prior(places.start).gradient).max() < 1e-12
    rng = np.random.default_rng(2)
    at = places.start + rng.normal(0.0, 0.3, len(places.start))
    for place in range(len(at)):
        step = 1e-6 * np.eye(len(at))[place]
        ends = [places.prior(at + each).log_density for each in (step, -step)]
        slope = (ends[0] - ends[1]) / 2e-6
        assert places.prior(at).gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_without_cases_the_model_stays_as_it_is() -> None:
    cases, told = drawn(lamp(), 3, 1)
    none = fit(DESCRIPTION, cases.take(np.zeros(0, np.intp)), told[:0], Options(), quiet)

    assert none.description == DESCRIPTION
    assert none.numbers == ()
    assert none.held_out is None


def test_it_never_becomes_less_probable_on_the_way_and_what_comes_out_can_be_had() -> None:
    found = fitted_to_another()

    assert len(found.climbed) > 2
    assert all(b >= a - 1e-9 for a, b in zip(found.climbed, found.climbed[1:], strict=False))
    assert found.climbed[-1] > found.climbed[0]
    assert solvable(found.description)
    for each in found.numbers:
        assert number_at(found.description, each.path) == each.after
        assert number_at(DESCRIPTION, each.path) == each.before


def test_a_second_fit_of_the_same_is_the_same() -> None:
    assert fitted_to_another.__wrapped__(3, 50) == fitted_to_another(3, 50)


def counted_model(sample_size: float) -> tuple[ModelDescription, str]:
    """The gearbox with a cause that nothing raises, as sure as some counted cases."""
    name = "no_power"
    path = ("causes", name, "prevalence")
    number = number_at(DESCRIPTION, path)
    changed = structs.replace(number, interval=None, sample_size=sample_size)
    return with_number(DESCRIPTION, path, changed), name


@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_a_prevalence_that_was_counted_is_counted_on(weight: float) -> None:
    description, name = counted_model(80.0)
    before = description.causes[name].prevalence.value
    cases, told = drawn(solved_model(description), 100, 5, missing=0.0)
    at = list(description.causes).index(name)
    had = int((told[:, at] == 1).sum())

    found = fit(description, cases, told, Options(weight, True, 0.0), quiet)

    expected = (80.0 * weight * before + had) / (80.0 * weight + len(told))
    assert found.description.causes[name].prevalence.value == pytest.approx(expected, abs=2e-3)
    low, high = found.description.causes[name].prevalence.interval
    spread = 1.96 / math.sqrt((80.0 * weight + len(told)) * expected * (1.0 - expected))
    assert math.log(high / (1 - high)) - math.log(low / (1 - low)) == pytest.approx(
        2 * spread, rel=0.02
    )


def test_a_weightier_prior_moves_less() -> None:
    cases, told = drawn(lamp(), 150, 9)
    light, heavy = (
        fit(DESCRIPTION, cases, told, Options(weight, True, 0.0), quiet) for weight in (0.3, 30.0)
    )
    moved = [max(each.shift for each in found.numbers) for found in (light, heavy)]
    assert moved[1] < moved[0] / 3


def test_numbers_that_the_cases_say_nothing_of_stay() -> None:
    unasked = next(iter(DESCRIPTION.findings))
    cases, told = drawn(lamp(), 120, 6, unasked=(unasked,))

    found = fit(DESCRIPTION, cases, told, Options(share=0.0), quiet)

    assert found.numbers
    assert found.description.findings[unasked] == DESCRIPTION.findings[unasked]


def test_a_cause_that_nobody_was_seen_with_stays_and_is_told() -> None:
    cases, told = drawn(lamp(), 120, 6)
    rare = list(DESCRIPTION.causes).index("bad_lead")
    rows = np.flatnonzero(told[:, rare] != 1)

    found = fit(DESCRIPTION, cases.take(rows), told[rows], Options(share=0.0), quiet)

    assert "bad_lead" in found.seen.never
    assert found.description.causes["bad_lead"] == DESCRIPTION.causes["bad_lead"]
    about = [e for e in found.numbers if "causes" in e.path[1:] and e.path[-1] == "bad_lead"]
    assert not about
    brought = [e for e in found.numbers if getattr(e.before, "factor", "") == "bad_lead"]
    assert not brought


def test_who_was_seen_in_no_case_and_in_every_one_is_told() -> None:
    count = len(DESCRIPTION.causes)
    told = np.tile(np.array([1, 0, *[-1] * (count - 2)], dtype=np.int8), (5, 1))
    found = seen(DESCRIPTION, told)
    assert found.always == (next(iter(DESCRIPTION.causes)),)
    assert set(found.never) == set(list(DESCRIPTION.causes)[1:])


def test_prevalences_alone_move_nothing_else() -> None:
    cases, told = drawn(lamp(), 100, 8)
    found = fit(DESCRIPTION, cases, told, Options(prevalences_only=True, share=0.0), quiet)
    assert {each.path[-1] for each in found.numbers} == {"prevalence"}


def test_fifty_cases_of_the_model_itself_take_no_number_out_of_its_interval() -> None:
    cases, told = drawn(lamp(), 50, 12)
    found = fit(DESCRIPTION, cases, told, Options(share=0.0), quiet)
    assert found.numbers
    assert not [each for each in found.numbers if each.is_beyond]


def test_intervals_hold_the_numbers_that_the_cases_were_drawn_with() -> None:
    inside = []
    for seed in range(3, 6):
        truth = sampled_description(DESCRIPTION, np.random.default_rng(seed))
        for each in fitted_to_another(seed).numbers:
            now, true = each.after, number_at(truth, each.path)
            if now.interval is not None:
                value = true.relative_risk if isinstance(true, RiskRow) else true.value
                inside.append(now.interval[0] <= value <= now.interval[1])
    assert len(inside) > 30
    assert np.mean(inside) > 0.85


def test_intervals_become_narrower_with_more_cases() -> None:
    few, many = (fitted_to_another(3, count) for count in (50, 200))
    narrower = {each.path: each.after for each in few.numbers}[PREVALENCE].interval
    narrow = {each.path: each.after for each in many.numbers}[PREVALENCE].interval
    assert narrow[1] - narrow[0] < narrower[1] - narrower[0]


def test_a_number_stops_at_its_background_and_all_else_moves_on() -> None:
    places = Places(DESCRIPTION, chosen(DESCRIPTION, (), False), 1.0)
    finding, cause = "flickered", "bulb"
    paths = [scale.path for scale in places.scales]
    own = paths.index(("findings", finding, "causes", cause))
    end = places.start.copy()
    end[places.slices[own]] -= 8.0
    other = places.slices[paths.index(PREVALENCE)]
    end[other] += 0.1

    found = within(places, places.start, end, places.description)

    described = places.description(found.at)
    assert solvable(described)
    assert own in found.kept
    background = described.findings[finding].background.value
    assert described.findings[finding].causes[cause].value == pytest.approx(background, abs=1e-3)
    assert (found.at[other] == end[other]).all()


def test_held_out_cases_say_whether_it_became_better() -> None:
    path = ("causes", "no_power", "prevalence")
    far = structs.replace(number_at(DESCRIPTION, path), value=0.8)
    truth = solved_model(with_number(DESCRIPTION, path, far))
    cases, told = drawn(truth, 150, 2)

    found = fit(DESCRIPTION, cases, told, Options(prevalences_only=True, share=0.3), quiet)

    assert found.held_out is not None
    assert found.held_out.cases == 45
    assert found.held_out.after < found.held_out.before
    assert not found.held_out.is_worse


def test_what_is_told_of_may_end_the_fit() -> None:
    cases, told = drawn(lamp(), 10, 2)

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(DESCRIPTION, cases, told, Options(), lambda of, number: stop)


def test_every_number_in_doubt_has_its_scale_and_comes_back_from_it() -> None:
    found = scales(DESCRIPTION)
    paths = {scale.path for scale in found}
    for path, number, _ in frequencies(DESCRIPTION):
        doubtful = number.sample_size or (
            number.interval and number.interval[0] < number.interval[1]
        )
        assert (path in paths) == bool(doubtful and number.value not in (0.0, 1.0))
    for scale in found:
        again = scale.number(scale.start)
        if isinstance(again, Frequency) and again.values is not None:
            assert again.values == pytest.approx(scale.written.values)
        elif isinstance(again, Frequency):
            assert again.value == pytest.approx(scale.written.value)
        else:
            assert again.relative_risk == pytest.approx(scale.written.relative_risk)


def test_climbing_starts_where_it_is_told_to() -> None:
    cases, _ = drawn(lamp(), 60, 3)
    places = Places(DESCRIPTION, chosen(DESCRIPTION, (), True), 1.0)
    top = climb(places, places.start, cases, lambda number: lambda rows: None)
    again = climb(places, top.at, cases, lambda number: lambda rows: None)
    assert len(again.climbed) <= 2
    assert again.at == pytest.approx(top.at, abs=0.02)
