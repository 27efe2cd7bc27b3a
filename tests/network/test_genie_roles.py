"""Diagnostic roles in XDSL: read, kept through writing, and told where they make no sense."""

import copy
import pickle

import numpy as np
import pytest
from support.diagnostic import PUMP_XDSL, with_roles
from support.interop import probabilities

from bayesnet.errors import FormatWarning, NetworkError
from bayesnet.network import Network, Role, Table, Variable
from bayesnet.network.formats.files import read_network, write_network

STATES = '<state id="present"/><state id="absent"/>'
NODE = "<probabilities>0.1 0.9</probabilities>{}</cpt>"
RAIN = Network((Variable("rain", ("no", "yes")),), (Table("rain", (), np.array([0.7, 0.3])),))


def test_roles_of_every_kind_are_read():
    roles = read_network(PUMP_XDSL).roles
    assert roles["Seal"] == Role(
        "target",
        label="Shaft seal",
        faults=("worn", "torn"),
        state_labels={"ok": "F1", "worn": "F2", "torn": "Torn seal"},
    )
    assert roles["Leak"] == Role(
        "observation",
        label="Is there a leak?",
        question="Look under the pump. Wet?",
        cost=3.0,
        ranked=True,
        mandatory=True,
        default="absent",
        properties={"team": "wet end"},
    )
    # In a submodel, of the nodes as of the captions.
    assert roles["Noise"] == Role("observation", question="How loud is it?", cost=1.5, ranked=True)
    assert roles["Bearing.fault"] == Role("target", label="Bearing", faults=("present",))
    assert roles["Pressure"] == Role(label="Pressure in the chamber")
    assert not roles["Serial"].ranked


@pytest.mark.filterwarnings("error")
def test_xdsl_keeps_them(tmp_path):
    network = read_network(PUMP_XDSL)
    write_network(network, tmp_path / "again.xdsl")
    again = read_network(tmp_path / "again.xdsl")
    assert again.roles == network.roles
    for name, expected in probabilities(network).items():
        np.testing.assert_allclose(probabilities(again)[name], expected, atol=1e-15)
    write_network(again, tmp_path / "third.xdsl.gz")
    assert read_network(tmp_path / "third.xdsl.gz").roles == network.roles


@pytest.mark.parametrize("cost", [0.0, 1.0, 0.1, 1e-7, 12345678.25])
def test_a_cost_keeps_all_its_digits(cost, tmp_path):
    write_network(with_roles(RAIN, {"rain": Role("observation", cost=cost)}), tmp_path / "a.xdsl")
    assert read_network(tmp_path / "a.xdsl").roles["rain"].cost == cost


def test_a_kind_that_cannot_keep_them_warns(tmp_path):
    network = with_roles(RAIN, {"rain": Role("target", faults=("yes",))})
    for ending in (".bif", ".net", ".uai", ".xmlbif"):
        with pytest.warns(FormatWarning, match="leaves out the roles, .* of 1 variable, which"):
            write_network(network, tmp_path / f"a{ending}")


@pytest.mark.filterwarnings("error")
def test_a_network_without_roles_is_written_in_silence(tmp_path):
    write_network(RAIN, tmp_path / "a.bif")
    write_network(RAIN, tmp_path / "a.xdsl")
    assert read_network(tmp_path / "a.xdsl").roles == {}


def test_roles_go_along_where_a_network_goes():
    network = with_roles(RAIN, {"rain": Role(label="Rain")})
    assert pickle.loads(pickle.dumps(network)).roles == copy.deepcopy(network).roles
    assert pickle.loads(pickle.dumps(network)).roles == {"rain": Role(label="Rain")}


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"rian": Role()}, "unknown variable of the roles: 'rian'; did you mean 'rain'"),
        ({"rain": Role("target", faults=("yse",))}, "state of the role of 'rain': 'yse'; did you"),
        ({"rain": Role(default="maybe")}, "unknown state of the role of 'rain': 'maybe'"),
    ],
)
def test_roles_of_what_is_not_there_are_refused(roles, said):
    with pytest.raises(NetworkError) as caught:
        with_roles(RAIN, roles)
    assert said in str(caught.value)


MISTAKES = {
    "kind": ('diagtype="tarqet"', STATES, "", "'A' has the diagtype 'tarqet'; give one of target"),
    "no fault": ('diagtype="target"', STATES, "", "'A' is a target without a fault state; mark"),
    "fault elsewhere": (
        'diagtype="observation"',
        STATES.replace("/>", ' fault="true"/>', 1),
        "",
        "'A' has a fault state and is no target",
    ),
    "mandatory target": (
        'diagtype="target" mandatory="true"',
        STATES.replace("/>", ' fault="true"/>', 1),
        "",
        "'A' is mandatory and no observation",
    ),
    "two defaults": (
        'diagtype="observation"',
        STATES.replace("/>", ' default="true"/>'),
        "",
        "'A' has 2 default states; keep one",
    ),
    "negative": ("", STATES, "<cost>-1</cost>", "'A' has the cost '-1'; give a number from 0 up"),
    "not a number": ("", STATES, "<cost>NaN</cost>", "'A' has the cost 'NaN'; give a number"),
    "a word": ("", STATES, "<cost>dear</cost>", "'A' has the cost 'dear'; give a number from 0"),
    "conditional": ("", STATES, "<cost>1 2</cost>", "has a cost that depends on other nodes"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_role_that_makes_no_sense_is_told_with_its_place(name, tmp_path):
    said, states, below, words = MISTAKES[name]
    file = tmp_path / "a.xdsl"
    file.write_text(
        f'<smile><nodes>\n <cpt id="A" {said}>{states}{NODE.format(below)}</nodes></smile>'
    )
    with pytest.warns(FormatWarning) as told:
        assert read_network(file).names == ("A",)
    (only,) = [str(each.message) for each in told]
    assert only.startswith(f"{file}:2:")
    assert words in only


@pytest.mark.parametrize("tag", ["decision", "utility", "deterministic"])
def test_only_a_chance_node_can_be_observed(tag, tmp_path):
    inner = "<resultingstates>present</resultingstates>" if tag == "deterministic" else ""
    node = f'<{tag} id="D" diagtype="observation">{STATES}{inner}</{tag}>'
    file = tmp_path / "a.xdsl"
    file.write_text(f'<smile><nodes><cpt id="A">{STATES}{NODE.format("")}{node}</nodes></smile>')
    with pytest.warns(FormatWarning, match=f"'D' is an observation and a {tag} node; make it a"):
        network = read_network(file, chance_only=True)
    assert "A" in network.names
