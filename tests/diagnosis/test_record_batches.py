"""A packed model: Arrow in, Arrow out; each row by itself, columns kept as they are, or refused."""

import datetime
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.models import gearbox, runner

import bayesnet
from bayesnet.diagnosis.cohort import mapper as packing
from bayesnet.errors import BayesnetError, EvidenceError, UnknownNameError

pa = pytest.importorskip("pyarrow")

KEPT = {
    "text": pa.array(["a", None]),
    "not UTF-8": pa.array([b"\xff", None]).view(pa.string()),
    "large": pa.array(["a", None], pa.large_string()),
    "view": pa.array(["a", None], pa.string_view()),
    "bytes": pa.array([b"\xff", None], pa.binary_view()),
    "category": pa.DictionaryArray.from_arrays(pa.array([1, None], pa.int8()), ["unused", "b"]),
    "repeated": pa.RunEndEncodedArray.from_arrays([2], ["a"]),
    "NaN": pa.array([float("nan"), -0.0]),
    "half": pa.array([1.5, None], pa.float16()),
    "unsigned": pa.array([2**64 - 1, None], pa.uint64()),
    "decimal": pa.array([Decimal("1.50"), None], pa.decimal128(38, 10)),
    "small decimal": pa.array([Decimal("1.50"), None], pa.decimal32(5, 2)),
    "large decimal": pa.array([Decimal(10**60), None], pa.decimal256(70, 0)),
    "nanoseconds": pa.array([1, None], pa.timestamp("ns")),
    "zone": pa.array([datetime.datetime(2024, 2, 3), None], pa.timestamp("us", "Europe/Berlin")),
    "no calendar has it": pa.array([2**62, None], pa.timestamp("s")),
    "duration": pa.array([1, None], pa.duration("ns")),
    "interval": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
    "time": pa.array([1, None], pa.time64("ns")),
    "nothing": pa.nulls(2),
    "list": pa.array([[1, None], None]),
    "list view": pa.array([["a"], None], pa.list_view(pa.string())),
    "fixed list": pa.array([[1, 2], None], pa.list_(pa.int8(), 2)),
    "structure": pa.array([{"a": [{"b": None}]}, None]),
    "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    "union": pa.UnionArray.from_sparse(
        pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])]
    ),
    "uuid": pa.array([bytes(16), None], pa.uuid()),
    "json": pa.array(['{"a": 1}', None], pa.json_()),
    "extension": pa.array([1, 0], pa.int8()).cast(pa.bool8()),
}
"""Two values of each kind of column that Arrow has."""
PEOPLE = {
    "hours": ["4200", None, "many", "unknown", "61", "4200"],
    "felt_at": [None, "seat", "floor", None, "seat", None],
    "smoke": ["yes", None, "no", None, "unknown", "yes"],
    "squeal_cold": [None, None, "yes", "no", "no", None],
    "drive": [None, "automatic", None, None, None, None],
    "new_clutch": [None, "yes", None, None, None, None],
}
"""Six people: the third has no such number of hours, the second cannot be, the last repeats."""


def mapper(keep=(), fields=None):
    return bayesnet.cohort_mapper(gearbox(), keep, fields, executor="numpy")


@pytest.mark.parametrize("name", KEPT)
def test_a_column_of_any_kind_comes_out_as_it_went_in(name):
    field = pa.field("id", KEPT[name].type, metadata={"origin": "ward 7"})
    batch = pa.record_batch([["yes", None], KEPT[name]], pa.schema([("smoke", pa.string()), field]))
    (found,) = mapper("id", "triage")([batch])
    found.validate(full=name != "not UTF-8")
    assert found.schema.field("id").equals(field, check_metadata=True)
    ours, theirs = (pa.record_batch([each], ["id"]).serialize() for each in (found["id"], batch[1]))
    assert ours.equals(theirs), "the same bytes"
    assert mapper("id", "triage").table(pa.table(batch))["id"].type == KEPT[name].type
    assert gearbox().diagnose_many(batch, keep="id", fields="triage").to_arrow()["id"].type == (
        KEPT[name].type
    )


def test_batches_may_differ_in_all_but_the_types_of_what_is_kept():
    whole = pa.record_batch({"id": [7, 7, 9, 1, 2, 3], **PEOPLE})
    parts = [
        whole.slice(0, 2),
        whole.slice(2, 0),
        whole.slice(2, 2).select([*reversed(whole.schema.names)]),
        whole.slice(4).set_column(1, "hours", pa.array([61.0, 4200.0])),
    ]
    call = mapper("id")
    found = list(call(parts))
    assert [batch.num_rows for batch in found] == [2, 0, 2, 2]
    assert {batch.schema for batch in found} == {call.output_schema(whole.schema)}
    assert pa.Table.from_batches(found).combine_chunks().equals(call.table(pa.table(whole)))
    assert pa.Table.from_batches(found)["error"].is_valid().to_pylist() == [
        *(False, True, True),
        *(False, False, False),
    ]
    assert list(call([])) == []
    changed = whole.set_column(0, "id", pa.array([str(n) for n in range(6)]))
    with pytest.raises(EvidenceError, match="batch 2: column 'id' is string, and int64 in the fir"):
        list(call([whole, changed]))


def bits(table):
    """The bytes of the probabilities, and the texts, of a table whose first column is the id."""
    floats = [column for column in table.columns[1:] if pa.types.is_floating(column.type)]
    texts = [column.to_pylist() for column in table.columns[1 + len(floats) :]]
    return [column.to_numpy().tobytes() for column in floats], texts


@settings(max_examples=8)
@given(st.permutations(range(18)), st.lists(st.integers(1, 17), unique=True, max_size=4))
def test_a_row_does_not_depend_on_those_beside_it(order, cuts):
    """Columns that nobody of a part has an answer in are left out of every second part."""
    cells = {name: [*values, *values[2:], *values[1:], *values[:3]] for name, values in OFTEN}
    rows = pa.record_batch({"id": list(range(18)), **cells})
    call, ends = bayesnet.cohort_mapper(gearbox(), "id"), sorted({0, *cuts, 18})
    parts = []
    for place, (start, end) in enumerate(pairwise(ends)):
        part = rows.take(pa.array(order[start:end]))
        said = [name for name in part.schema.names if part[name].null_count < part.num_rows]
        parts.append(part.select(said) if place % 2 else part)
    found = pa.Table.from_batches(call(parts)).sort_by("id")
    assert bits(found) == bits(call.table(pa.table(rows)))


OFTEN = [*PEOPLE.items(), ("felt", [None, "bumps", None, "bumps", None, "unknown"])]


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([Decimal("4200"), None]),
        pa.array([Decimal("4200.000"), None], pa.decimal256(50, 3)),
        pa.array([Decimal("4200"), None], pa.decimal64(8, 0)),
        pa.array([4200.0, float("nan")]),
        pa.array(["4200", ""], pa.string_view()),
        pa.array(["4200", None], pa.large_string()),
        pa.chunked_array([["4200"], [None]]),
        pa.DictionaryArray.from_arrays(pa.array([1, None]), pa.array(["unused", "4200"])),
        pa.array(["4200", None], pa.json_()),
    ],
)
def test_an_answer_is_the_same_in_any_type(cells):
    """A decimal is what Spark and databases send; NaN, like null, is not asked."""
    expected = gearbox().diagnose_many({"hours": [4200, None]}).to_arrow()
    assert gearbox().diagnose_many(pa.table({"hours": cells})).to_arrow().equals(expected)


@pytest.mark.parametrize("value", [Decimal("4200"), Decimal("4200.0")])
def test_one_person_may_be_told_of_in_decimals(value):
    assert gearbox().diagnose({"hours": value, "smoke": Decimal(1)}).to_dict() == (
        gearbox().diagnose({"hours": 4200, "smoke": True}).to_dict()
    )
    for wrong in (Decimal("NaN"), Decimal("sNaN"), Decimal("1e400"), Decimal("4200.5")):
        with pytest.raises(EvidenceError, match="give a whole number"):
            gearbox().diagnose({"hours": wrong})


def test_a_moment_is_one_persons_wrong_answer():
    cells = pa.array([None, datetime.datetime(2024, 2, 3)], pa.timestamp("ns", "UTC"))
    found = mapper().table(pa.table({"hours": cells, "smoke": [b"\xff", None]}))
    assert [text and text.partition(";")[0] for text in found["error"].to_pylist()] == [
        "'smoke' is '�'",
        "'hours' is '2024-02-03 00:00:00.000000000Z'",
    ]


@pytest.mark.parametrize(
    ("columns", "keep", "said"),
    [
        ({"patient_id": [1]}, (), r"unknown evidence: 'patient_id'.* with keep=\['patient_id'\]"),
        ({"pid": [1], "ward": [1]}, ("pid",), r"'ward'.* with keep=\['pid', 'ward'\]"),
        ({"pid": [1], "ward": [1]}, (), r"pass what is no evidence .*keep=\['pid', 'ward'\]"),
        ({"smoke": ["yes"]}, ("id",), "unknown column: 'id'"),
        ({"triage": [1]}, ("triage",), r"keep=\['triage'\]: the result has a column of that name"),
        ({"hours": [[4200]]}, (), "column 'hours' holds list<.*; give single answers"),
        ({"hours": [{"n": 1}]}, (), "column 'hours' holds struct<"),
        ({"hours": pa.array([1], pa.duration("s"))}, (), "column 'hours' holds duration"),
        ({"hours": KEPT["interval"]}, (), "column 'hours' holds month_day_nano_interval"),
        ({"hours": KEPT["repeated"]}, (), "column 'hours' holds run_end_encoded"),
    ],
)
def test_a_table_that_cannot_be_answered_for_is_refused_before_a_row_is_read(columns, keep, said):
    table = pa.table(columns)
    for ask in (lambda call: call.output_schema(table.schema), lambda call: call.table(table)):
        with pytest.raises(EvidenceError, match=said):
            ask(mapper(keep))


def test_a_time_zone_that_nobody_knows_is_named_with_its_column():
    cells = pa.array([1], pa.timestamp("s", "No/Where"))
    with pytest.raises(EvidenceError, match=r"column 'hours' holds timestamp.*No/Where"):
        mapper().table(pa.table({"hours": cells}))


def test_a_column_of_two_names_is_refused():
    with pytest.raises(EvidenceError, match="'id' stands there twice"):
        mapper("id").output_schema(pa.schema([("id", pa.int8()), ("id", pa.int8())]))


def test_a_data_frame_keeps_its_index_and_what_it_had():
    frame = pandas.DataFrame(PEOPLE, index=[*"abcdef"])
    frame["when"] = pandas.Categorical(["new"] * 6, ["old", "new"])
    found = mapper("when", "triage").frame(frame)
    assert found.index.equals(frame.index)
    assert found["when"].equals(frame["when"])
    assert found["triage"].tolist()[3:] == gearbox().diagnose_many(PEOPLE)["triage"].tolist()[3:]
    assert mapper("when").frame(frame.head(0)).shape == (
        0,
        len(mapper("when").frame(frame).columns),
    )


def test_a_model_goes_to_workers_small_and_whole():
    packed = bayesnet.cohort_mapper("lbp-runner", ["id"], ["triage", "disc"])
    assert len(pickle.dumps(packed)) <= 1_000_000
    assert packed.sha256 == runner().compiled.sha256
    assert repr(packed).startswith("CohortMapper(lbp-runner 0.1.0, sha256 ")
    again = pickle.loads(pickle.dumps(packed))
    assert again == packed
    table = pa.table({"id": [1, 2], "age": [42, None], "leaning_back": [None, "yes"]})
    assert again.table(table).equals(
        runner().diagnose_many(table, "self", "id", packed.request.fields).to_arrow()
    )


def test_a_process_unpacks_a_model_once_whoever_asks(monkeypatch):
    unpacked = []

    def counted(model):
        unpacked.append(model)
        return compiled(model)

    compiled = packing.DiagnosticModel
    monkeypatch.setattr(packing, "DiagnosticModel", counted)
    packing._unpacked.cache_clear()
    sent = pickle.dumps(mapper(fields="triage"))
    table = pa.table({"smoke": ["yes"]})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: pickle.loads(sent).table(table), range(8)))
    assert len(unpacked) == 1


def test_a_worker_computes_in_one_thread(monkeypatch):
    pytest.importorskip("numba")

    def refused(*_):
        raise AssertionError("a pool of threads")

    table = {"hours": list(range(200))}
    expected = gearbox().diagnose_many(table, fields="worn_bearing")["worn_bearing"]
    monkeypatch.setattr("bayesnet.inference.compiled.rows.ThreadPoolExecutor", refused)
    call = bayesnet.cohort_mapper(gearbox(), fields="worn_bearing", executor="numba")
    np.testing.assert_array_equal(call.diagnose_many(table)["worn_bearing"], expected)


def test_functions_are_compiled_where_none_can_be_kept(monkeypatch):
    factors = pytest.importorskip("bayesnet.inference.compiled.factors")

    def refused(**options):
        if options.get("cache"):
            raise RuntimeError("no locator available")

    assert factors._has_a_cache()
    monkeypatch.setattr(factors, "njit", refused)
    assert not factors._has_a_cache()


def test_what_would_answer_otherwise_refuses(monkeypatch):
    sha256 = gearbox().compiled.sha256
    assert bayesnet.cohort_mapper(gearbox(), sha256=sha256).sha256 == sha256
    with pytest.raises(EvidenceError, match=f"gearbox has the sha256 {sha256}, not abc; give"):
        bayesnet.cohort_mapper(gearbox(), sha256="abc")
    with pytest.raises(UnknownNameError, match="executor: 'gpu'"):
        bayesnet.cohort_mapper(gearbox(), executor="gpu")
    with pytest.raises(UnknownNameError, match="field: 'triag'; did you mean 'triage'"):
        bayesnet.cohort_mapper(gearbox(), fields=["triag"])
    with pytest.raises(EvidenceError, match="self, clinician"):
        bayesnet.cohort_mapper(gearbox(), audience="doctor")
    sent = bayesnet.cohort_mapper(gearbox())
    monkeypatch.setattr("bayesnet.analysis.inference.find_spec", lambda name: None)
    assert bayesnet.cohort_mapper(gearbox()).executor == "numpy"
    if sent.executor == "numba":
        with pytest.raises(BayesnetError, match=r"has no numba.*lbp-infer\[fast\]"):
            sent.table(pa.table({"smoke": ["yes"]}))
    monkeypatch.setattr(packing, "version", lambda: "9.9")
    with pytest.raises(BayesnetError, match=r"has lbp-infer 9\.9, and .* sent by 0\.1\.0"):
        sent.output_schema(pa.schema([]))
