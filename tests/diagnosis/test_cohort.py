"""Cohorts: a table says of each row what `diagnose` says of that person."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.models import gearbox

from bayesnet import Network, Table, Variable
from bayesnet.diagnosis.answers.column_evidence import why_impossible
from bayesnet.diagnosis.answers.column_intake import take_in_column, with_implied
from bayesnet.diagnosis.answers.columns import people_of
from bayesnet.diagnosis.cohort import diagnose_many as cohort
from bayesnet.errors import BayesnetError, EvidenceError, UnknownNameError
from bayesnet.network.evidence import encode_table

pa = pytest.importorskip("pyarrow")

FLAGS = ("smoke", "burning_smell", "oil_puddle", "knock")
OFTEN = ("hours", "felt_at", "felt", "drive", "new_clutch", "duration", *FLAGS)


@cache
def answers(name):
    """Answers to one id: sound ones, None for asked and not known, and a few that are wrong."""
    askable = gearbox().known[name]
    if askable.is_number:
        sound = st.one_of(st.integers(0, 9000), st.sampled_from(sorted(askable.answer.bands)))
        return st.one_of(sound, st.none(), st.sampled_from([40_000, 3.5, "old", True]))
    if askable.is_yes_no:
        return st.one_of(st.booleans(), st.booleans(), st.none(), st.just("sometimes"))
    return st.one_of(*[st.sampled_from(askable.answer.states)] * 3, st.none(), st.just("nowhere"))


@st.composite
def people(draw):
    rare = [name for name in gearbox().known if name not in OFTEN]
    names = draw(st.lists(st.sampled_from(rare), unique=True, max_size=8))
    names += draw(st.lists(st.sampled_from(OFTEN), unique=True, max_size=5))
    person = {name: draw(answers(name)) for name in names}
    # One mistake a person at the most, or nearly every person would have one.
    wrong = [name for name in names if failure({name: person[name]})]
    return {name: value for name, value in person.items() if name not in wrong[1:]}


def failure(person):
    try:
        gearbox().diagnose(person)
    except BayesnetError as error:
        return str(error)
    return None


def table_of(persons):
    """The same as columns; empty cells were not asked."""
    names = dict.fromkeys(name for person in persons for name in person)
    return {
        name: [("unknown" if p[name] is None else p[name]) if name in p else None for p in persons]
        for name in names
    }


def in_order(person):
    """A table is read in the order of the model, which matters where a row has two mistakes."""
    return {name: person[name] for name in gearbox().known if name in person}


def check(result, row, person, audience="self"):
    """One row against the report."""
    message = failure(person)
    assert result["error"][row] == message, person
    if message:
        assert [result[name][row] for name in ("triage", "next_question", "pathway")] == [None] * 3
        assert np.isnan(result["worn_bearing"][row])
        assert np.isnan(result["no_identified_cause"][row])
        return
    report = gearbox().diagnose(person, audience)
    for cause in report.causes:
        assert result[cause.id][row] == pytest.approx(cause.probability, abs=1e-9), cause.id
    none = report.no_identified_cause.probability
    assert result["no_identified_cause"][row] == pytest.approx(none, abs=1e-9)
    assert result["triage"][row] == report.triage.level
    assert result["pathway"][row] == report.pathway.id
    asked = report.next_question.id if report.next_question else None
    assert result["next_question"][row] == asked, person


@examples(10)
@given(st.lists(people(), min_size=2, max_size=8), st.sampled_from(["self", "clinician"]))
def test_each_row_is_what_diagnose_says(persons, audience):
    persons = [{"squeal_cold": True}, *persons, persons[0]]
    result = gearbox().diagnose_many(table_of(persons), audience)
    assert len(result) == len(persons)
    for row, person in enumerate(persons):
        check(result, row, in_order(person), audience)


PERSONS = (
    {},
    {"felt_at": "seat", "felt": True},
    {"felt": True, "hours": 4200},
    {"felt": False, "hours": 7000, "getting_worse": True},
    {"felt_at": "seat", "felt": False},
    {"felt_at": "none", "felt": None},
    {"felt_at": "floor", "hours": 6001, "getting_worse": True, "duration": "days"},
    {"felt": True, "hours": 6000, "getting_worse": True, "duration": "days"},
    {"felt": None, "hours": "over_6000", "getting_worse": True, "duration": "days"},
    {"drive": "automatic", "new_clutch": True},
    {"drive": "automatic", "new_clutch": True, "squeal_cold": True},
    {"hours": "up_to_1000", "burning_smell": True, "recent_repair": True, "felt_at": "none"},
    {"hours": 3000, "burning_smell": True, "recent_repair": True, "felt_at": "none"},
    {"hours": 3001, "burning_smell": True, "recent_repair": True, "felt_at": "none"},
    {"oil_puddle": True, "knock": True, "getting_worse": None},
    {"oil_puddle": None, "knock": True, "getting_worse": True},
    {"smoke": True, "squeal_cold": "sometimes"},
    {"smoke": True},
    {"recent_repair": True, "rattle_idle": True, "old_oil": True},
    {"oil_puddle": True},
)


def test_derived_findings_ranges_counts_and_contradictions_row_by_row():
    result = gearbox().diagnose_many(table_of(PERSONS))
    for row, person in enumerate(PERSONS):
        check(result, row, in_order(person))
    assert result.failed.tolist() == [4, 9, 10, 16]
    assert {"self_care", "routine", "soon", "urgent", "emergency"} == {
        level for level in result["triage"] if level
    }


BOTH = {"whine": True, "whine_under_load": True, "squeal_cold": True, "squeal_wet": True}
AT_ODDS = (
    {**BOTH, "hours": 4000},
    {**BOTH, "hours": 4000, "felt_at": None},
    {**BOTH, "hours": 4000, "quiet_downhill": True},
    {**BOTH, "rattle_idle": True, "felt_at": "seat", "oil_puddle": False},
    {"squeal_cold": True, "squeal_wet": True, "rattle_idle": True, "felt_at": "seat"},
    {**BOTH, "smoke": True},
    {"squeal_cold": True},
    {name: BOTH.get(name) for name in gearbox().known if name not in ("felt_at", "towing")},
)


@pytest.mark.parametrize("audience", ["self", "clinician"])
def test_rows_with_causes_at_odds_are_what_diagnose_says(audience):
    result = gearbox().diagnose_many(table_of(AT_ODDS), audience)
    for row, person in enumerate(AT_ODDS):
        check(result, row, in_order(person), audience)


def test_when_all_is_asked_only_mandatory_questions_are_left_or_none():
    known = gearbox().known
    mandatory = [name for name, each in known.items() if each.asked.mandatory]
    persons = [
        dict.fromkeys(known),
        {name: None for name in known if name not in mandatory},
        {name: None for name in known if name != mandatory[2]},
        {name: True if name == "felt" else None for name in known if name != "felt_at"},
    ]
    result = gearbox().diagnose_many(table_of([dict.fromkeys(known, None), *persons]))
    for row, person in enumerate(persons, start=1):
        check(result, row, person)
    assert result["next_question"][1] is None
    gates = gearbox().description.interview.gates
    assert mandatory[2] in gates[result["next_question"][3]].lines


def test_an_answer_may_be_spelt_as_files_spell_it():
    spelt = {
        "squeal_cold": ["yes", "Yes", " TRUE ", "1", True, 1, 1.0, np.True_],
        "rattle_idle": ["no", "No", "false", "0", False, 0, 0.0, np.False_],
        "hours": [42, "42", "42.0", 42.0, np.int64(42), " 42", "+42", np.float64(42)],
        "onset": ["sudden", "Sudden", "SUDDEN", *["sudden"] * 5],
        "drive": ["unknown", "Unknown", *["UNKNOWN"] * 6],
    }
    result = gearbox().diagnose_many(spelt)
    person = {
        "squeal_cold": True, "rattle_idle": False, "hours": 42, "onset": "sudden", "drive": None,
    }  # fmt: skip
    for row in range(8):
        check(result, row, person)


def test_true_and_one_are_different_cells():
    column = people_of({"hours": [True, 1, 1.0, 1, None]}, ["hours"]).columns["hours"]
    assert [type(value) for value in column.values] == [bool, int, float]
    assert column.codes.tolist() == [0, 1, 2, 1, -1]


def test_what_was_given_stands_and_what_follows_is_added():
    table = {"felt_at": ["seat", "none", None, None], "felt": [None, "", 1, 0]}
    columns = people_of(table, gearbox().known).columns
    taken = {name: take_in_column(gearbox().known, name, each) for name, each in columns.items()}
    assert with_implied(gearbox().known, taken)["felt"].codes.tolist() == [1, 0, 1, 0]


TABLE = {"hours": [42, None, 17], "squeal_cold": [1, None, 0], "felt_at": ["seat", "", None]}


@pytest.mark.parametrize(
    "table",
    [
        pa.table({**TABLE, "felt_at": ["seat", None, None]}),
        pa.table(TABLE).to_batches()[0],
        pa.concat_tables([pa.table(TABLE).slice(0, 1), pa.table(TABLE).slice(1)]),
        pa.table({**TABLE, "felt_at": pa.array(TABLE["felt_at"]).dictionary_encode()}),
        pa.table({**TABLE, "drive": pa.nulls(3)}),
        {**TABLE, "felt_at": pa.array(TABLE["felt_at"])},
        {**TABLE, "felt_at": np.array(["seat", "", ""])},
        {"hours": np.array([42, np.nan, 17]), "squeal_cold": np.array([1, np.nan, 0]),
         "felt_at": np.array(["seat", None, np.nan], dtype=object)},
    ],
)  # fmt: skip
def test_every_kind_of_table_says_the_same(table):
    expected = gearbox().diagnose_many(TABLE)
    found = gearbox().diagnose_many(table)
    assert found.to_arrow().equals(expected.to_arrow())
    assert not len(found.failed)


def test_a_row_does_not_depend_on_the_others_nor_on_how_many_go_at_once(monkeypatch):
    whole = gearbox().diagnose_many(table_of(PERSONS))
    monkeypatch.setattr(cohort, "AT_ONCE", 4)
    assert gearbox().diagnose_many(table_of(PERSONS)).to_arrow().equals(whole.to_arrow())
    table = table_of(PERSONS)
    for row in (0, 2, 6, 18):
        alone = gearbox().diagnose_many(
            {name: cells[row : row + 1] for name, cells in table.items()}
        )
        for name, column in whole.columns.items():
            assert alone[name][0] == column[row] or column.dtype == float
            if column.dtype == float:
                assert alone[name][0] == pytest.approx(column[row], abs=1e-12)


def test_an_impossible_row_names_its_own_conflict_whatever_the_others_have():
    """The second row holds the first one's conflict too, and alone would name the other."""
    chance = [[1.0, 0.0], [0.5, 0.5]]
    variables = [Variable(name, ("no", "yes")) for name in "abcd"]
    tables = [
        Table("a", (), [0.5, 0.5]),
        Table("b", ("a",), chance),
        Table("c", (), [0.5, 0.5]),
        Table("d", ("c",), chance),
    ]
    network = Network(tuple(variables), tuple(tables))
    rows = [{"a": "no", "b": "yes"}, {"a": "no", "b": "yes", "c": "no", "d": "yes"}]
    inference = network.compile().inference
    both = why_impossible(inference, encode_table(network, rows))
    assert [both[0], both[1]] == [
        why_impossible(inference, encode_table(network, [row]))[0] for row in rows
    ]
    assert "c = no, d = yes" in both[1]


def test_more_kinds_of_rows_than_a_number_holds():
    """So many ids give more combinations than 64 bits count."""
    random = np.random.default_rng(7)
    table = {
        name: random.choice(["unknown", "", "wrong"], 12, p=[0.6, 0.399, 0.001])
        for name, each in gearbox().known.items()
        if each.asked.asked_of == "clinician" or each.asked.mandatory
    }
    table |= {
        name: random.choice([True, False], 12) for name in ("squeal_cold", "rattle_idle", "whine")
    }
    table |= {name: ["unknown"] * 12 for name in gearbox().known if name not in table}
    result = gearbox().diagnose_many(table)
    for row in (0, 5, 11):
        cells = {name: column[row] for name, column in table.items() if str(column[row])}
        told = {n: None if str(v) == "unknown" else v for n, v in cells.items()}
        check(result, row, in_order(told))


def test_arrow_has_nulls_where_there_is_nothing():
    found = gearbox().diagnose_many({"squeal_cold": [True, "sometimes"]}).to_arrow()
    assert found.column_names == [
        *gearbox().description.causes,
        *("no_identified_cause", "triage", "next_question", "pathway", "error"),
    ]
    assert found["worn_bearing"].type == pa.float64()
    assert found["worn_bearing"].null_count == found["triage"].null_count == 1
    assert found["error"].to_pylist()[0] is None


@pytest.mark.parametrize("table", [{}, {"squeal_cold": []}, pa.table({"squeal_cold": pa.nulls(0)})])
def test_no_rows_come_to_no_rows(table):
    result = gearbox().diagnose_many(table)
    assert len(result) == 0
    assert result.to_arrow().num_rows == 0


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"quiet_downhil": [True]}, "did you mean 'quiet_downhill'"),
        ({"worn_bearing": [True]}, "unknown evidence: 'worn_bearing'"),
        ({"squeal_cold": [True], "hours": [1, 2]}, "'squeal_cold' has 1 values and 'hours' has 2"),
        ({"squeal_cold": np.ones((2, 2))}, "one value a case"),
        ({"squeal_cold": "yes"}, "one value a case"),
        ({"squeal_cold": 1}, "one value a case"),
        ({"squeal_cold": pa.array([[True]])}, "holds list<item: bool>"),
        (pa.table([[True], [True]], names=["hours", "hours"]), "'hours' stands there twice"),
        ([{"squeal_cold": True}, "yes"], "a list of mappings.*; item 1 of this list is str"),
        ("squeal_cold", "a list of mappings, a data frame or an Arrow table, not str"),
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole(table, said):
    with pytest.raises(EvidenceError, match=said.replace("<", ".").replace(">", ".")):
        gearbox().diagnose_many(table)


def test_only_the_columns_that_are_wanted_come_out_and_say_the_same():
    table = {"felt": ["bumps", None], "smoke": [True, "sometimes"], "id": [7, 8]}
    whole = gearbox().diagnose_many(table, keep="id")
    some = gearbox().diagnose_many(table, keep="id", fields=["pathway", "triage"])
    assert list(some.columns) == ["id", "triage", "pathway", "error"]
    for name, column in some.columns.items():
        np.testing.assert_array_equal(column, whole[name])
    with pytest.raises(UnknownNameError, match="triage"):
        gearbox().diagnose_many(table, keep="id", fields="triag")


def test_without_next_question_in_the_columns_an_open_case_comes_out_as_well():
    """Questions that the urgency hangs on are open for it, though none is wanted."""
    table = {"felt": ["bumps", None]}
    for fields in (["triage"], ["pathway"], ["worn_bearing"]):
        some = gearbox().diagnose_many(table, fields=fields)
        np.testing.assert_array_equal(some[fields[0]], gearbox().diagnose_many(table)[fields[0]])


def test_an_unknown_audience_is_refused():
    with pytest.raises(EvidenceError, match="self, clinician"):
        gearbox().diagnose_many(TABLE, "doctor")
    with pytest.raises(UnknownNameError):
        gearbox().diagnose_many({"nothing": [1]}, "clinician")


def test_cells_that_no_answer_looks_like_are_errors_of_their_rows():
    cells = [[1], {"a": 1}, {1}, b"yes", b"\xff", object(), float("inf"), 10**30, "x" * 500]
    result = gearbox().diagnose_many({"squeal_cold": cells, "hours": [42] * len(cells)})
    assert result.failed.tolist() == [0, 1, 2, 4, 5, 6, 7, 8]
