"""Solve a finding's leak and links from numbers about people with one cause and no other, exactly.

Whatever stands between a cause and a finding (patterns that several findings measure, and risk
factors that raise the background among some) is taken out of the typed numbers first. All is done
with P(at most each state), in which a noisy-MAX is a product. A cause or pattern that lowers the
finding stands in the background's place; of several the lowest counts, by a noisy-MIN, so that what
others bring about still shows (Díez and Druzdzel 2006, Canonical probabilistic models for knowledge
engineering).

Arrays have a leading axis of settings (see `tables`); distributions run along the last axis, over
the states, lowest first.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from bayesnet.model.solving.drafts import Draft, sure_of_each
from bayesnet.model.solving.noisy_links import TOLERANCE, cap_of, link_of, steps
from bayesnet.model.solving.people import NONE
from bayesnet.model.solving.tables import Settings, largest

ITERATIONS = 200
"""Bound on the iterations for several raised backgrounds, or several patterns, of one finding."""
ENOUGH = 1e-14
"""Largest change in the last iteration."""


@dataclass(frozen=True, eq=False)
class FindingNumbers:
    """The numbers of a finding or pattern, each a distribution, shape (settings, states).

    background: among people with none of the causes. alone: {cause or pattern: with it and nothing
    else}. lowers: which of them are said to lower it. raised: {risk factor: {index of its state:
    among people with none of the causes, in that state}}.
    """

    background: Settings
    alone: Mapping[str, Settings]
    lowers: Set[str]
    raised: Mapping[str, Mapping[int, Settings]]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What stands between the causes and a finding; each cause by its id, and nobody by NONE.

    people: {only cause: joint distribution of the risk factors that raise the background, shape
    (settings, states of each)}. patterns: {only cause: {pattern: P(present), shape (settings, 1)}}.
    """

    people: Mapping[str, Settings]
    patterns: Mapping[str, Mapping[str, Settings]]


@dataclass(frozen=True, eq=False)
class FindingSolution:
    """A finding's parameters, all distributions.

    usual: where nothing acts, shape (settings, states). raised: {risk factor: links of its states,
    shape (settings, its states, states)}. links: {cause or pattern that raises: its link, shape
    (settings, states)}. caps: {one that lowers: (what shows in the background's place, the most
    that it allows)}.
    """

    usual: Settings
    raised: Mapping[str, Settings]
    links: Mapping[str, Settings]
    caps: Mapping[str, tuple[Settings, Settings]]


def solve_finding(numbers: FindingNumbers, around: Surroundings) -> FindingSolution:
    """Solve for the parameters of a finding in each setting.

    Where there are none, some entry of them is below 0 by more than rounding.

    A finding that 20 % have without a cause and 60 % with one: of those who would not have it, the
    cause brings it about in half, since 1 - 0.6 = (1 - 0.2) x (1 - 0.5).

    >>> numbers = FindingNumbers(
    ...     np.array([[0.8, 0.2]]), {"cause": np.array([[0.4, 0.6]])}, frozenset(), {}
    ... )
    >>> everybody = {NONE: np.ones(1), "cause": np.ones(1)}
    >>> found = solve_finding(numbers, Surroundings(everybody, {NONE: {}, "cause": {}}))
    >>> found.links["cause"].round(6).tolist()
    [[0.5, 0.5]]
    """
    background = np.cumsum(numbers.background, axis=-1)
    alone = {each: np.cumsum(number, axis=-1) for each, number in numbers.alone.items()}
    raised = _raised(numbers, background, around.people[NONE])
    held = {only: _mean(people, raised) for only, people in around.people.items()}
    nobody = held[NONE]
    patterns = {each: _over(alone[each], nobody) for each in around.patterns[NONE]}
    usual = _usual(_over(background, nobody), patterns, around.patterns[NONE], numbers.lowers)
    links, caps = {}, {}
    kept: dict[str, Settings] = {}
    for each, number in patterns.items():
        if each in numbers.lowers:
            kept[each] = _over(1.0 - number, 1.0 - usual)
            caps[each] = (steps(number), cap_of(steps(usual), steps(number)))
        else:
            kept[each] = _over(number, usual)
            links[each] = link_of(steps(usual), steps(number))
    for each in alone.keys() - patterns.keys():
        lowered = 1.0 - usual
        let = held[each]
        for pattern, chance in around.patterns[each].items():
            part = 1.0 - chance + chance * kept[pattern]
            if pattern in numbers.lowers:
                lowered = lowered * part
            else:
                let = let * part
        before, number = steps(1.0 - lowered), steps(_over(alone[each], let))
        if each in numbers.lowers and not _raises(before, number):
            caps[each] = (number, cap_of(before, number))
        else:
            links[each] = link_of(before, number)
    in_order = {each: links[each] for each in numbers.alone if each in links}
    return FindingSolution(
        steps(usual),
        {factor: steps(each) for factor, each in raised.items()},
        in_order,
        {each: caps[each] for each in numbers.alone if each in caps},
    )


def finding_drafts(name: str, states: tuple[str, ...], found: FindingSolution) -> list[Draft]:
    """Draft the node of a finding or pattern, after a hidden one where several lower it.

    The leak of a noisy-MAX cannot depend on a parent. So where something lowers the finding the
    leak goes to the lowest state, where it does nothing, and a parent carries the background: what
    lowers it itself, which shows the background when absent and its own number when present; or, of
    several, a hidden node.
    """
    sure = sure_of_each(len(states))
    nothing = sure[None, 0]
    links = [*found.raised.values(), *(_when_present(nothing, x) for x in found.links.values())]
    raising = (*found.raised, *found.links)
    if not found.caps:
        return [Draft(name, states, raising, [found.usual, *links])]
    if len(found.caps) == 1:
        [(carrier, (in_place, _))] = found.caps.items()
        return [
            Draft(
                name,
                states,
                (carrier, *raising),
                [nothing, _when_present(found.usual, in_place), *links],
            )
        ]
    hidden = hidden_background(name)
    caps = [_when_present(sure[None, -1], cap) for _, cap in found.caps.values()]
    return [
        Draft(hidden, states, tuple(found.caps), [found.usual, *caps], lowest=-1),
        Draft(name, states, (hidden, *raising), [nothing, sure[None], *links]),
    ]


def hidden_background(name: str) -> str:
    """Name the hidden node of a finding that several causes lower.

    Its states are the finding's, as they would show if no cause raised it: the lowest of the
    background and of what each lowering cause allows. The name cannot be an id of the model, for no
    id has two underscores in a row.

    >>> hidden_background("morning_stiffness")
    'morning_stiffness__background'
    """
    return f"{name}__background"


def _when_present(absent: Settings, present: Settings) -> Settings:
    """Return the link of a parent that is absent or present, shape (settings, 2, states)."""
    return np.stack(np.broadcast_arrays(absent, present), axis=1)


def _raised(numbers: FindingNumbers, background: Settings, nobody: Settings) -> dict[str, Settings]:
    """Solve for what each state of the risk factors lets through, (settings, its states, states).

    The mean of the product over people with none of the causes is to the product's mean in one
    state as the background is to the background there, whatever else acts.
    """
    ratios = {
        factor: {at: _over(np.cumsum(number, axis=-1), background) for at, number in rows.items()}
        for factor, rows in numbers.raised.items()
    }
    settings = max(
        [len(background), len(nobody)] + [len(x) for r in ratios.values() for x in r.values()]
    )
    kind = np.result_type(background, nobody, *(x for r in ratios.values() for x in r.values()))
    states = background.shape[-1]
    found: dict[str, Settings] = {
        factor: np.ones((settings, size, states), dtype=kind)
        for factor, size in zip(ratios, nobody.shape[1:], strict=True)
    }
    for _ in range(ITERATIONS):
        change = 0.0
        for axis, (factor, rows) in enumerate(ratios.items()):
            rest = _mean(nobody, {**found, factor: np.ones_like(found[factor])}, axis)
            share = nobody.sum(axis=tuple(a for a in range(1, nobody.ndim) if a != axis + 1))
            free = [at for at in range(share.shape[1]) if at not in rows]
            usual = (share[:, free, None] * rest[:, free]).sum(axis=1)
            mean = usual / (1.0 - sum(share[:, at, None] * ratio for at, ratio in rows.items()))
            fresh = np.ones_like(found[factor])
            for at, ratio in rows.items():
                fresh[:, at] = _over(ratio * mean, rest[:, at])
            change = max(change, largest(fresh - found[factor]))
            found[factor] = fresh
        if change < ENOUGH or len(found) == 1:
            break
    return found


def _mean(people: Settings, through: Mapping[str, Settings], axis: int | None = None) -> Settings:
    """Return the mean of the product over factors among people, shape (settings, states).

    axis: of a factor; then the mean in each of its states, shape (settings, its states, states).
    """
    factors = people.ndim - 1
    product: Settings = people[..., None]
    for at, each in enumerate(through.values()):
        along = [1] * factors
        along[at] = each.shape[1]
        product = product * each.reshape(len(each), *along, each.shape[-1])
    others = tuple(a for a in range(1, factors + 1) if a - 1 != axis)
    total = product.sum(axis=others)
    if axis is None:
        return np.asarray(total)
    share = people.sum(axis=tuple(a for a in others))
    return _over(total, share[..., None])


def _usual(
    wanted: Settings,
    patterns: Mapping[str, Settings],
    chances: Mapping[str, Settings],
    lowers: Set[str],
) -> Settings:
    """Solve for P(at most each state) where nothing acts, by Newton's method.

    wanted: the same among people in whom the patterns act as often as they do without a cause;
    patterns: the same where one pattern acts; chances: how often it is present without a cause.
    For one pattern the first step is the solution.
    """
    usual = wanted
    for _ in range(ITERATIONS):
        through, slope = np.ones_like(usual), np.zeros_like(usual)
        over = 1.0 - usual
        lowered, fall = over, np.ones_like(usual)
        for each, number in patterns.items():
            chance = chances[each]
            if each in lowers:
                part = chance * _over(1.0 - number, over)
                fall = fall - part / (1.0 - chance + part)
                lowered = lowered * (1.0 - chance + part)
            else:
                part = chance * _over(number, usual)
                slope = slope - _over(part, usual) / (1.0 - chance + part)
                through = through * (1.0 - chance + part)
        value = through * (1.0 - lowered)
        gradient = slope * value + through * _over(lowered, over) * fall
        step = np.divide(
            value - wanted, gradient, out=np.zeros_like(value), where=gradient.real != 0
        )
        usual = usual - step
        if largest(step) < ENOUGH:
            break
    return usual


def _over(part: Settings, whole: Settings) -> Settings:
    """Divide probabilities; where the whole is 0 the ratio does not matter, and is 1."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    out = np.ones(shape, dtype=np.result_type(part, whole))
    return np.divide(part, whole, out=out, where=whole.real != 0)


def _raises(before: Settings, number: Settings) -> bool:
    """Tell whether a number is as a noisy-MAX over what is there before can make it."""
    return bool(link_of(before, number).real.min() >= -TOLERANCE)
