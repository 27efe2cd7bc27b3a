"""Results carry the names of their variables and states, and stay arrays to read."""

import pickle

import numpy as np
import pandas
import pytest

from bayesnet import EvidenceError, Network, Table, UnknownNameError, Variable
from bayesnet.network.labelled import Distribution, Marginals

NETWORK = Network(
    (Variable("rain", ("no", "yes")), Variable("<wet>", ("dry", "damp", "soaked"))),
    (
        Table("rain", (), np.array([0.75, 0.25])),
        Table("<wet>", ("rain",), np.array([[0.5, 0.25, 0.25], [0.0, 0.25, 0.75]])),
    ),
)
ENGINE = NETWORK.compile()


def test_a_posterior_is_read_by_state_and_by_position():
    rain = ENGINE.marginals()["rain"]
    assert (rain.variable, rain.states) == ("rain", ("no", "yes"))
    assert rain["yes"] == rain[1] == rain[True] == rain[-1] == 0.25
    assert rain.to_dict() == {"no": 0.75, "yes": 0.25}
    assert list(rain) == rain.tolist() == [0.75, 0.25]
    assert len(rain) == 2


def test_a_posterior_computes_like_an_array_and_comes_out_plain():
    rain = ENGINE.marginals()["rain"]
    assert np.asarray(rain).tolist() == [0.75, 0.25]
    assert (rain * 2).tolist() == [1.5, 0.5]
    assert type(1 - rain) is np.ndarray
    assert (rain == rain).all()
    assert (np.log2(rain) < 0).all()
    assert (rain.shape, rain.ndim, rain.argmax(), rain.sum()) == ((2,), 1, 0, 1.0)
    with pytest.raises(ValueError, match="read-only"):
        rain[0:2][0] = 1.0
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = rain.colour


@pytest.mark.parametrize("state", ["yess", "", False, "no "])
def test_a_state_that_is_none_is_refused(state):
    wet = ENGINE.marginals()["<wet>"]
    with pytest.raises(EvidenceError):
        wet[state]
    with pytest.raises(UnknownNameError, match="did you mean 'damp'"):
        wet["dampp"]


def test_a_table_has_a_leading_axis_of_cases():
    found = ENGINE.marginals_many([{"rain": True}, {}])
    assert found["<wet>"]["soaked"].tolist() == [0.75, 0.375]
    assert found["<wet>"].to_dict()["dry"].tolist() == [0.0, 0.375]
    frame = found.to_pandas()
    assert frame.columns.names == ["variable", "state"]
    assert frame["<wet>"]["soaked"].tolist() == [0.75, 0.375]
    assert frame["rain"].shape == (2, 2)


def test_a_joint_is_read_by_a_state_of_each():
    joint = ENGINE.joint(["rain", "<wet>"])
    assert joint["yes", "soaked"] == 0.1875
    assert joint["yes", :].tolist() == joint[1].tolist() == [0.0, 0.0625, 0.1875]
    assert joint.to_dict()["no", "dry"] == 0.375
    assert joint.to_pandas()["yes", "soaked"] == 0.1875
    assert ENGINE.family_joint("<wet>")["yes", "soaked"] == 0.1875
    with pytest.raises(EvidenceError, match="a state for each of rain, <wet>"):
        joint["yes"]
    with pytest.raises(EvidenceError, match="2 variables, not of one"):
        _ = joint.states


def test_marginals_turn_into_plain_data_and_a_series():
    found = ENGINE.marginals()
    assert isinstance(found, Marginals)
    assert isinstance(found["rain"], Distribution)
    assert found.to_dict()["<wet>"] == {"dry": 0.375, "damp": 0.25, "soaked": 0.375}
    series = found.to_pandas()
    assert series["rain", "yes"] == 0.25
    assert series.index.names == ["variable", "state"]
    assert isinstance(found["rain"].to_pandas(), pandas.Series)
    assert ENGINE.marginals({"rain": True, "<wet>": "damp"}, []).to_pandas().empty
    with pytest.raises(KeyError):
        found["snow"]


def test_both_print_in_a_line_and_show_a_small_escaped_table():
    found, table = ENGINE.marginals(), ENGINE.marginals_many([{}])
    assert repr(found) == "Marginals(2 variables: rain, <wet>)"
    assert repr(found["rain"]) == "Distribution(rain: no 0.75, yes 0.25)"
    assert repr(table["rain"]) == "Distribution(rain: shape (1, 2))"
    for each in (found, found["<wet>"], table, table["<wet>"], ENGINE.joint(["rain", "<wet>"])):
        shown = each._repr_html_()
        assert shown.startswith("<table>")
        assert "&lt;wet&gt;" in shown
        assert "<wet>" not in shown
    many = Distribution((Variable("v", tuple(map(str, range(500)))),), np.full(500, 0.002))
    assert len(repr(many)) < 80
    assert "and 480 more" in many._repr_html_()


def test_both_pickle():
    found = pickle.loads(pickle.dumps(ENGINE.marginals()))
    assert found["rain"].to_dict() == {"no": 0.75, "yes": 0.25}
    again = pickle.loads(pickle.dumps(found["rain"]))
    assert again["yes"] == 0.25
