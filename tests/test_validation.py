"""The product's promises, the published cases, and the tools that measure them."""

import dataclasses
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from lbp_validation.bench_cold import fault_of
from lbp_validation.bench_draw import draw
from lbp_validation.bench_peer import TOLERANCE, peers
from lbp_validation.bench_people import people
from lbp_validation.bench_timing import Contender, interleaved, ratio
from lbp_validation.cases import (
    Case,
    CaseOutcome,
    compare_triage,
    load_cases,
    marks,
    outcome,
    rank_of,
    score,
)
from lbp_validation.document import Document, Grid, Picture, Section, as_markdown, as_text
from lbp_validation.page import as_html
from lbp_validation.paths import CASES
from lbp_validation.simulated import Sizes
from lbp_validation.textbook import broken_promises, present
from lbp_validation.textbook_part import prevalence_deviation
from lbp_validation.validation_report import Scale, Validation, validate
from msgspec import structs

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report import Report
from bayesnet.errors import ModelFileError

CAUSES = (
    "muscle_strain",
    "myofascial_overload",
    "facet_joint",
    "sacroiliac_joint",
    "spondylosis",
    "hip_joint",
    "disc",
    "nerve_root",
    "deep_gluteal",
    "spinal_stenosis",
    "sacral_stress_fracture",
    "pars_stress_injury",
    "compression_fracture",
    "axial_spondyloarthritis",
    "cauda_equina",
    "malignancy",
    "spinal_infection",
)
PUBLISHED = load_cases()


@cache
def runner_model() -> DiagnosticModel:
    return bayesnet.load_model("lbp-runner")


@cache
def unremarkable() -> Report:
    return runner_model().diagnose({})


def by_id(case: Case) -> str:
    return case.id


def outcome_of(rank: int | None, triage: str, listed: tuple[str, ...] = ()) -> CaseOutcome:
    case = dataclasses.replace(
        PUBLISHED[0], confirmed="malignancy", also=("disc",), triage="urgent"
    )
    return CaseOutcome(case, rank, 0.1, "disc", triage, listed)


# --- the promises -----------------------------------------------------------------------------


def test_every_cause_of_the_model_has_a_promise() -> None:
    assert set(CAUSES) == set(runner_model().description.causes)


@pytest.mark.parametrize("cause", CAUSES)
def test_textbook_presentation_finds_its_cause(cause: str) -> None:
    assert present(runner_model(), cause).broken == ()


def test_no_evidence_gives_back_the_prevalences() -> None:
    _, deviation = prevalence_deviation(runner_model())
    assert deviation < 1e-6


def test_a_cause_that_does_not_lead_breaks_its_promise() -> None:
    leading = unremarkable().causes[0].id
    assert broken_promises(leading, unremarkable()) == ()
    (broken,) = broken_promises("facet_joint", unremarkable())
    assert leading in broken


def test_a_serious_cause_needs_its_place_and_its_triage() -> None:
    place, level = broken_promises("cauda_equina", unremarkable())
    assert "must_not_miss" in place
    assert "self_care instead of emergency" in level


@pytest.mark.parametrize(("cause", "partner"), [("nerve_root", "disc"), ("disc", "nerve_root")])
def test_disc_and_nerve_root_may_share_the_first_two_ranks(cause: str, partner: str) -> None:
    def first(*names: str) -> Report:
        rest = [each for each in unremarkable().causes if each.id not in names]
        found = {each.id: each for each in unremarkable().causes}
        causes = (*(found[name] for name in names), *rest)
        return structs.replace(unremarkable(), causes=causes)

    assert broken_promises(cause, first(partner, cause)) == ()
    assert broken_promises(cause, first("facet_joint", cause)) != ()
    assert broken_promises(cause, first(partner, "facet_joint", cause)) != ()


# --- the published cases ----------------------------------------------------------------------


def test_case_ids_are_unique_and_every_field_is_known() -> None:
    entries = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    assert len({entry["id"] for entry in entries}) == len(entries) > 30
    fields = {field.name for field in dataclasses.fields(Case)}
    assert all(set(entry) == fields for entry in entries)


@pytest.mark.parametrize("case", PUBLISHED, ids=by_id)
def test_case_speaks_the_models_language(case: Case) -> None:
    model = runner_model()
    assert case.evidence
    assert set(case.evidence) <= set(model.known)
    assert case.inside_model == (case.confirmed in model.description.causes)
    assert set(case.also) <= set(model.description.causes) - {case.confirmed}
    assert (case.kind is None) == (not case.inside_model)


@pytest.mark.parametrize("case", PUBLISHED, ids=by_id)
def test_case_is_diagnosed(case: Case) -> None:
    found = outcome(runner_model(), case)
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


def test_marks_are_counted() -> None:
    levels = ("self_care", "soon", "urgent", "emergency")
    found = marks([outcome_of(1, level) for level in levels])
    assert found == {"too low": 2, "right": 1, "too high": 1}


def test_what_was_confirmed_beside_the_cause_is_no_false_alarm() -> None:
    assert outcome_of(1, "urgent", ("malignancy", "disc")).false_alarms == ()
    assert outcome_of(1, "urgent", ("cauda_equina",)).false_alarms == ("cauda_equina",)


def test_ranks_count_from_one() -> None:
    names = [each.id for each in unremarkable().causes]
    assert [rank_of(unremarkable(), name) for name in names] == list(range(1, len(CAUSES) + 1))


# --- the reports ------------------------------------------------------------------------------


# What is made for all of them is made once.
ONE_WORKER = pytest.mark.xdist_group("small_run")

SMALL = Scale(
    patients=Sizes(people=20_000, anyone=100, each_cause=12),
    worlds=1,
    of_each_world=Sizes(people=20_000, anyone=50, each_cause=8),
    followed=Sizes(people=5_000, anyone=20, each_cause=1),
    intervals=Sizes(people=2_000, anyone=5, each_cause=0),
    around=2,
    alarms=(50, 2),
    causes_changed=2,
)


@pytest.fixture(scope="module")
def small_run() -> Validation:
    return validate(runner_model(), PUBLISHED[:3], SMALL, lambda _: None)


@ONE_WORKER
def test_the_report_fits_a_hundred_columns_and_names_every_cause(small_run: Validation) -> None:
    text, markdown = as_text(small_run.document), as_markdown(small_run.document)
    assert max(map(len, text.splitlines())) <= 100
    for name in (*CAUSES, *(case.id for case in PUBLISHED[:3])):
        assert name in text
        assert name in markdown


@ONE_WORKER
def test_every_goal_stands_in_the_report_with_its_verdict(small_run: Validation) -> None:
    first = small_run.document.sections[0].blocks[0]
    assert isinstance(first, Grid)
    assert [row[2] for row in first.rows] == [goal.verdict for goal in small_run.goals]
    assert len(small_run.goals) == 16


@ONE_WORKER
def test_the_card_has_all_its_figures_and_the_headings_of_tripod(small_run: Validation) -> None:
    card = small_run.document.sections[-1]
    grid = card.blocks[1]
    assert isinstance(grid, Grid)
    items = {row[0] for row in grid.rows}
    assert {"1", "3a", "4", "8a", "10", "11", "14", "15", "19", "23a", "26", "27"} <= items
    assert all("{" not in row[2] and row[2] for row in grid.rows)


@ONE_WORKER
def test_the_page_holds_all_that_it_needs(small_run: Validation) -> None:
    page = as_html(small_run.document)
    tree = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
    elements = list(tree.iter())
    tags = {element.tag.rpartition("}")[2] for element in elements}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    for element in elements:
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in ("href", "src"):
                is_source = element.tag == "a" and value.startswith("https://")
                assert value.startswith("#") or is_source, (element.tag, value)
    assert "url(http" not in page
    assert "@import" not in page
    drawn = [
        block
        for section in small_run.document.sections
        for block in (*section.blocks, *section.details)
        if isinstance(block, Picture)
    ]
    assert sum(element.tag.endswith("svg") for element in elements) == len(drawn) > 4
    sections = len(small_run.document.sections)
    assert sum(element.tag == "h2" for element in elements) == sections
    assert {f"#section-{at + 1}" for at in range(sections)} <= {
        element.get("href") for element in elements if element.tag == "a"
    }


def test_words_of_a_page_are_taken_literally_but_for_code_and_addresses() -> None:
    section = Section(
        "S", ("a < b & `x_y` (https://doi.org/10.1/x). End", Grid(("h",), (("<b>\n2",),)))
    )
    page = as_html(Document("T", (section,)))
    assert "a &lt; b &amp; <code>x_y</code>" in page
    assert '(<a href="https://doi.org/10.1/x">https://doi.org/10.1/x</a>). End' in page
    assert "<td>&lt;b&gt;<br/>2</td>" in page


def test_details_and_pictures_are_for_the_page() -> None:
    picture = Picture("<svg></svg>", "what it shows")
    document = Document("T", (Section("S", ("words", picture), ("more",)),))
    assert "(Picture: what it shows)" in as_markdown(document)
    assert "more" not in as_markdown(document)
    assert "<svg></svg>" in as_html(document)
    assert "<p>more</p>" in as_html(document)


def test_markdown_cells_keep_their_lines_and_bars() -> None:
    grid = Grid(("a", "n"), (("x|y\nz", "1"),), frozenset({"n"}))
    found = as_markdown(Document("T", (Section("S", ("words", grid)),)))
    assert found == "# T\n\n## S\n\nwords\n\n| a | n |\n| --- | ---: |\n| x\\|y<br>z | 1 |\n"


# --- measuring --------------------------------------------------------------------------------


def test_every_contender_runs_in_every_round_and_preparing_is_apart() -> None:
    log: list[str] = []

    def contender(name: str) -> Contender:
        def prepare() -> Callable[[], object]:
            log.append(f"prepare {name}")
            return lambda: log.append(name)

        return Contender(name, prepare)

    seconds = interleaved([contender("a"), contender("b")], rounds=3)
    assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3}
    assert log.count("a") == log.count("b") == log.count("prepare a") == 5
    ran = [name for name in log if len(name) == 1]
    assert ran[:4] == ["a", "b", "b", "a"]


def test_ratio_is_taken_round_by_round() -> None:
    slow, fast = np.array([2.0, 40.0, 6.0]), np.array([1.0, 10.0, 2.0])
    found = ratio(slow, fast)
    assert found.median == pytest.approx(3.0)
    assert found.low == pytest.approx(2.2)
    assert found.high == pytest.approx(3.8)
    assert str(found) == "3 (2.2-3.8)"


def test_drawn_cases_follow_the_network() -> None:
    yes = bayesnet.Variable("a", ("no", "yes"))
    other = bayesnet.Variable("b", ("low", "high"))
    network = bayesnet.Network(
        (other, yes),
        (
            bayesnet.Table("b", ("a",), np.array([[1.0, 0.0], [0.0, 1.0]])),
            bayesnet.Table("a", (), np.array([0.25, 0.75])),
        ),
    )
    rng = np.random.default_rng(1)
    drawn = [draw(network, rng) for _ in range(400)]
    assert all((case["a"] == "yes") == (case["b"] == "high") for case in drawn)
    assert 270 <= sum(case["a"] == "yes" for case in drawn) <= 330


def test_the_peer_agrees_and_a_wrong_answer_is_noticed() -> None:
    pytest.importorskip("pyagrum")
    network = bayesnet.Network(
        (
            bayesnet.Variable("a", ("no", "yes")),
            bayesnet.Variable("b", ("x", "y", "z")),
            bayesnet.Variable("c", ("no", "yes")),
        ),
        (
            bayesnet.Table("a", (), np.array([0.9, 0.1])),
            bayesnet.Table("b", ("a",), np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])),
            bayesnet.NoisyMax(
                "c",
                ("b", "a"),
                np.array([0.95, 0.05]),
                (
                    np.array([[1.0, 0.0], [0.7, 0.3], [0.4, 0.6]]),
                    np.array([[1.0, 0.0], [0.2, 0.8]]),
                ),
            ),
        ),
    )
    evidence = {"c": "yes"}
    ours = network.compile().marginals(evidence)
    assert max(peer.difference(evidence, ours) for peer in peers(network)) <= TOLERANCE
    wrong = {**ours, "a": ours["a"] + np.array([1e-6, -1e-6])}
    assert min(peer.difference(evidence, wrong) for peer in peers(network)) > TOLERANCE


def test_the_benchmarks_people_can_be_diagnosed() -> None:
    model = runner_model()
    everyone = people(model.known)
    for answers in everyone.values():
        assert model.diagnose(answers, audience="clinician").causes
    assert model.diagnose(everyone["everything answered"], audience="clinician").questions == ()


def test_a_command_that_fails_says_why() -> None:
    assert fault_of((sys.executable, "-c", "print('{}')")) == ""
    assert "JSON" in fault_of((sys.executable, "-c", "print('word')"))
    assert "broken here" in fault_of((sys.executable, "-c", "raise SystemExit('broken here')"))
