"""What a value in evidence names: one rule for one case, a column, gaps, and every type."""

import io

import numpy as np
import pandas
import pyarrow
import pytest

from bayesnet import (
    EvidenceError,
    ImpossibleEvidenceError,
    Network,
    Table,
    UnknownNameError,
    Variable,
    read_network,
)

X = Variable("x", ("1", "2", "3"))
STAGES = Network(
    (X, Variable("y", ("a", "b"))),
    (
        Table("x", (), np.array([0.5, 0.3, 0.2])),
        Table("y", ("x",), np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])),
    ),
)
ONE, TWO, NONE = [0.9, 0.1], [0.5, 0.5], [0.62, 0.38]


def one_variable(*states: str) -> Network:
    values = np.full(len(states), 1 / len(states))
    return Network((Variable("v", states),), (Table("v", (), values),))


def observed(network: Network, value: object) -> list[float]:
    """The posterior of `v` where it is observed, by the table, since one case leaves it out."""
    return network.compile().marginals_many([{"v": value}])["v"][0].tolist()


@pytest.mark.parametrize(
    "column",
    [
        [1, 2],
        [1.0, 2.0],
        ["1", "2"],
        [1, "2"],
        [1, np.float32(2)],
        np.array([1, 2]),
        np.array([1, 2], dtype=np.int8),
        np.array([1.0, 2.0]),
        np.array(["1", "2"]),
        pandas.Series([1, 2]),
        pandas.Series([1.0, 2.0]),
        pandas.Series(["1", "2"], dtype="category"),
        pyarrow.array([1, 2]),
        pyarrow.array(["1", "2"]),
    ],
)
def test_whole_numbers_name_states_that_are_numbers_with_and_without_gaps(column):
    engine = STAGES.compile()
    whole = engine.marginals_many({"x": column})["y"]
    np.testing.assert_allclose(whole, [ONE, TWO], atol=1e-12)
    cells = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    gaps = engine.marginals_many({"x": [*cells[:1], None, float("nan"), ""]})["y"]
    np.testing.assert_allclose(gaps, [ONE, NONE, NONE, NONE], atol=1e-12)
    for value, expected in zip(cells, (ONE, TWO), strict=True):
        found = engine.marginals({"x": value})["y"]
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_frame_with_gaps_says_the_same_as_one_without():
    engine = STAGES.compile()
    for table in (
        pandas.DataFrame({"x": [1, None, 2]}),
        pandas.DataFrame({"x": pandas.array([1, None, 2], dtype="Int64")}),
        pyarrow.table({"x": [1, None, 2]}),
        pyarrow.table({"x": [1, None, 2]}).to_batches()[0],
        [{"x": 1}, {}, {"x": 2}],
        [{"x": 1}, {"x": pandas.NA}, {"x": 2}],
    ):
        found = engine.marginals_many(table)["y"]
        np.testing.assert_allclose(found, [ONE, NONE, TWO], atol=1e-12)


@pytest.mark.parametrize("value", [0, 4, -1, 1.5, 10**30, True, np.True_])
def test_a_number_that_names_no_state_is_refused_in_one_case_and_in_a_column(value):
    engine = STAGES.compile()
    for ask in (
        lambda: engine.marginals({"x": value}),
        lambda: engine.marginals_many({"x": [value]}),
        lambda: engine.marginals_many({"x": [None, value]}),
        lambda: engine.marginals_many({"x": np.array([value])}),
    ):
        with pytest.raises(EvidenceError, match="give one of its states: 1, 2, 3"):
            ask()


def test_a_number_for_a_state_that_is_a_word_is_refused_with_what_to_give():
    engine = one_variable("no", "yes").compile()
    for ask in (
        lambda: engine.marginals({"v": 1}),
        lambda: engine.marginals_many({"v": [1]}),
        lambda: engine.marginals_many({"v": np.array([0, 1])}),
    ):
        with pytest.raises(EvidenceError, match=r"no, yes; .* network.state_names\(\{'v': pos"):
            ask()


@pytest.mark.parametrize("states", [("no", "yes"), ("true", "false"), ("Absent", "Present")])
def test_true_and_false_name_the_states_that_mean_so(states):
    network = one_variable(*states)
    yes = next(s for s in states if s.lower() in ("yes", "true", "present"))
    for value in (True, np.True_):
        assert observed(network, value) == observed(network, yes)
        assert observed(network, not value) != observed(network, yes)


def test_true_names_one_where_the_states_are_0_and_1_and_nothing_among_more_numbers():
    assert observed(one_variable("0", "1"), True) == [0.0, 1.0]
    assert observed(one_variable("1", "0"), False) == [0.0, 1.0]
    with pytest.raises(EvidenceError, match="not yes/no"):
        observed(one_variable("0", "1", "2"), True)


def test_true_beside_one_in_a_column_keeps_its_own_meaning():
    engine = one_variable("no", "yes").compile()
    with pytest.raises(EvidenceError, match="no state 1"):
        engine.marginals_many({"v": [True, 1]})


def test_two_states_that_are_the_same_number_are_named_by_text_only():
    network = one_variable("1", "1.0", "01")
    assert observed(network, "1.0") == [0.0, 1.0, 0.0]
    with pytest.raises(EvidenceError, match="no state 1"):
        observed(network, 1)


def test_a_state_named_by_the_empty_text_is_a_state_in_one_case_and_in_a_column():
    network = Network(
        (Variable("v", ("", "b")), Variable("w", ("a", "b"))),
        (Table("v", (), np.array([0.5, 0.5])), Table("w", ("v",), np.eye(2))),
    )
    engine = network.compile()
    assert engine.marginals({"v": ""})["w"].tolist() == [1.0, 0.0]
    assert engine.marginals_many({"v": ["", None]})["w"].tolist() == [[1.0, 0.0], [0.5, 0.5]]


def test_positions_are_turned_into_names_by_a_call_that_says_so():
    names = STAGES.state_names({"x": [0, 1, -1], "y": np.array([1, 0, 0], dtype=np.int8)})
    assert names["x"].tolist() == ["1", "2", None]
    assert names["y"].tolist() == ["b", "a", "a"]
    found = STAGES.compile().marginals_many({"x": names["x"]})["y"]
    np.testing.assert_allclose(found, [ONE, TWO, NONE], atol=1e-12)
    assert STAGES.state_names({"x": []})["x"].tolist() == []


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        ({"x": [3]}, "-1 .not observed. to 2"),
        ({"x": [-2]}, "-1 .not observed. to 2"),
        ({"x": [0.0]}, "whole numbers"),
        ({"x": [True]}, "whole numbers"),
        ({"x": ["1"]}, "whole numbers"),
        ({"xx": [0]}, "did you mean 'x'"),
    ],
)
def test_what_is_no_position_is_refused(positions, said):
    with pytest.raises(EvidenceError, match=said):
        STAGES.state_names(positions)


LIKELY = {"1": 0.9, "2": 0.1, "3": 0.1}


@pytest.mark.parametrize(
    "likelihood",
    [
        LIKELY,
        {1: 0.9, 2: 0.1, 3: 0.1},
        {"1": 0.9, 2: 0.1, 3.0: 0.1},
        {np.int64(3): 0.1, 2: 0.1, "1": 0.9},
        pandas.Series({"3": 0.1, "2": 0.1, "1": 0.9}),
        pandas.Series([0.1, 0.1, 0.9], index=[3, 2, 1]),
        [0.9, 0.1, 0.1],
        np.array([0.9, 0.1, 0.1]),
    ],
)
def test_every_key_of_a_likelihood_is_read(likelihood):
    found = STAGES.compile().marginals({"x": likelihood})["x"]
    np.testing.assert_allclose(found, np.array([0.45, 0.03, 0.02]) / 0.5, atol=1e-12)


def test_true_and_false_are_keys_of_a_likelihood():
    engine = one_variable("True", "False").compile()
    found = engine.marginals({"v": {True: 0.9, False: 0.1}})["v"]
    np.testing.assert_allclose(found, [0.9, 0.1])


@pytest.mark.parametrize(
    ("likelihood", "said"),
    [
        ({"1": 0.9, 1: 0.1}, "twice"),
        ({0: 0.9}, "no state 0"),
        ({None: 0.9}, "is no state"),
        ({"four": 1.0}, "unknown state of 'x': 'four'"),
        ({"1": "much"}, "3 numbers"),
        (["1", "two", "3"], "3 numbers"),
        ([0.1, 0.2], "3 numbers"),
        ([0.1, -0.2, 0.3], "at least 0"),
        ([0.1, -1e-9, 0.3], "at least 0"),
        (pandas.Series([0.1, 0.2, 0.3]), "no state 0"),
        ({"1"}, "3 numbers"),
        (b"1", "give one of its states"),
        (object(), "give one of its states"),
    ],
)
def test_a_likelihood_that_cannot_be_read_is_refused(likelihood, said):
    with pytest.raises(EvidenceError, match=said):
        STAGES.compile().marginals({"x": likelihood})


def test_a_likelihood_of_zeros_is_called_that():
    engine = STAGES.compile()
    for zeros in ([0, 0, 0], {"1": 0.0}):
        with pytest.raises(
            ImpossibleEvidenceError, match=r"x \(likelihood of 0 for every state\) has prob"
        ):
            engine.marginals({"x": zeros})


NUMBERED = Network(
    (Variable("0", ("no", "yes")), Variable("1", ("no", "yes"))),
    (Table("0", (), np.array([0.7, 0.3])), Table("1", ("0",), np.array([[0.9, 0.1], [0.2, 0.8]]))),
)


def test_a_whole_number_names_the_variable_that_is_called_so():
    engine = NUMBERED.compile()
    expected = engine.marginals({"0": "yes"})["1"].tolist()
    for name in (0, np.int64(0), np.str_("0")):
        assert engine.marginals({name: "yes"})["1"].tolist() == expected
        assert engine.marginals({name: True})["1"].tolist() == expected
    frame = pandas.DataFrame([["yes"]], columns=[0])
    assert engine.marginals_many(frame)["1"].tolist() == [expected]


def test_a_variable_that_is_named_twice_is_refused_not_dropped():
    engine = NUMBERED.compile()
    for ask in (
        lambda: engine.marginals({0: "yes", "0": "no"}),
        lambda: engine.marginals_many({0: ["yes"], "0": ["no"]}),
    ):
        with pytest.raises(EvidenceError, match="'0' stands there twice"):
            ask()
    with pytest.raises(UnknownNameError, match="unknown variable: 'True'"):
        engine.marginals({True: "yes"})


def test_the_cells_of_many_states_are_not_all_listed():
    network = one_variable(*(f"s{i}" for i in range(1000)))
    with pytest.raises(EvidenceError) as raised:
        observed(network, 5)
    assert "1,000 in all" in str(raised.value)
    assert len(str(raised.value)) < 400


STAGED = """\
network n { }
variable stage { type discrete [ 3 ] { 1, 2, 3 }; }
variable jam { type discrete [ 2 ] { 0, 1 }; }
probability ( stage ) { table 0.5, 0.3, 0.2; }
probability ( jam | stage ) { (1) 0.9, 0.1; (2) 0.5, 0.5; (3) 0.1, 0.9; }
"""


def test_states_of_a_file_that_are_numbers_are_read_as_pandas_reads_a_file(tmp_path):
    (tmp_path / "staged.bif").write_text(STAGED)
    engine = read_network(tmp_path / "staged.bif").compile()
    posterior_of_stage = [0.05 / 0.38, 0.15 / 0.38, 0.18 / 0.38]
    for jam in ("1", 1, 1.0, np.int64(1), True):
        np.testing.assert_allclose(engine.marginals({"jam": jam})["stage"], posterior_of_stage)
    for text, expected in (
        ("stage,jam\n1,\n2,\n3,\n", [0.1, 0.5, 0.9]),
        ("stage,jam\n1,\n,\n3,\n", [0.1, 0.38, 0.9]),
    ):
        found = engine.marginals_many(pandas.read_csv(io.StringIO(text)))
        np.testing.assert_allclose(found["jam"]["1"], expected)
