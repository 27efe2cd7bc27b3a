"""Where numbers come from: their grades, and what became of every published figure."""

from collections import Counter
from typing import Any

import msgspec
import pytest
from support.models import gearbox

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import (
    JUDGEMENT,
    ConditionalFrequency,
    Frequency,
    RatioThreshold,
    RiskRow,
    Threshold,
)
from bayesnet.model.format.pathways import Utility
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.lookup.grades import GRADES, GradedNumber, grade, grade_of, graded_numbers

READ = PublishedFigure(figure="a third", citation="Smith 2001")
RECALLED = PublishedFigure(figure="a tenth", citation="Jones 2002", status="recalled")
FIGURES = {"fig-1": READ, "fig-2": RECALLED}
CITATION = "Brown 2003, J Gears 1:2"


@pytest.fixture
def description() -> ModelDescription:
    return gearbox().description


@pytest.fixture
def numbers(description: ModelDescription) -> list[GradedNumber]:
    return list(graded_numbers(description))


def test_a_number_far_from_its_figure_is_judgement() -> None:
    half = PublishedFigure(figure="half", kind="prevalence", value=0.5, citation="Smith 2001")
    path = ("causes", "worn_bearing", "prevalence")

    def graded(value: float) -> str:
        number = Frequency(value=value, sample_size=9, source=("fig-3",))
        return grade_of(path, number, {"fig-3": half})

    assert [graded(value) for value in (0.5, 0.58, 0.7)] == ["published", "published", "judgement"]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["fig-1"], "published"),
        ([CITATION], "published"),
        (["fig-1", "fig-2"], "published"),
        (["fig-1", JUDGEMENT], "adapted"),
        ([CITATION, JUDGEMENT], "adapted"),
        ([JUDGEMENT], "judgement"),
        (["fig-2"], "judgement"),
        (["fig-2", JUDGEMENT], "judgement"),
        ([], "judgement"),
    ],
)
def test_grade(sources: list[str], expected: str) -> None:
    assert grade(sources, FIGURES) == expected


def _structs(value: Any) -> list[Any]:
    """Every number's record anywhere in a description, found without knowing its sections."""
    kinds = (Frequency, ConditionalFrequency, RiskRow, Threshold, RatioThreshold, Utility)
    own = [value] if isinstance(value, kinds) else []
    if isinstance(value, msgspec.Struct):
        parts = [getattr(value, name) for name in value.__struct_fields__]
    elif isinstance(value, dict):
        parts = list(value.values())
    else:
        parts = list(value) if isinstance(value, tuple | list) else []
    return own + [each for part in parts for each in _structs(part)]


def test_every_number_is_graded_once(
    description: ModelDescription, numbers: list[GradedNumber]
) -> None:
    written = Counter((tuple(each.source), each.why) for each in _structs(description))
    assert Counter((each.sources, each.why) for each in numbers) == written
    assert len({each.path for each in numbers}) == len(numbers) > 100
    assert {each.grade for each in numbers} == set(GRADES)


def test_number_says_what_it_is() -> None:
    said = {(n.entry, n.kind, n.of): n.value for n in graded_numbers(gearbox().description)}
    assert said["worn_bearing", "prevalence", ()] == 0.16
    assert ("worn_bearing", "relative risk", ("hours", "over_6000")) in said
    assert ("new_clutch", "frequency", ("drive", "manual", "hours", "over_6000")) in said
    assert ("stethoscope", "background", ()) in said
    assert ("stethoscope", "frequency", ("vibration",)) in said
    assert sum(said["felt_at", "background", ()].values()) == pytest.approx(1)
    assert ("bolt_check", "utility", ("loose_bolt",)) in said
    assert ("live_from", "limit", ()) in said


def test_a_number_names_the_figure_that_it_does_not_follow() -> None:
    conflicts = {(n.entry, n.of): n.conflicts for n in graded_numbers(gearbox().description)}
    assert set(conflicts["worn_bearing", ()]) == {"bearing-003", "bearing-004"}
    assert "apprentices" in conflicts["play_test", ("worn_bearing",)]["bearing-008"]
