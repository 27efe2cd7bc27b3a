"""Fit a model to cases of a model drawn from its own uncertainty, and look for the truth."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.solving.number_change import Uncertain, number_at
from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed
from bayesnet.tuning.drawing import draw_many
from bayesnet.tuning.fitting.fit import Fitted, Options, fit
from bayesnet.tuning.fitting.likelihood import Cases
from bayesnet.tuning.fitting.scales import scales
from lbp_validation.simulation.sampled_models import sampled_description
from lbp_validation.simulation.simulation import solved_model


@dataclass(frozen=True)
class Drawn:
    """How cases are drawn: how many, which share of answers and causes is missing."""

    cases: int
    missing: float


@dataclass(frozen=True)
class Replicate:
    """One fit. inside: of each fitted number, of shares of each, whether its interval holds it.

    unmoved: the same of the numbers in doubt that stayed as they were. beyond: numbers that left
    the interval that they had. least: the smallest rise of a step. seconds: of processor time.
    """

    inside: tuple[bool, ...]
    unmoved: tuple[bool, ...]
    beyond: int
    never: int
    steps: int
    least: float
    seconds: float


def against_the_truth(
    model: DiagnosticModel, drawn: Drawn, options: Options, seed: tuple[int, int]
) -> Replicate:
    """Draw a true model and cases of it, and fit the model to them."""
    rng = np.random.default_rng(seed)
    truth = solved_model(sampled_description(model.description, rng))
    return _replicate(model, truth, drawn, options, rng)


def against_itself(
    model: DiagnosticModel, drawn: Drawn, options: Options, seed: tuple[int, int]
) -> Replicate:
    """Fit the model to cases of its own."""
    return _replicate(model, model, drawn, options, np.random.default_rng(seed))


def _replicate(
    model: DiagnosticModel,
    truth: DiagnosticModel,
    drawn: Drawn,
    options: Options,
    rng: np.random.Generator,
) -> Replicate:
    cases, told = _cases(truth, drawn, rng)
    start = time.process_time()
    found = fit(model.description, cases, told, options, lambda of, number: lambda rows: None)
    seconds = time.process_time() - start
    rises = np.diff(found.climbed)
    return Replicate(
        tuple(_inside(found, truth.description)),
        tuple(_unmoved(model.description, found, truth.description)),
        sum(each.is_beyond for each in found.numbers),
        len(found.seen.never),
        len(rises),
        float(rises.min()) if len(rises) else 0.0,
        seconds,
    )


def _cases(
    truth: DiagnosticModel, drawn: Drawn, rng: np.random.Generator
) -> tuple[Cases, np.ndarray]:
    """Draw cases, answers and causes missing at random, and what is known of the causes."""
    network, causes = truth.network, list(truth.description.causes)
    states = draw_many(network, rng, drawn.cases)
    codes = np.full((len(network.names), drawn.cases), MISSING, dtype=np.intp)
    asked = [name for name, each in truth.known.items() if not each.derived_from]
    for name in (*asked, *causes):
        gone = rng.random(drawn.cases) < drawn.missing
        codes[network.position(name)] = np.where(gone, MISSING, states[name])
    told = codes[[network.position(cause) for cause in causes]].T.astype(np.int8)
    return Cases(network.names, Observed(codes, {})), told


def _inside(found: Fitted, truth: ModelDescription) -> Iterator[bool]:
    for each in found.numbers:
        yield from _holds(each.after, number_at(truth, each.path))


def _unmoved(before: ModelDescription, found: Fitted, truth: ModelDescription) -> Iterator[bool]:
    moved = {each.path for each in found.numbers}
    for scale in scales(before):
        if scale.path not in moved:
            yield from _holds(scale.written, number_at(truth, scale.path))


def _holds(number: Uncertain, true: Uncertain) -> Iterator[bool]:
    """Tell whether a number's interval holds the true one; of shares each."""
    if number.interval is not None:
        low, high = number.interval
        yield low <= _value(true) <= high
        return
    assert isinstance(number, Frequency)
    assert isinstance(true, Frequency)
    for own, other in zip(_shares(number), _shares(true), strict=True):
        if 0.0 < own < 1.0 and number.sample_size is not None:
            reach = Z_95 / math.sqrt(own * (1.0 - own) * (number.sample_size + 1.0))
            apart = math.inf if other in (0.0, 1.0) else _log_odds(other) - _log_odds(own)
            yield abs(apart) <= reach


def _value(number: Uncertain) -> float:
    return number.relative_risk if isinstance(number, RiskRow) else number.value or 0.0


def _shares(number: Frequency) -> Array:
    return np.array(list(number.values.values()) if number.values else [number.value or 0.0])


def _log_odds(share: float) -> float:
    return math.log(share) - math.log1p(-share)
