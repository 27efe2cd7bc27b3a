"""Triage of a table of people: the highest level of absolute rules and of probable causes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.columns import EMPTY
from bayesnet.diagnosis.decisions.ask_first import CLOSED, DECIDES, most_telling, together
from bayesnet.diagnosis.decisions.conditions import People, Truth, demands, holds
from bayesnet.diagnosis.decisions.policy import Policy, rank
from bayesnet.diagnosis.decisions.screens import lowest
from bayesnet.diagnosis.decisions.thresholds import Ranks
from bayesnet.diagnosis.decisions.unjudged import LEVEL, judges_urgency
from bayesnet.model.format.triage_rules import TriageRule
from bayesnet.network import Array
from bayesnet.network.evidence import Observed

HELD_AT = "soon"
"""What a probable cause gives at most while answers to its screen could still clear it."""


@dataclass(frozen=True, eq=False)
class RuleLevels:
    """What the absolute rules give; each of shape (cases,).

    levels: the highest level, open confirming questions counting as yes; confirmed: the same as if
    they were denied; waiting: each confirming question, with the level of the rule that waits for
    it, EMPTY for whom none does. One that was answered softly, no more likely yes than not, is
    waited for too.
    """

    levels: Ranks
    confirmed: Ranks
    waiting: tuple[tuple[str, Ranks], ...]


@dataclass(frozen=True, eq=False)
class CauseLevels:
    """What the probabilities give; each of shape (cases,) but `shares`.

    levels: told; likely: reached by the probabilities as they are; shares: see `Scale.shares`;
    behind: which causes make them reach it, shape (causes, cases); open: {question of a screen that
    could still clear a cause: how telling it is, CLOSED for whom it could not}, which is how much
    of what makes the level it could take away by itself, before any evidence.
    """

    levels: Ranks
    likely: Ranks
    shares: Array
    behind: Truth
    open: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Urgency:
    """How urgent it is for each person of a table; each of shape (cases,).

    provisional: an answer could lower the level, or nothing is known; ask_first: {question: its
    place from 0 among the few that come before all others, EMPTY for whom it is none}.
    """

    levels: Ranks
    provisional: Truth
    ask_first: Mapping[str, Ranks]
    by_rules: RuleLevels
    by_causes: CauseLevels

    def first_of(self, case: int) -> tuple[str, ...]:
        """List what comes before all other questions for one person, the most telling first."""
        places = {name: int(each[case]) for name, each in self.ask_first.items()}
        return tuple(sorted((n for n, at in places.items() if at != EMPTY), key=places.__getitem__))


def triage(policy: Policy, people: People, inference: Inference, observed: Observed) -> Urgency:
    """Decide how urgent it is for each person; observed: their evidence, in the same order."""
    rules = rule_levels(policy, people)
    causes = _cause_levels(policy, people, rules, inference, observed)
    levels = np.maximum(rules.levels, causes.levels)
    unsure = np.maximum(rules.confirmed, causes.levels) < levels
    telling: dict[str, Array] = {}
    for name, at in rules.waiting:
        decides = np.where(unsure & (at == levels), DECIDES, CLOSED)
        telling = together(telling, {name: decides})
    ask_first = most_telling(together(telling, causes.open))
    provisional = _nothing_known(people) | (not judges_urgency(policy))
    for place in ask_first.values():
        provisional = provisional | (place != EMPTY)
    return Urgency(levels, provisional, ask_first, rules, causes)


def level_range(policy: Policy, people: People) -> tuple[Ranks, Ranks]:
    """Return the lowest and the highest level that `triage` may give each person, (cases,) each.

    They are the same, and the level, for whom no screen and no confirming question is open that it
    may hang on.
    """
    scale, rules = policy.scale, rule_levels(policy, people)
    shares = scale.shares(people.probabilities)
    likely = scale.reached(shares)
    adding = _adding(shares, likely)
    open_to = people.nobody
    for at, cause in enumerate(scale.causes):
        for name in scale.screens.get(cause, ()):
            open_to = open_to | (adding[at] & ~people.settled(name))
    for name, level in rules.waiting:
        open_to = open_to | ((level != EMPTY) & ~people.settled(name))
    raising = open_to & (likely > rules.confirmed)
    held = np.where(raising, np.minimum(likely, rank(HELD_AT)), likely)
    return np.maximum(rules.levels, held), np.maximum(rules.levels, likely)


def rule_levels(policy: Policy, people: People) -> RuleLevels:
    """Find the level that the absolute rules and the words on scope give each person."""
    levels = np.zeros(len(people.conflicts), dtype=np.intp)
    if policy.description.triage is None:
        levels = levels + (0 if judges_urgency(policy) else rank(LEVEL))
        return RuleLevels(levels, levels, ())
    levels = levels + rank(policy.description.triage.default)
    for scope in policy.description.triage.scope.values():
        held = holds(scope.when, people)
        levels = np.maximum(levels, np.where(held, rank(scope.level), 0))
    confirmed, waiting = levels, []
    for rule, held in held_rules(policy, people):
        at = np.where(held, told_level(rule, people), 0)
        levels = np.maximum(levels, at)
        if rule.confirm is not None and rule.denied is not None:
            # Who doubts an answer could still give it for certain.
            unsure = ~people.settled(rule.confirm) | people.doubted(rule.confirm)
            open_to = held & unsure
            waiting.append((rule.confirm, np.where(open_to, at, EMPTY)))
            at = np.where(open_to, rank(rule.denied), at)
        confirmed = np.maximum(confirmed, at)
    return RuleLevels(levels, confirmed, tuple(waiting))


def held_rules(policy: Policy, people: People) -> Iterator[tuple[TriageRule, Truth]]:
    """Yield each rule that holds for someone, and for whom."""
    assert policy.description.triage is not None
    for rule in policy.description.triage.rules.values():
        held = demands(rule, people)
        if held.any():
            yield rule, held


def told_level(rule: TriageRule, people: People) -> Ranks:
    """Return the level of a rule that holds, which a no to its confirming question lowers."""
    level = np.full(len(people.conflicts), rank(rule.level))
    if rule.confirm is None or rule.denied is None:
        return level
    return np.where(people.denied(rule.confirm), rank(rule.denied), level)


def _cause_levels(
    policy: Policy, people: People, rules: RuleLevels, inference: Inference, observed: Observed
) -> CauseLevels:
    """Find the level that the probabilities give, held back while their screens are open.

    Only what would raise the level of the confirmed rules is looked into. A confirming question
    that a rule waits for belongs to every screen: the answer that denies the rule also speaks
    against the cause.
    """
    scale = policy.scale
    shares = scale.shares(people.probabilities)
    likely = scale.reached(shares)
    behind = _behind(shares, likely)
    raising = (likely > rules.confirmed) & (likely >= rank(HELD_AT))
    standing = (raising & behind, raising & _adding(shares, likely) & ~behind)
    screens, firm = _screened(policy, people, rules, standing, inference, observed)
    hanging = (firm < likely) & (likely > rules.levels)
    own = np.take_along_axis(shares, likely[None, None], axis=0)[0]
    open_first: dict[str, Array] = {}
    for cause, each in screens.items():
        parts = own[scale.causes.index(cause)]
        open_first = together(open_first, _telling(inference, cause, each, parts, hanging))
    held = np.minimum(likely, rank(HELD_AT))
    levels = np.where(raising, np.maximum(firm, held), likely)
    return CauseLevels(levels, likely, shares, behind, open_first)


def _screened(
    policy: Policy,
    people: People,
    rules: RuleLevels,
    groups: tuple[Truth, Truth],
    inference: Inference,
    observed: Observed,
) -> tuple[dict[str, dict[str, Truth]], Ranks]:
    """Find the open screens of causes, and the level that stands whatever the answers to them.

    groups: the causes that make the level, and, looked into where it stands without these, those
    that add to it; shape (causes, cases). Returns {cause: {question: for whom it is open}}, and
    levels of shape (cases,).
    """
    scale = policy.scale
    waiting: dict[str, Truth] = {}
    for name, level in rules.waiting:
        open_to = (level != EMPTY) & ~people.settled(name)
        waiting[name] = waiting.get(name, people.nobody) | open_to
    cleared = dict(people.probabilities)
    likely = firm = scale.reached(scale.shares(cleared))
    screens: dict[str, dict[str, Truth]] = {}
    for group in groups:
        standing = group & (firm == likely)
        for at, cause in enumerate(scale.causes):
            open_to = _open_screen(people, scale.screens.get(cause, ()), standing[at])
            for name, who in waiting.items():
                if (confirming := who & standing[at]).any():
                    open_to[name] = confirming
            if open_to:
                screens[cause] = open_to
                cleared[cause] = _cleared(inference, observed, cause, open_to, cleared[cause])
        firm = scale.reached(scale.shares(cleared)) if screens else likely
    return screens, firm


def _adding(shares: Array, likely: Ranks) -> Truth:
    """Tell which causes add anything to the level that the probabilities reach."""
    own = np.take_along_axis(shares, likely[None, None], axis=0)[0]
    return np.asarray((own > 0) & (likely > 0))


def _behind(shares: Array, likely: Ranks) -> Truth:
    """Tell which causes make a level: the largest shares, until they add up to 1."""
    own = np.take_along_axis(shares, likely[None, None], axis=0)[0]
    order = np.argsort(-own, axis=0, kind="stable")
    ranked = np.take_along_axis(own, order, axis=0)
    before = np.cumsum(ranked, axis=0) - ranked
    found = np.zeros(own.shape, dtype=np.bool_)
    np.put_along_axis(found, order, (before < 1.0) & (ranked > 0), axis=0)
    return np.asarray((found | (own >= 1.0)) & (likely > 0))


def _open_screen(people: People, screen: tuple[str, ...], who: Truth) -> dict[str, Truth]:
    """Return {question of a screen: who of these has not settled it}, if it is anybody."""
    if not who.any():
        return {}
    found = {name: who & ~people.settled(name) for name in screen}
    return {name: open_to for name, open_to in found.items() if open_to.any()}


def _telling(
    inference: Inference, cause: str, screen: Mapping[str, Truth], parts: Array, hanging: Truth
) -> dict[str, Array]:
    """Return how telling each question of a cause's open screen is; see `CauseLevels.open`.

    parts: what the cause adds to the level; hanging: whose level hangs on screens; (cases,).
    """
    places = {name: inference.network.position(name) for name in screen}
    against = inference.answers_against(inference.network.position(cause), sorted(places.values()))
    return {
        name: np.where(screen[name] & hanging, parts * against[place].takes, CLOSED)
        for name, place in places.items()
    }


def _cleared(
    inference: Inference,
    observed: Observed,
    cause: str,
    screen: Mapping[str, Truth],
    probability: Array,
) -> Array:
    """Return the least probability of a cause that answers to its open screen could leave."""
    position = inference.network.position
    rows = np.flatnonzero(np.logical_or.reduce(list(screen.values())))
    own = {position(name): who[rows] for name, who in screen.items()}
    low = lowest(inference, observed.take(rows), position(cause), own)
    found = probability.copy()
    found[rows] = np.where(np.isnan(low), probability[rows], np.minimum(low, probability[rows]))
    return found


def _nothing_known(people: People) -> Truth:
    found = ~people.nobody
    for column in people.answers.values():
        found = found & (column.codes == EMPTY)
    for unknown in people.unknown.values():
        found = found & ~unknown
    return found
