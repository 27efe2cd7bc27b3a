"""Where numbers come from: their grades, and what became of every published figure."""

import re
from collections import Counter
from typing import Any

import msgspec
import pytest

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
from bayesnet.model.lookup.grades import GRADES, GradedNumber, grade, graded_numbers
from bayesnet.model.lookup.sources import sourced

READ = PublishedFigure(figure="a third", citation="Smith 2001")
RECALLED = PublishedFigure(figure="a tenth", citation="Jones 2002", status="recalled")
FIGURES = {"fig-1": READ, "fig-2": RECALLED}
CITATION = "Brown 2003, J Gears 1:2"


@pytest.fixture(scope="module")
def description(model: Any) -> ModelDescription:
    described: ModelDescription = model.description
    return described


@pytest.fixture(scope="module")
def numbers(description: ModelDescription) -> list[GradedNumber]:
    return list(graded_numbers(description))


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
    assert len({each.path for each in numbers}) == len(numbers) > 500
    assert {each.grade for each in numbers} == set(GRADES)


def test_every_number_has_sources_reason_and_width(numbers: list[GradedNumber]) -> None:
    for number in numbers:
        assert number.sources, number.path
        assert number.why.strip(), number.path
        if number.kind not in ("utility", "limit"):
            assert number.interval or number.sample_size, number.path


def test_number_says_what_it_is(numbers: list[GradedNumber]) -> None:
    said = {(n.entry, n.kind, n.of): n.value for n in numbers}
    assert said["facet_joint", "prevalence", ()] == 0.1
    assert ("facet_joint", "relative risk", ("age", "55_to_69")) in said
    assert ("osteoporosis", "frequency", ("age", "70_and_over", "sex", "male")) in said
    assert ("straight_leg_raise", "background", ()) in said
    assert ("straight_leg_raise", "frequency", ("neural_tension",)) in said
    assert sum(said["referral", "background", ()].values()) == pytest.approx(1)
    assert ("bone_stress", "utility", ("sacral_stress_fracture",)) in said
    assert ("live_from", "limit", ()) in said


def test_every_figure_is_cited_or_set_aside(description: ModelDescription) -> None:
    cited = {source for _, entry in sourced(description) for source in entry.source}
    aside = {name for name, figure in description.figures.items() if figure.set_aside.strip()}
    figures = set(description.figures)
    assert figures - cited - aside == set()
    assert aside & cited == set()


def test_reasons_name_figures_that_exist(description: ModelDescription) -> None:
    texts = [figure.set_aside for figure in description.figures.values()]
    texts += [reason for n in graded_numbers(description) for reason in n.conflicts.values()]
    named = {name for text in texts for name in re.findall(r"\b[a-z_]+-\d{3}\b", text)}
    assert named
    assert named <= set(description.figures)


@pytest.mark.parametrize(
    ("entry", "of", "figure"),
    [
        ("pelvic_ring_provocation", ("sacroiliac_joint",), "sij-006"),
        ("thigh_thrust", ("pelvic_ring_provocation",), "sij-020"),
        ("facet_joint", (), "facet-005"),
        ("straight_leg_raise", ("neural_tension",), "radiculopathy-007"),
        ("one_leg_extension", (), "spondylolysis-007"),
        ("axial_spondyloarthritis", (), "axspa-001"),
        ("spinal_stenosis", (), "stenosis-015"),
        ("malignancy", ("cancer_history",), "malignancy-008"),
        ("night_pain", ("malignancy",), "serious_any-005"),
        ("faber", ("hip_joint",), "hip-009"),
        ("fadir", ("hip_joint",), "hip-011"),
        ("bladder_change", ("sphincter_and_saddle",), "cauda_equina-015"),
    ],
)
def test_disputed_numbers_name_the_figure_not_followed(
    numbers: list[GradedNumber], entry: str, of: tuple[str, ...], figure: str
) -> None:
    (number,) = [n for n in numbers if n.entry == entry and n.of == of]
    assert number.conflicts[figure]
