"""A model scored on cases: by hand, by brute force, and on cases drawn from the model itself."""

from functools import cache

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.errors import EvidenceError
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network.evidence import MISSING
from bayesnet.tuning.histories import draw_histories, truth_column
from bayesnet.tuning.patients import ABSENT, PRESENT
from bayesnet.tuning.scoring.judged import Judged, joined, judge
from bayesnet.tuning.scoring.records import CaseScores
from bayesnet.tuning.scoring.scorecard import score

CAUSES = list(gearbox().description.causes)
SERIOUS = {cause: each.level for cause, each in gearbox().thresholds.items()}
SOON, URGENT = "loose_bolt", "burning_clutch"
"""Causes that are acted on at these levels."""


def some(told: list[dict[str, float]], known: list[dict[str, bool]], levels: list[str]) -> Judged:
    """Cases of which a few probabilities and truths are said; all other probabilities are 0.01."""
    probability = np.full((len(told), len(CAUSES)), 0.01)
    truth = np.full(probability.shape, MISSING, dtype=np.int8)
    for row, (chances, facts) in enumerate(zip(told, known, strict=True)):
        for cause, chance in chances.items():
            probability[row, CAUSES.index(cause)] = chance
        for cause, fact in facts.items():
            truth[row, CAUSES.index(cause)] = PRESENT if fact else ABSENT
    ranks = np.array([LEVELS.index(level) for level in levels])
    return Judged(np.arange(1, len(told) + 1), probability, truth, ranks)


def scored(judged: Judged) -> CaseScores:
    return score(gearbox(), judged, {}, lambda row: {"id": f"c{row}"})


def of(found: CaseScores, cause: str):
    return found.causes[CAUSES.index(cause)]


@cache
def drawn(cars: int = 400) -> tuple[Judged, CaseScores]:
    """Cars drawn from the model, all of which is known of them, and what comes of them."""
    parts = []
    for table in draw_histories(gearbox(), cars, seed=2):
        columns = [table[truth_column(cause)] == "yes" for cause in CAUSES]
        truth = np.stack(columns, axis=1).astype(np.int8)
        evidence = {name: cells for name, cells in table.items() if name in gearbox().known}
        judged, errors = judge(gearbox(), evidence, truth, {})
        assert not errors
        parts.append(judged)
    return joined(parts), scored(joined(parts))


# --- the model on its own cars --------------------------------------------------------------


def test_on_its_own_cars_a_model_is_calibrated() -> None:
    judged, found = drawn()
    assert found.scored == found.rows == len(judged)
    figures = [(found.together.slope, 1.0), (found.together.in_the_large, 0.0)]
    held = [each.low <= right <= each.high for each, right in figures if each and each.low]
    assert held == [True, True]
    slopes = [each.slope for each in found.causes if each.slope]
    assert len(slopes) >= 6
    # Eight intervals of 95 % hold all but one of themselves nearly always.
    assert sum(each.low <= 1.0 <= each.high for each in slopes) >= len(slopes) - 1
    assert found.together.bits.high < found.together.bits_before.low


def test_probabilities_made_too_extreme_are_seen_to_be() -> None:
    judged, _ = drawn()
    odds = (judged.probability / (1 - judged.probability)) ** 2
    found = scored(Judged(judged.rows, odds / (1 + odds), judged.truth, judged.levels))
    assert found.together.slope is not None
    assert found.together.slope.high < 0.7
    assert found.together.bits.value > drawn()[1].together.bits.value


def test_counts_are_those_of_a_loop_over_cases() -> None:
    """Brute force: every case, cause and reading by itself."""
    judged, found = drawn()
    thresholds = {cause: each.value for cause, each in gearbox().thresholds.items()}
    for at, cause in enumerate(CAUSES):
        said = {"first": [], "named": [], "acted_on": []}
        for chances in judged.probability:
            order = sorted(range(len(CAUSES)), key=lambda c: -chances[c])
            acted_on = chances[at] >= thresholds.get(cause, np.inf)
            said["first"].append(order[0] == at)
            said["named"].append(at in order[:3] or acted_on)
            said["acted_on"].append(acted_on)
        truth = judged.truth[:, at] == PRESENT
        confusions = {each.reading: each for each in of(found, cause).confusions}
        assert ("acted_on" in confusions) == (cause in thresholds)
        for reading, each in confusions.items():
            flags = np.array(said[reading])
            assert each.sensitivity.count == (flags & truth).sum()
            assert each.sensitivity.of == truth.sum()
            assert each.specificity.count == (~flags & ~truth).sum()
            assert each.positive_predictive.of == flags.sum()
            assert each.negative_predictive.count == (~flags & ~truth).sum()
        assert sum(each.had_it.of for each in of(found, cause).bins) == len(judged)
        assert sum(each.had_it.count for each in of(found, cause).bins) == truth.sum()


# --- by hand ----------------------------------------------------------------------------------


def test_brier_skill_and_bits_by_hand() -> None:
    judged = some(
        [{SOON: 0.8}, {SOON: 0.4}, {SOON: 0.1}, {SOON: 0.5}],
        [{SOON: True}, {SOON: False}, {SOON: False}, {}],
        ["soon"] * 4,
    )
    found = scored(judged)
    one = of(found, SOON)
    assert (one.had_it.count, one.had_it.of) == (1, 3)
    assert one.told == pytest.approx(1.3 / 3)
    brier = (0.04 + 0.16 + 0.01) / 3
    assert one.brier.value == pytest.approx(brier)
    assert one.brier_skill.value == pytest.approx(1 - brier / (2 / 9))
    assert one.auc.value == 1.0
    bits = -np.log2([0.8, 0.6, 0.9]).sum() / 3
    assert found.together.bits.value == pytest.approx(bits)
    assert found.nothing_known == 1
    assert found.scored == 3


def test_a_first_cause_of_which_nothing_is_known_is_not_right_and_is_said() -> None:
    judged = some(
        [{SOON: 0.5}, {URGENT: 0.5}, {"dry_bushing": 0.5}],
        [{SOON: True}, {SOON: True}, {SOON: True, "dry_bushing": False}],
        ["soon", "soon", "soon"],
    )
    found = scored(judged)
    assert (found.first_right.count, found.first_right.of, found.first_not_known) == (1, 3, 1)
    # Equal causes come in the model's order, of which the third is the last that is named.
    assert found.named_right.count == sum(
        SOON in sorted(CAUSES, key=lambda c: -judged.probability[row, CAUSES.index(c)])[:3]
        for row in range(3)
    )


def test_urgency_is_held_against_the_level_that_a_confirmed_cause_needs() -> None:
    nothing = dict.fromkeys(SERIOUS, False)
    known = [{URGENT: True}, {URGENT: True}, {SOON: True}, nothing, nothing, {"dry_bushing": True}]
    told = ["emergency", "soon", "soon", "urgent", "self_care", "urgent"]
    triage = scored(some([{}] * 6, known, told)).triage
    table = {each.level: each.needed for each in triage.told}
    assert list(table) == list(reversed(LEVELS))
    assert table["emergency"]["urgent"] == table["soon"]["urgent"] == table["soon"]["soon"] == 1
    assert table["urgent"] == {"urgent": 0, "soon": 0, "routine": 0, "none": 1, "not_known": 1}
    assert (triage.under.count, triage.under.of) == (1, 3)
    assert (triage.over.count, triage.over.of) == (1, 2)


def test_of_two_confirmed_causes_the_more_urgent_counts() -> None:
    triage = scored(some([{}], [{SOON: True, URGENT: True}], ["soon"])).triage
    assert (triage.under.count, triage.under.of) == (1, 1)


def test_the_most_surprising_come_first_and_are_called_by_name() -> None:
    told = [{SOON: 0.9}, {SOON: 0.002}, {SOON: 0.97, URGENT: 0.5}]
    known = [{SOON: True}, {SOON: True}, {SOON: False, URGENT: True}]
    found = scored(some(told, known, ["soon"] * 3)).surprises
    assert [each.row for each in found] == [2, 3, 1]
    assert (found[0].cause, found[0].present, found[0].kept) == (SOON, True, {"id": "c2"})
    assert (found[1].present, found[1].probability) == (False, pytest.approx(0.03))


# --- what cannot be told ----------------------------------------------------------------------


def test_all_of_one_class_is_said_and_has_no_area() -> None:
    known = [{SOON: True, URGENT: False}, {SOON: True, URGENT: False}]
    found = scored(some([{SOON: 0.5}, {SOON: 0.6}], known, ["soon", "soon"]))
    for cause, why in ((SOON, "every case had it"), (URGENT, "no case had it")):
        one = of(found, cause)
        assert (one.auc, one.slope, one.in_the_large, one.brier_skill) == (None,) * 4
        assert one.roc == ()
        assert one.not_defined == why
    nobody = of(found, "dry_bushing")
    assert (nobody.told, nobody.brier, nobody.had_it.share) == (None, None, None)
    told = " ".join(found.notices)
    for said in ("says yes to Loose", "No case had", "Nothing is known of", "Over-triage cannot"):
        assert said in told


def test_outcomes_apart_have_an_area_and_no_slope() -> None:
    known = [{SOON: True}, {SOON: False}, {SOON: False}]
    one = of(scored(some([{SOON: 0.9}, {SOON: 0.2}, {SOON: 0.1}], known, ["soon"] * 3)), SOON)
    assert one.auc.value == 1.0
    assert one.slope is None
    assert "no slope" in one.not_defined


def test_of_cases_about_which_nothing_is_known_there_is_no_score() -> None:
    with pytest.raises(EvidenceError, match="none that can be used says yes or no"):
        scored(some([{}], [{}], ["soon"]))
    empty = some([{}], [{}], ["soon"]).take(np.array([], dtype=np.intp))
    with pytest.raises(EvidenceError, match="row 7: is no row"):
        score(gearbox(), empty, {7: "is no row"}, lambda row: {})


def test_a_case_that_cannot_be_diagnosed_is_left_out_with_its_reason() -> None:
    truth = np.full((3, len(CAUSES)), ABSENT, dtype=np.int8)
    table = {"felt_at": ["seat", "none", "floor"], "felt": [True, True, "maybe"]}
    judged, errors = judge(gearbox(), table, truth, {0: "is of no use"})
    assert len(judged) == 0
    assert errors[0] == "is of no use"
    assert "felt" in errors[1]
    assert "maybe" in errors[2]
