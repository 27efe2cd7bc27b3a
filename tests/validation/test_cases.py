"""The published cases: their files, what the model makes of them, and how that is counted."""

import dataclasses
from pathlib import Path

import pytest
import yaml
from lbp_validation.cases.case_decisions_part import case_decisions_part, confusion
from lbp_validation.cases.cases import CaseOutcome, compare_triage, marks, outcome, rank_of, score
from lbp_validation.cases.cases_part import factor_needed
from lbp_validation.cases.further_cases_part import further_cases_part
from lbp_validation.cases.pathway_reasons import (
    HURRIED,
    MISTAKEN,
    NEUTRAL,
    OWN,
    REST,
    SERIOUS,
    why,
)
from lbp_validation.paths import CASES, FURTHER_CASES
from lbp_validation.report.document import Grid
from support.models import runner

from bayesnet.errors import ModelFileError
from bayesnet.model.format.triage_rules import LEVELS, Level
from bayesnet.tuning.published_cases import Case, load_cases

PUBLISHED, FURTHER = load_cases(CASES), load_cases(FURTHER_CASES)
OF_FURTHER_CASES = {"confirmed_by", "triage_why", "held_out"}


def by_id(case: Case) -> str:
    return case.id


def outcome_of(rank: int | None, triage: str, listed: tuple[str, ...] = ()) -> CaseOutcome:
    case = dataclasses.replace(
        PUBLISHED[0], confirmed="malignancy", also=("disc",), triage="urgent"
    )
    return CaseOutcome(case, rank, 0.1, "disc", 0.3, triage, False, listed, "", "other")


# --- the files --------------------------------------------------------------------------------


def test_case_ids_are_unique_and_every_field_is_known() -> None:
    fields = {field.name for field in dataclasses.fields(Case)}
    ids = []
    for path, expected in ((CASES, fields - OF_FURTHER_CASES), (FURTHER_CASES, fields)):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert all(set(entry) == expected for entry in entries)
        ids += [entry["id"] for entry in entries]
    assert len(set(ids)) == len(ids) > 260


def test_half_of_the_further_cases_are_held_out() -> None:
    held_out = sum(case.held_out for case in FURTHER)
    assert abs(held_out - len(FURTHER) / 2) < 12
    assert not any(case.held_out for case in PUBLISHED)


def test_further_cases_are_diagnosed_and_counted_by_halves() -> None:
    held_out, looked_at = ([c for c in FURTHER if c.held_out == each] for each in (True, False))
    outside = next(case for case in looked_at if not case.inside_model)
    cases = [*held_out[:2], *looked_at[:3], outside]
    part = further_cases_part(runner(), [outcome(runner(), case) for case in cases])
    found, triaged = [each for each in part.sections[0].blocks if isinstance(each, Grid)][:2]
    assert len({case.held_out for case in cases}) == 2
    for name, held_out in (("held out", True), ("looked at", False)):
        half = [case for case in cases if case.held_out == held_out]
        assert [int(row[1]) for row in triaged.rows if row[0] == name] == [len(half)]
        counted = sum(int(row[1]) for row in found.rows if row[0].endswith(name))
        assert counted == sum(case.counts_for_diagnosis for case in half)


@pytest.mark.parametrize("case", [*PUBLISHED, *FURTHER], ids=by_id)
def test_case_speaks_the_models_language(case: Case) -> None:
    model = runner()
    assert case.evidence
    assert set(case.evidence) <= set(model.known)
    assert case.inside_model == (case.confirmed in model.description.causes)
    assert set(case.also) <= set(model.description.causes) - {case.confirmed}
    assert (case.kind is None) == (not case.inside_model)


@pytest.mark.parametrize("case", PUBLISHED, ids=by_id)
def test_case_is_diagnosed(case: Case) -> None:
    found = outcome(runner(), case)
    assert (found.rank is None) == (not case.inside_model)
    assert found.probability is None or 0 < found.probability < 1
    assert found.mark in ("too low", "right", "too high")


@pytest.mark.parametrize(
    "content",
    ["- {id: X}", "- [1, 2", "{}", None],
    ids=["fields are missing", "not YAML", "not a list", "no such file"],
)
def test_a_faulty_case_file_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "cases.yaml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ModelFileError, match=r"cases\.yaml"):
        load_cases(file)


# --- comparing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected", "mark"),
    [
        ("self_care", "routine", "too low"),
        ("routine", "routine", "right"),
        ("soon", "routine", "too high"),
        ("soon", "urgent", "too low"),
        ("urgent", "emergency", "too low"),
        ("emergency", "self_care", "too high"),
    ],
)
def test_levels_of_triage_are_compared_by_order(given: str, expected: str, mark: str) -> None:
    assert compare_triage(given, expected) == mark


def test_scores_count_ranks_and_must_not_miss() -> None:
    found = score(
        [
            outcome_of(1, "urgent"),
            outcome_of(3, "urgent", ("malignancy",)),
            outcome_of(9, "urgent", ("malignancy",)),
            outcome_of(9, "urgent", ("cauda_equina",)),
            outcome_of(None, "urgent"),
        ]
    )
    assert dataclasses.astuple(found) == (5, 1, 2, 3)


def test_thresholds_would_have_to_fall_as_far_as_nine_in_ten_cases_need() -> None:
    """Ten cases at 0.1: those that lead need nothing, the others a threshold of at most 0.1."""
    ahead, behind = outcome_of(1, "urgent"), outcome_of(4, "urgent")
    far = dataclasses.replace(behind, probability=0.02)
    for some, threshold, factor in (
        ([ahead] * 10, 0.4, 1.0),
        ([ahead] * 5 + [behind] * 5, 0.4, 0.25),
        ([ahead] * 5 + [behind] * 4 + [far], 0.4, 0.25),
        ([ahead] * 5 + [behind] * 3 + [far] * 2, 0.4, 0.05),
        ([behind] * 10, 0.05, 1.0),
        ([], 0.4, 1.0),
    ):
        assert factor_needed(some, {"malignancy": threshold}) == pytest.approx(factor)


def test_marks_are_counted() -> None:
    levels = ("self_care", "soon", "urgent", "emergency")
    found = marks([outcome_of(1, level) for level in levels])
    assert found == {"too low": 2, "right": 1, "too high": 1}


def test_what_was_confirmed_beside_the_cause_is_no_false_alarm() -> None:
    assert outcome_of(1, "urgent", ("malignancy", "disc")).false_alarms == ()
    assert outcome_of(1, "urgent", ("cauda_equina",)).false_alarms == ("cauda_equina",)


def test_ranks_count_from_one() -> None:
    report = runner().diagnose({})
    ranks = [rank_of(report, each.id) for each in report.causes]
    assert ranks == list(range(1, len(report.causes) + 1))


# --- deciding ---------------------------------------------------------------------------------


def told(
    triage: str, expected: Level, confirmed: str = "disc", facts: int = 9, **more: str
) -> CaseOutcome:
    kind = "serious" if confirmed != "disc" else "mechanical"
    evidence = {f"fact {number}": True for number in range(facts)}
    base = outcome_of(9, triage)
    case = dataclasses.replace(
        base.case, confirmed=confirmed, also=(), triage=expected, kind=kind, evidence=evidence
    )
    return dataclasses.replace(base, case=case, **more)


def goals_of(outcomes: list[CaseOutcome]) -> dict[str, str]:
    part = case_decisions_part(runner(), outcomes, [])
    return {goal.asked: goal.found for goal in part.goals}


def found_of(outcomes: list[CaseOutcome], word: str) -> str:
    return next(found for asked, found in goals_of(outcomes).items() if word in asked)


def test_every_level_expected_stands_against_every_level_given() -> None:
    some = [told("urgent", "soon"), told("urgent", "soon"), told("soon", "emergency")]
    grid = confusion(some)
    assert grid.headers == ("expected", *LEVELS, "cases")
    assert [row for row in grid.rows if row[-1] != "0"] == [
        ("soon", "0", "0", "0", "2", "0", "2"),
        ("emergency", "0", "0", "1", "0", "0", "1"),
    ]


def test_soon_counts_among_those_who_are_hurried_without_need() -> None:
    some = [told("urgent", "soon"), told("soon", "routine"), told("urgent", "urgent")]
    assert "1 of 2" in found_of(some, "mechanical, expected soon or less")


def test_bone_stress_is_told_enough_by_soon_and_thin_cases_count_apart() -> None:
    some = [
        told("soon", "urgent", "sacral_stress_fracture"),
        told("routine", "urgent", "sacral_stress_fracture"),
        told("soon", "urgent", "malignancy"),
        told("routine", "urgent", "malignancy", facts=3),
    ]
    assert "2 of 3" in found_of(some, "told less")


def test_neutral_care_is_right_only_where_the_case_is_thin() -> None:
    some = [
        told("routine", "routine", chosen="own"),
        told("routine", "routine", chosen="neutral"),
        told("routine", "routine", chosen="neutral", facts=4),
        told("routine", "routine", chosen="other", facts=4),
    ]
    assert "2 of 4" in found_of(some, "or neutral under")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"chosen": "own", "triage": "urgent"}, OWN),
        ({"chosen": "neutral"}, NEUTRAL),
        ({"chosen": "neutral", "leading_probability": 0.8}, REST),
        ({"triage": "urgent"}, HURRIED),
        ({"pathway": "bone_stress", "must_not_miss": ("sacral_stress_fracture",)}, SERIOUS),
        ({"leading": "facet_joint", "leading_probability": 0.8}, MISTAKEN),
        ({"leading_probability": 0.8}, REST),
    ],
)
def test_each_case_has_one_reason_for_its_pathway(changes, expected: str) -> None:
    assert why(runner(), dataclasses.replace(outcome_of(1, "soon"), **changes)) == expected
