"""The house: imports go down the floors and never in a circle, lazy and typing ones included."""

import ast
from functools import cache
from pathlib import Path

import networkx
import pytest
from support.paths import ROOT

SOURCES = {
    "bayesnet": ROOT / "bayesnet",
    "lbp_fhir": ROOT / "cli" / "lbp_fhir",
    "lbp_infer": ROOT / "cli" / "lbp_infer",
    "lbp_service": ROOT / "cli" / "lbp_service",
    "lbp_validation": ROOT / "validation" / "lbp_validation",
}
UPWARD = ("bayesnet.network.network", "bayesnet.engine")
"""`Network.compile` is the one import that goes up."""
FLOORS = (
    ("bayesnet.errors", "bayesnet.version"),
    ("bayesnet.network",),
    ("bayesnet.inference", "bayesnet.model"),
    ("bayesnet.analysis",),
    ("bayesnet.engine",),
    ("bayesnet.diagnosis",),
    ("bayesnet.tuning",),
    ("bayesnet",),
    ("lbp_fhir",),
    ("lbp_service",),
    ("lbp_infer",),
    ("lbp_validation",),
)
"""From the ground up. Rooms on one floor do not know each other."""
SHOWS_A_MODEL = [
    ("lbp_service.tools.numbers", "bayesnet.model.lookup"),
    ("lbp_service.web.model_page", "bayesnet.model.lookup"),
    ("lbp_service.web.model_page", "bayesnet.tuning.graph"),
    ("lbp_fhir.enabling", "bayesnet.model.format"),
]
"""What shows a model itself, its drawing, its numbers and of whom a question is asked, reads more
of it than reports do."""


def modules() -> dict[str, Path]:
    """{dotted name: file} of every module; a package's name is that of its `__init__`."""
    found = {}
    for name, folder in SOURCES.items():
        for file in folder.rglob("*.py"):
            parts = [name, *file.relative_to(folder).with_suffix("").parts]
            found[".".join(parts).removesuffix(".__init__")] = file
    return found


@cache
def imports() -> networkx.DiGraph:
    """An edge from each module to each module that it imports anywhere in its text."""
    known = modules()
    graph = networkx.DiGraph()
    graph.add_nodes_from(known)
    for name, file in known.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                graph.add_edges_from((name, each.name) for each in node.names if each.name in known)
            elif isinstance(node, ast.ImportFrom) and node.module in known:
                inside = [f"{node.module}.{each.name}" for each in node.names]
                graph.add_edges_from((name, each) for each in inside if each in known)
                if any(each not in known for each in inside):
                    graph.add_edge(name, node.module)
    return graph


def floor_of(module: str) -> tuple[int, str]:
    """The floor of a module and its room there, by the longest name that fits."""
    rooms = [(level, room) for level, rooms in enumerate(FLOORS) for room in rooms]
    fitting = [
        (len(room), level, room) for level, room in rooms if f"{module}.".startswith(f"{room}.")
    ]
    _, level, room = max(fitting)
    return level, room


def test_no_circle_of_imports():
    graph = imports().copy()
    assert graph.has_edge(*UPWARD), "the exception is no longer needed: take it out"
    graph.remove_edge(*UPWARD)
    circles = [
        sorted(each) for each in networkx.strongly_connected_components(graph) if len(each) > 1
    ]
    assert not circles


def test_imports_go_down_the_floors():
    wrong = []
    for importer, imported in imports().edges:
        (above, room), (below, other) = floor_of(importer), floor_of(imported)
        if (importer, imported) != UPWARD and room != other and above <= below:
            wrong.append(f"{importer} imports {imported}")
    assert not wrong


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_folder_says_what_it_holds(name: str):
    for folder in {file.parent for file in SOURCES[name].rglob("*.py")}:
        head = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert head, folder


def test_the_service_and_fhir_stand_on_the_face_and_on_what_a_report_is():
    documents = "bayesnet.diagnosis.report"
    assert documents in modules()
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in imports().edges
        if importer.startswith(("lbp_fhir", "lbp_service")) and imported.startswith("bayesnet.")
        if not imported.startswith(f"{documents}.")
        if (importer, imported.rpartition(".")[0]) not in SHOWS_A_MODEL
    ]
    assert not wrong
