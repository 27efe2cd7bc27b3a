"""Where the numbers of the runner model come from: what is followed, and what is not."""

import re

import pytest
from support.models import runner

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.lookup.grades import GradedNumber, graded_numbers
from bayesnet.model.lookup.sources import sourced


@pytest.fixture
def description() -> ModelDescription:
    return runner().description


@pytest.fixture
def numbers(description: ModelDescription) -> list[GradedNumber]:
    return list(graded_numbers(description))


def test_every_number_has_sources_reason_and_width(numbers: list[GradedNumber]) -> None:
    for number in numbers:
        assert number.sources, number.path
        assert number.why.strip(), number.path
        if number.kind not in ("utility", "limit"):
            assert number.interval or number.sample_size, number.path


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
