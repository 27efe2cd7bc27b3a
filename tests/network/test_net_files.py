"""NET and OOBN of Hugin: potentials without data, other nodes, classes."""

import numpy as np
import pytest
from support.interop import probabilities, read_text, refused_file

from bayesnet.network.formats import scope
from bayesnet.network.formats.files import read_network

NET = """net { node_size = (80 40); }
node A { states = ("yes" "no"); }
node B { states = ("y" "n"); }
potential (A) { data = (0.25 0.75); }
potential (B | A) { DATA }
"""
DATA = "data = ((0.9 0.1)(0.2 0.8));"


def test_a_potential_without_data_is_uniform(tmp_path):
    found = probabilities(read_text(NET.replace("DATA", ""), "a.net", tmp_path))
    assert found["B"].tolist() == [0.5, 0.5]
    three = NET.replace('"y" "n"', '"y" "n" "m"').replace("DATA", "")
    np.testing.assert_allclose(probabilities(read_text(three, "b.net", tmp_path))["B"], 1 / 3)


def test_the_room_of_a_table_that_is_not_listed_has_a_limit(monkeypatch, tmp_path):
    monkeypatch.setattr(scope, "MOST_NUMBERS", 3)
    said = refused_file(NET.replace("DATA", ""), "a.net", tmp_path)
    assert "a.net:5:1: the table of 'B' over its 1 parent would hold 4 numbers" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("model_nodes = (); model_data = (if (A == 1, 0.1, 0.2));", "an expression (model_data)"),
        ("data = ((0.5 0.5));", "a.net:5:1: 'B' has 2 probabilities, expected 4"),
        ("data = ((1 2)(3 4));", "a.net:5:1: the row P(B | A=yes) sums to 3"),
    ],
)
def test_a_potential_at_fault_is_placed(data, said, tmp_path):
    assert said in refused_file(NET.replace("DATA", data), "a.net", tmp_path)


def test_a_potential_of_two_variables_is_no_table_of_one(tmp_path):
    text = NET.replace("(B | A)", "(B A | )").replace("DATA", "data = (0.25 0.25 0.25 0.25);")
    said = refused_file(text, "a.net", tmp_path)
    assert "a.net:5:1: a potential needs one variable before the bar, and has 2" in said


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ("continuous node T { } potential (T | A) { data = (normal(1, 1) normal(2, 1)); }", "cont"),
        ("decision D { states = (go no); } utility U { } potential (U | A D) { data = (1); }", "d"),
        ("utility U { } potential (U | A) { data = (1 2); }", "utility"),
        ("discrete function F { } ", "function"),
        ("continuous function F { } ", "function"),
    ],
)
def test_the_chance_part_of_a_net(node, kind, tmp_path):
    text = NET.replace("DATA", DATA) + node
    assert f"a.net:6:1: '{node.split(' {')[0].split()[-1]}' is a {kind}" in refused_file(
        text, "a.net", tmp_path
    )
    network = read_network(tmp_path / "a.net", chance_only=True)
    assert probabilities(network)["B"][0] == pytest.approx(0.375, abs=1e-12)


BODY = NET.replace("net { node_size = (80 40); }", "").replace("DATA", DATA)


@pytest.mark.parametrize("name", ["a.oobn", "a.net", "a.txt"])
def test_a_class_without_instances_is_a_network(name, tmp_path):
    text = f"class Clinic\n{{ inputs = (); outputs = (B); node_size = (80 40);\n{BODY}}}"
    assert probabilities(read_text(text, name, tmp_path))["B"][0] == pytest.approx(0.375)


@pytest.mark.parametrize(
    "instance", ["instance i : Other (x = A; y = B);", "instance i : Other (x = A; y = B) { }"]
)
def test_instances_are_refused_with_what_helps(instance, tmp_path):
    text = f"class Clinic {{\n{BODY}\n {instance} }}"
    said = refused_file(text, "a.oobn", tmp_path)
    assert "instances of classes are not read; unfold the network in Hugin" in said
    two = f"class One {{ {BODY} }} class Two {{ {BODY} }}"
    assert "holds several classes (One, Two)" in refused_file(two, "b.oobn", tmp_path)
