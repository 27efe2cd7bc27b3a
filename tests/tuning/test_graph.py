"""A model drawn: every node and line is there, as strong as the model says, and so is the case."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.cli import refused, run
from support.diagnostic import pump
from support.models import BEARING, GEARBOX_FILE, gearbox

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.tuning.graph.case import case_of
from bayesnet.tuning.graph.drawing import graph_svg
from bayesnet.tuning.graph.of_model import graph_of_model
from bayesnet.tuning.graph.page import graph_page
from bayesnet.tuning.graph.parts import Graph, Link, Node, graph_of, neighbourhood
from bayesnet.tuning.graph.placing import PITCH, placed

SIGNED = ("gearbox 1.2",)
SVG = "{http://www.w3.org/2000/svg}"


def whole() -> Graph:
    return graph_of(gearbox().description)


def ratio(source: str, target: str) -> float:
    (link,) = (each for each in whole().links if (each.source, each.target) == (source, target))
    return link.ratio


def titles(drawing: str) -> list[str]:
    root = ElementTree.fromstring(drawing)
    return [title.text or "" for title in root.iter(f"{SVG}title")]


def test_every_entry_is_a_node_and_every_number_of_it_a_line():
    described, graph = gearbox().description, whole()
    sections = (described.risk_factors, described.causes, described.shared, described.findings)
    assert [node.id for node in graph.nodes] == [name for each in sections for name in each]
    ties = {(link.source, link.target) for link in graph.links}
    assert len(ties) == len(graph.links)
    for name, entry in [*described.shared.items(), *described.findings.items()]:
        assert {(cause, name) for cause in entry.causes} <= ties
    for name, cause in described.causes.items():
        assert {(row.factor, name) for row in cause.risk_factors} <= ties


def test_a_line_is_as_strong_as_the_numbers_say():
    play = gearbox().description.findings["play_test"]
    expected = play.causes["worn_bearing"].value / play.background.value
    assert ratio("worn_bearing", "play_test") == pytest.approx(expected)
    oil = gearbox().description.findings["oil_test"]
    over = 1 - oil.causes["worn_teeth"].values["clean"]
    expected = over / (1 - oil.background.values["clean"])
    assert ratio("worn_teeth", "oil_test") == pytest.approx(expected)
    rows = gearbox().description.causes["worn_bearing"].risk_factors
    assert ratio("hours", "worn_bearing") == max(
        row.relative_risk for row in rows if row.factor == "hours"
    )


def test_a_cause_that_lowers_is_a_line_below_one():
    for name, finding in gearbox().description.findings.items():
        for cause, alone in finding.causes.items():
            assert (ratio(cause, name) < 1) == alone.lowers or ratio(cause, name) == 1


@pytest.mark.parametrize(("ratio", "strength"), [(1, 0), (10, 1), (1000, 1), (0.1, 1), (1e-9, 1)])
def test_strength_is_between_nothing_and_full(ratio, strength):
    assert Link("a", "b", ratio).strength == pytest.approx(strength)


def test_a_neighbourhood_is_what_is_tied_to_a_cause_also_through_patterns():
    graph = neighbourhood(whole(), "soft_mount")
    ids = {node.id for node in graph.nodes}
    assert {"soft_mount", "vibration", "stethoscope", "mount_test", "rough_road"} <= ids
    assert "slipping_belt" not in ids
    for link in graph.links:
        assert {link.source, link.target} & {"soft_mount", "vibration"}


def test_a_neighbourhood_of_a_finding_has_its_causes():
    ids = {node.id for node in neighbourhood(whole(), "stethoscope").nodes}
    assert {"stethoscope", "vibration", "soft_mount"} <= ids
    with pytest.raises(UnknownNameError, match="did you mean 'stethoscope'"):
        neighbourhood(whole(), "stetoscope")


def test_nodes_of_a_layer_never_touch():
    columns, height = placed(whole())
    for layer, column in columns.items():
        heights = [each.y for each in column]
        gaps = [low - high for high, low in pairwise(heights)]
        assert all(gap >= PITCH[layer] - 1e-9 for gap in gaps)
        assert all(0 < each < height for each in heights)


def test_every_node_and_line_is_drawn_once_and_the_same_each_time():
    graph = whole()
    drawn = graph_svg(graph, "Gearbox", SIGNED)
    assert drawn == graph_svg(graph, "Gearbox", SIGNED)
    said = titles(drawn)
    assert len(said) == len(graph.nodes) + len(graph.links)
    for node in graph.nodes:
        assert f"{node.label} ({node.id})" in said


def test_a_name_with_marks_of_its_own_stays_a_name():
    nodes = (Node("a", 'A <b> & "c"', "cause"), Node("b", "x" * 200, "finding"))
    drawn = graph_svg(Graph(nodes, (Link("a", "b", 2.0),)), "<T> & co", ["<S> & co"])
    assert 'A <b> & "c" (a)' in titles(drawn)
    assert f"{'x' * 200} (b)" in titles(drawn)
    assert "x" * 100 not in re.sub("<title>.*?</title>", "", drawn)


def test_a_case_is_drawn_with_the_probabilities_of_its_diagnosis():
    case = case_of(gearbox(), BEARING)
    report = gearbox().diagnose(BEARING)
    for cause in report.causes:
        assert case.now[cause.id] == pytest.approx(cause.probability, abs=1e-12)
        assert case.before[cause.id] == pytest.approx(cause.prior, abs=1e-9)
    drawn = graph_svg(whole(), "Gearbox", SIGNED, case)
    assert f">{report.causes[0].probability:.1%}<" in drawn
    assert case.answers["squeal_cold"] == "no"
    assert "Whine on driving off: yes (whine)" in titles(drawn)
    order = [title for title in titles(drawn) if title.endswith(")")]
    leading = [order.index(f"{each.label} ({each.id})") for each in report.causes]
    assert leading == sorted(leading)


def test_answers_are_read_as_elsewhere():
    with pytest.raises(UnknownNameError):
        case_of(gearbox(), {"whin": True})
    with pytest.raises(EvidenceError):
        case_of(gearbox(), {"hours": "many"})


def test_the_page_can_tell_patterns_and_the_ends_of_lines():
    root = ElementTree.fromstring(graph_svg(whole(), "Gearbox", SIGNED))
    layers = {each.get("id"): each.get("data-layer") for each in root.iter(f"{SVG}g")}
    assert layers == {node.id: node.layer for node in whole().nodes}
    ends = [each.get("data-ends") for each in root.iter(f"{SVG}path") if each.get("data-ends")]
    assert sorted(ends) == sorted(f"{link.source} {link.target}" for link in whole().links)


def test_a_page_holds_all_it_needs():
    graph = whole()
    page = graph_page(graph, "A <title>", graph_svg(graph, "Gearbox", SIGNED))
    assert page.count("<tr>") == len(graph.links) + 1
    assert "A &lt;title&gt;" in page
    assert re.findall(r"(?:src|href)=", page) == []
    assert set(re.findall(r"https?://[^\"]*", page)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Worn bearing (worn_bearing)"),
        (("--around", "soft-mount"), "Soft mount (soft_mount)"),
        (("--whine", "--felt-at", "floor", "--hours=4000"), "Whine on driving off: yes (whine)"),
        (("--felt_at", "floor"), "floor"),
    ],
)
def test_the_command_draws_a_model_and_a_case(arguments, said, in_folder):
    for model in ((str(GEARBOX_FILE),), ("--model", str(GEARBOX_FILE))):
        done = run("model", "graph", *model, "-o", "a.svg", *arguments)
        assert done.exit_code == 0, done.output
        assert said in Path("a.svg").read_text()
        Path("a.svg").unlink()


def test_the_command_draws_a_page_from_a_case_file(in_folder, gearbox_by_default):
    Path("case.json").write_text('{"whine": true}')
    assert run("model", "graph", "-o", "a.html", "--case", "case.json").exit_code == 0
    assert "Whine on driving off: yes (whine)" in Path("a.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "a.pdf"), "end it in .svg or .html"),
        (("-o", "a.svg", "--around", "soft_mout"), "did you mean 'soft_mount'?"),
        (("-o", "a.svg", "--whinee"), "did you mean '--whine'"),
        (("-o", "a.svg", "--squeal-cold", "--no-squeal-cold"), "contradictory answers"),
        (("-o", "a.svg", "--hours", "many"), "give a whole number"),
        (("-o", "a.svg", "gearbocks"), "unknown model 'gearbocks'"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, says, in_folder, gearbox_by_default):
    assert says in refused("model", "graph", *arguments)
    assert not list(Path().iterdir())


def test_the_lines_of_a_model_with_a_network_are_the_network_s():
    drawn = graph_of_model(pump())
    assert {(link.source, link.target) for link in drawn.links} == {
        *(("age", cause) for cause in ("seal_worn", "seal_torn", "bearing_fault")),
        *((cause, "noise") for cause in ("seal_worn", "seal_torn", "bearing_fault")),
        # Also through the pressure, which nobody is asked about.
        *((cause, "leak") for cause in ("seal_worn", "seal_torn")),
    }
    assert [node.id for node in drawn.layer("factor")] == ["age"]
    engine = pump().engine
    ratios = {(each.source, each.target): each.ratio for each in drawn.links}
    with_it, without = (
        engine.marginals({"seal_torn": state}, ["leak"])["leak"]["yes"] for state in ("yes", "no")
    )
    assert ratios["seal_torn", "leak"] == pytest.approx(with_it / without, rel=1e-9)
    # Of old pumps 10 in 100 have it, of new ones 2.
    assert ratios["age", "seal_torn"] == pytest.approx(5.0, rel=1e-9)


def test_a_model_with_its_numbers_in_its_file_is_drawn_as_that_says():
    assert graph_of_model(gearbox()) == graph_of(gearbox().description)
