"""Columns passed through by --keep: the same value in every format, or a message that says why."""

import csv
import datetime
import decimal
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lbp_infer.files.cell_types import json_type
from lbp_infer.files.kept_columns import kept_cells, kept_type
from support.cli import refused, run

from bayesnet.errors import EvidenceError

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.usefixtures("in_folder")

MOMENT = datetime.datetime(2024, 2, 3, 4, 5, 6)
ARRAYS = {
    "text": pa.array(["a", 'b, "c"\nd', "", None, "é"]),
    "large": pa.array(["a", None], pa.large_string()),
    "view": pa.array(["a", None], pa.string_view()),
    "category": pa.array(["a", None, "a"]).dictionary_encode(),
    "bytes": pa.array([b"a", None]),
    "int": pa.array([2**63 - 1, -1, None]),
    "unsigned": pa.array([2**64 - 1], pa.uint64()),
    "float": pa.array([0.1, 1e300, -0.0, None]),
    "single": pa.array([0.1, None], pa.float32()),
    "decimal": pa.array([decimal.Decimal("1.50"), None]),
    "bool": pa.array([True, False, None]),
    "nothing": pa.nulls(2),
    "seconds": pa.array([MOMENT, None], pa.timestamp("s")),
    "nanoseconds": pa.array([1, None], pa.timestamp("ns")),
    "zone": pa.array([MOMENT], pa.timestamp("us", "UTC")),
    "date": pa.array([MOMENT.date(), None]),
    "time": pa.array([1, None], pa.time64("ns")),
    "json": pa.array(["1e2", '"a\\u00e9"', '{"a": [0.10]}', None], json_type()),
}
TEXTS = {
    "float": ["0.1", "1e+300", "-0", None],
    "single": ["0.1", None],
    "decimal": ["1.50", None],
    "bool": ["true", "false", None],
    "seconds": ["2024-02-03 04:05:06", None],
    "nanoseconds": ["1970-01-01 00:00:00.000000001", None],
    "zone": ["2024-02-03 04:05:06.000000Z"],
    "date": ["2024-02-03", None],
    "time": ["00:00:00.000000001", None],
    "json": ["1e2", "aé", '{"a": [0.10]}', None],
}
NUMBERS = ("int", "unsigned", "float", "single", "decimal", "bool")


def text_of(name):
    """What the values of an example are as text."""
    values = [v.decode() if isinstance(v, bytes) else v for v in ARRAYS[name].to_pylist()]
    return TEXTS.get(name, [None if value is None else str(value) for value in values])


@pytest.mark.parametrize("name", ARRAYS)
def test_csv_holds_the_text_of_every_value(name):
    cells = kept_cells("id", ARRAYS[name], "csv", 0)
    assert cells.type == kept_type("id", ARRAYS[name].type, "csv")
    assert cells.cast(pa.string()).to_pylist() == text_of(name)


@pytest.mark.parametrize("name", ARRAYS)
def test_ndjson_holds_numbers_as_numbers_and_the_rest_as_text(name):
    cells = kept_cells("id", ARRAYS[name], "ndjson", 0)
    assert cells.type == kept_type("id", ARRAYS[name].type, "ndjson")
    texts = cells.to_pylist()
    if name == "json":
        assert texts == ARRAYS[name].to_pylist()
    elif name in NUMBERS:
        spelt = {"1e+300": "1e+300", "-0": "-0.0"} if name == "float" else {}
        assert texts == [spelt.get(text, text) for text in text_of(name)]
    else:
        assert [text and json.loads(text) for text in texts] == text_of(name)


@pytest.mark.parametrize("name", ARRAYS)
def test_parquet_holds_every_value_as_it_is(name):
    cells = kept_cells("id", ARRAYS[name], "parquet", 0)
    assert cells.type == kept_type("id", ARRAYS[name].type, "parquet")
    if name == "json":
        assert cells.to_pylist() == TEXTS["json"]
    else:
        assert cells is ARRAYS[name]


def test_lists_and_objects_pass_into_ndjson():
    cells = pa.array([{"a": [1, None], "b": "é"}, None])
    assert kept_cells("id", cells, "ndjson", 0).to_pylist() == ['{"a":[1,null],"b":"é"}', None]


DURATION = pa.array([1], pa.duration("s"))
PAIRS = pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))


@pytest.mark.parametrize(
    ("cells", "form", "instead"),
    [
        (pa.array([[1]]), "csv", "write .parquet"),
        (pa.array([{"a": 1}]), "csv", "write .parquet"),
        (PAIRS, "csv", "write .parquet"),
        (PAIRS, "ndjson", "write .csv or .parquet"),
        (DURATION, "csv", "write .parquet"),
        (DURATION, "ndjson", "write .csv or .parquet"),
        (pa.array([bytes(16)], pa.uuid()), "csv", "write .parquet"),
        (pa.array([(1, 2, 3)], pa.month_day_nano_interval()), "parquet", "write .csv"),
    ],
)
def test_types_that_a_format_has_no_place_for_are_refused(cells, form, instead):
    with pytest.raises(EvidenceError, match=f"--keep id: .* type .*{instead}"):
        kept_type("id", cells.type, form)


@pytest.mark.parametrize(
    ("cells", "form", "reason"),
    [
        (pa.array([b"a", b"\xff"]), "ndjson", "is not UTF-8 text"),
        (pa.array([b"a", b"\xff"]).view(pa.string()), "ndjson", "is not UTF-8 text"),
        (pa.array([b"a", b"\xff"]).view(pa.string()), "parquet", "is not UTF-8 text"),
        (pa.array([1, float("nan")]), "ndjson", "cannot be held: Out of range"),
        (pa.array([1, float("inf")]), "ndjson", "cannot be held: Out of range"),
        (pa.array(["1", "[1,\n2]"], json_type()), "ndjson", "cannot be held: JSON over several"),
        (pa.array(["1", ""], json_type()), "ndjson", "cannot be held: Input data was truncated"),
        (pa.array(["1", "{"], json_type()), "ndjson", "cannot be held: Input data was truncated"),
        (pa.array(["1", "[" * 100_000], json_type()), "ndjson", "cannot be held: "),
        (pa.array([0, 1], pa.timestamp("s", "No/Where")), "csv", "cannot be held: "),
    ],
)
def test_a_value_that_a_format_cannot_hold_is_refused_with_its_row(cells, form, reason):
    row = 1_001 if form == "csv" else 1_002
    with pytest.raises(EvidenceError, match=f"row {row:,}: --keep id: the value {reason}"):
        kept_cells("id", cells, form, 1_000)


@given(st.lists(st.one_of(st.none(), st.binary(max_size=6)), min_size=1, max_size=5))
def test_bytes_come_out_as_they_are_or_are_refused(values):
    cells = pa.array(values, pa.binary())
    kept = kept_cells("id", cells, "csv", 0)
    assert kept.view(pa.binary()).to_pylist() == values
    try:
        texts = [None if value is None else value.decode() for value in values]
    except UnicodeDecodeError:
        with pytest.raises(EvidenceError, match="is not UTF-8 text"):
            kept_cells("id", cells, "ndjson", 0)
        return
    found = kept_cells("id", cells, "ndjson", 0).to_pylist()
    assert [text and json.loads(text) for text in found] == texts


IDS = ("1e2", "0.1000000000000000055", "12345678901234567890123", '"1"', '"caf\\u00e9"', "true")
IDS += ('{"a": [1.0, null]}', "-0", "1E400", "[ ]")


def test_json_comes_out_of_a_run_letter_by_letter(model):
    lines = [f'{{"id": {each}, "coughing": true}}\n' for each in IDS]
    with open("cohort.ndjson", "w") as stream:
        stream.writelines([*lines, '{"coughing": true, "id": null}\n', '{"coughing": true}\n'])
    out = run("batch", "cohort.ndjson", "-o", "out.ndjson", "--keep=id")
    assert out.exit_code == 5, "a number that no computer holds is an error of its row"
    with open("out.ndjson") as stream:
        behind = f',"{next(iter(model.description.causes))}"'
        found = [line.partition(":")[2].partition(behind)[0] for line in stream]
    wanted = ["null" if each == "1E400" else each for each in IDS]
    assert found == [*wanted, "null", "null"]
    assert run("batch", "cohort.ndjson", "-o", "out.csv", "--keep=id").exit_code == 5
    with open("out.csv", newline="", encoding="utf-8") as stream:
        texts = [row["id"] for row in csv.DictReader(stream)]
    said = {'"1"': "1", '"caf\\u00e9"': "café", "1E400": ""}
    assert texts == [*(said.get(each, each) for each in IDS), "", ""]


def test_an_id_stays_with_a_row_that_says_something_twice():
    with open("cohort.ndjson", "w") as stream:
        stream.write('{"id": 7, "age": 42, "age": 61}\n{"id": 7, "id": 8, "age": 42}\n')
    assert run("batch", "cohort.ndjson", "-o", "out.ndjson", "--keep=id").exit_code == 5
    with open("out.ndjson") as stream:
        rows = [json.loads(line) for line in stream]
    assert [row["id"] for row in rows] == [7, None]
    assert [row["error"] for row in rows] == [
        "has 'age' twice; keep one",
        "has 'id' twice; keep one",
    ]


def test_a_run_that_cannot_keep_a_value_says_so_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr("lbp_infer.files.cohort_csv.BLOCK_BYTES", 64)
    with open("cohort.csv", "wb") as stream:
        stream.write(b"id,coughing\n" + b"Meyer,yes\n" * 20 + b"M\xfcller,yes\n")
    said = refused("batch", "cohort.csv", "-o", "out.ndjson", "--keep=id")
    assert "row 21: --keep id: the value is not UTF-8 text; correct it, or write .csv" in said
    parquet.write_table(pa.table({"id": [[1]], "age": [42]}), "cohort.parquet")
    said = refused("batch", "cohort.parquet", "-o", "out.csv", "--keep=id")
    assert "--keep id: the output has no place for values of the type list<" in said
    assert sorted(os.listdir()) == ["cohort.csv", "cohort.parquet"]
