"""Find the fewest answers, none of them given yet, that would change what is concluded.

Sets grow by one answer at a time. Every single answer is judged; of the larger sets those that hold
one of a few that come nearest to a change (a beam search). A set of which no part comes near is not
seen, which is why nothing is said of sets that were not tried. What is named was worked out with
these answers as `diagnose` works it out.

Beside all sets of one and two answers of 143 cars of the tests' gearbox, with up to 20 random
answers: no smaller set was missed, of 19 conclusions that take two answers neither; one of these
19 and 5 of the 402 single answers were not the most probable that would do.
"""

from collections.abc import Sequence
from typing import Any

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.intake import item_of
from bayesnet.diagnosis.decisions.contradictions import contradictions
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.found import find
from bayesnet.diagnosis.further_answers import (
    FIRST_CAUSE,
    URGENCY,
    Answers,
    AnswerSet,
    Concluded,
    Conclusions,
    conclusions,
    one_larger,
)
from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
from bayesnet.model.format.triage_rules import level_label

MOST = 3
"""Answers in a set at most: more at once are no forecast."""
WIDTH = 6
"""Sets of one size that are looked beyond."""
CHECKS = 8
"""Sets of one size that are worked out in full where their level hangs on open screens."""


def pivotal_answers(
    policy: Policy, inference: Inference, evidence: Answers, audience: str
) -> tuple[PivotalAnswers, ...]:
    """Find them for the first cause, the pathway and the urgency; none where nothing is open.

    Of the sets found, the smallest is named, of equal ones the most probable. Raises what
    `DiagnosticModel.diagnose` raises.
    """
    found = find(policy, inference, evidence, audience)
    if not found.study.questions:
        return ()
    already = len(contradictions(policy.description, found.people))
    now = conclusions(policy, found)
    case = Concluded(policy, inference, evidence, audience, found, now, already)
    named: dict[str, tuple[AnswerSet, Conclusions]] = {}
    tried = dict.fromkeys(now, 0)
    ruled_out: dict[str, bool] = {}
    sets: list[AnswerSet] = [AnswerSet({}, 1.0)]
    for size in range(1, MOST + 1):
        larger = list({one.key: one for each in sets for one in one_larger(case, each)}.values())
        for conclusion in (each for each in now if each not in named):
            first, unsettled = _first(case, conclusion, larger)
            tried[conclusion] += len(larger) - unsettled
            if size == 1:
                ruled_out[conclusion] = first is None and not unsettled
            if first is not None:
                named[conclusion] = first
        if len(named) == len(now) or not larger:
            break
        sets = _nearest(case, larger, [each for each in now if each not in named])
    return tuple(
        _record(policy, now, each, named.get(each), tried[each], ruled_out[each]) for each in now
    )


def _first(
    case: Concluded, conclusion: str, sets: Sequence[AnswerSet]
) -> tuple[tuple[AnswerSet, Conclusions] | None, int]:
    """Return the most probable set that changes a conclusion, and how many stay unsettled.

    A set that may change it is worked out in full; but for those that certainly do, CHECKS at most.
    """
    changing = [each for each in sets if conclusion in each.possible]
    checks = unsettled = 0
    for each in sorted(changing, key=lambda one: -one.chance):
        if not case.is_consistent(each.answers):
            continue
        if conclusion not in each.certain:
            if checks == CHECKS:
                unsettled += 1
                continue
            checks += 1
        after = conclusions(case.policy, case.with_answers(each.answers))
        if after[conclusion] != case.now[conclusion]:
            return (each, after), unsettled
    return None, unsettled


def _nearest(
    case: Concluded, sets: Sequence[AnswerSet], conclusions: Sequence[str]
) -> list[AnswerSet]:
    """Return the sets that come nearest to changing some conclusions, by each measure in turn."""
    measures = [at for at, (name, _) in enumerate(sets[0].near) if name in conclusions]
    chosen: dict[frozenset[tuple[str, Any]], AnswerSet] = {}
    for row in zip(*(_ranked(sets, measure) for measure in measures), strict=True):
        for each in row:
            if len(chosen) < WIDTH and each.key not in chosen and case.is_consistent(each.answers):
                chosen[each.key] = each
    return list(chosen.values())


def _ranked(sets: Sequence[AnswerSet], measure: int) -> list[AnswerSet]:
    """Sort sets by how near they come, of equal ones the most probable first."""
    return sorted(sets, key=lambda each: (-each.near[measure][1], -each.chance))


def _record(
    policy: Policy,
    now: Conclusions,
    conclusion: str,
    named: tuple[AnswerSet, Conclusions] | None,
    tried: int,
    ruled_out: bool,
) -> PivotalAnswers:
    answers = {} if named is None else named[0].answers
    becomes = "" if named is None else named[1][conclusion]
    items = tuple(
        item_of(policy.known[name], answers[name]) for name in policy.known if name in answers
    )
    return PivotalAnswers(
        conclusion,
        now[conclusion],
        _label(policy, conclusion, now[conclusion]),
        items,
        0.0 if named is None else named[0].chance,
        becomes,
        _label(policy, conclusion, becomes),
        tried,
        ruled_out,
    )


def _label(policy: Policy, conclusion: str, name: str) -> str:
    """Return what a conclusion is called; nothing where there is none."""
    if not name:
        return ""
    described = policy.description
    if conclusion == URGENCY:
        return level_label(described.triage, name)
    found = described.causes if conclusion == FIRST_CAUSE else described.pathways
    return found[name].label
