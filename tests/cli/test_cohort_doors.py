"""Whatever lies in a table's place: read, or refused in words, and never an internal error."""

import os
import random
from contextlib import suppress

import pytest
from lbp_infer.files import cohort_csv
from lbp_infer.files.answer_columns import check_columns, evidence_of
from lbp_infer.files.cohort_input import open_cohort
from lbp_infer.files.kept_columns import kept_cells
from support.cli import refused, run

from bayesnet.diagnosis.answers.columns import people_of
from bayesnet.errors import EvidenceError

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.usefixtures("in_folder")

KNOWN = dict.fromkeys(("coughing", "age", "referral"))


def put(path, content):
    with open(path, "wb") as stream:
        stream.write(content)


def rows_of(path, keep=()):
    """The evidence of each row as it is read; errors as text."""
    file = open_cohort(path)
    check_columns(file, KNOWN, keep)
    found = []
    for batch in file.batches(keep):
        for name in keep:
            kept_cells(name, batch.kept[name], "ndjson", 0)
        evidence, errors = evidence_of(batch, KNOWN, keep)
        columns = people_of(evidence, KNOWN).columns
        for row in range(batch.rows):
            said = {n: (*c.values, None)[c.codes[row]] for n, c in columns.items()}
            found.append(errors.get(row, said))
    return found


# ---- Empty lines ------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("start", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_line_of_a_table_of_one_column_is_a_row(start, end):
    put("one.csv", (start + b'coughing\nyes\n\nno\n""\n\n').replace(b"\n", end))
    answers = [row["coughing"] for row in rows_of("one.csv")]
    assert answers == ["yes", None, "no", None, None]


def test_an_empty_line_of_a_table_of_several_columns_is_none():
    put("two.csv", b"\ncoughing,age\nyes,1\n\n,\nno,2\n\n")
    answers = [(row["coughing"], row["age"]) for row in rows_of("two.csv")]
    assert answers == [("yes", "1"), (None, None), ("no", "2")]


def test_people_of_a_table_of_one_column_keep_their_places():
    put("one.csv", b"coughing\nyes\n\nno\n")
    assert "3 rows, none with an error" in run("batch", "one.csv", "-o", "out.csv").stderr
    said = " ".join(run("batch", "--help").stdout.split())
    assert "An empty line of a CSV file is no row, except where there is one column" in said


# ---- Text in another encoding --------------------------------------------------------------

TEXT = "id,coughing\nMüller,yes\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", TEXT.encode("utf-16"), "it is UTF-16 or no text; save it as UTF-8"),
        ("a.csv", TEXT.encode("utf-16-be"), "it is UTF-16 or no text; save it as UTF-8"),
        ("a.csv", TEXT.encode("utf-32"), "it is UTF-16 or no text; save it as UTF-8"),
        ("a.csv", "größe,coughing\n1,yes\n".encode("latin-1"), "it is not UTF-8 text; save it"),
        ("a.csv", bytes(range(256)), "it is UTF-16 or no text"),
        ("a.ndjson", '{"coughing": true}\n'.encode("utf-16"), "it is UTF-16 or no text"),
        ("a.csv", b'coughing\n"' + b"x" * 5000, "a row is longer than 0.00195312 MiB; is a quo"),
        ("a.csv", b"id,coughing\nM\xfcller\n", "Expected 2 columns, got 1"),
        ("a.csv", b"id,coughing\nM\xfcller\n", "it is not UTF-8 text either: save"),
    ],
)
def test_text_that_is_not_utf_8_is_refused_with_what_to_do(name, content, said, monkeypatch):
    monkeypatch.setattr(cohort_csv, "BLOCK_BYTES", 2048)
    put(name, content)
    message = refused("batch", name, "-o", "out.csv")
    assert f"cannot read the cohort '{name}': " in message
    assert said in message
    assert os.listdir() == [name]


def test_names_that_no_file_can_have_are_refused():
    for path in ("a\0b.csv", f"{'x' * 300}.csv", "a\udcff.parquet"):
        with pytest.raises(EvidenceError, match="cannot read the cohort"):
            open_cohort(path)
    os.mkfifo("pipe.csv")
    with pytest.raises(EvidenceError, match="it is not a file"):
        open_cohort("pipe.csv")


def test_a_name_that_is_not_utf_8_is_read():
    parquet.write_table(pa.table({"age": [42]}), "a.parquet")
    os.rename("a.parquet", b"\xff.parquet")
    assert rows_of("\udcff.parquet") == [{"age": 42}]


# ---- Parquet ---------------------------------------------------------------------------------

FIT = {
    "text": (pa.array(["yes"]), "yes"),
    "view": (pa.array(["yes"], pa.string_view()), "yes"),
    "bytes": (pa.array([b"yes"], pa.binary_view()), "yes"),
    "not UTF-8": (pa.array([b"n\xf6"]).view(pa.string()), "n\ufffd"),
    "category": (pa.array(["yes"]).dictionary_encode(), "yes"),
    "json": (pa.array(["yes"], pa.json_()), "yes"),
    "small": (pa.array([1], pa.int8()), 1),
    "bool8": (pa.array([1], pa.bool8()), 1),
    "nothing": (pa.nulls(1), None),
    "no such day": (pa.array([2**31 - 1], pa.date32()), "<value out of range: 2147483647>"),
}


@pytest.mark.parametrize("name", FIT)
def test_cells_of_any_single_type_are_read(name):
    cells, wanted = FIT[name]
    parquet.write_table(pa.table({"coughing": cells}), "a.parquet")
    (row,) = rows_of("a.parquet")
    assert row["coughing"] == wanted


@pytest.mark.parametrize(
    "cells", [[[1]], [{"a": 1}], pa.array([2**62], pa.duration("s"))], ids=["list", "map", "span"]
)
def test_types_that_hold_no_answer_are_refused_before_anything_is_run(cells):
    parquet.write_table(pa.table({"coughing": cells}), "a.parquet")
    assert "'coughing' holds " in refused("batch", "a.parquet", "-o", "out.csv")
    assert "'coughing' holds " in refused("batch", "a.parquet", "-o", "o.csv", "--keep=coughing")


# ---- Damage ----------------------------------------------------------------------------------


def samples():
    """Content of a small table in each format."""
    ids = ["a", "b,c", None, "é"] * 20
    columns = {
        "id": ids,
        "coughing": ["yes", "no", "unknown", None] * 20,
        "age": [4, 5, None, 6] * 20,
    }
    table = pa.table({**columns, "referral": pa.array(ids).dictionary_encode()})
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink)
    yield "parquet", sink.getvalue().to_pybytes()
    yield "csv", b'id,coughing,age,referral\n"a\nb",yes,3,\n\nx,no,,foot\n' * 9
    yield "ndjson", b'{"id": 1, "coughing": true}\n{"age": "unknown", "id": {"a": [1]}}\n' * 9


def damaged(content, rng):
    """The content with a few bytes changed, taken out or put in."""
    found = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(found))
        match rng.randrange(4):
            case 0:
                found[at] = rng.randrange(256)
            case 1:
                found[at] ^= 1 << rng.randrange(8)
            case 2:
                del found[at : at + rng.randint(1, 9)]
            case _:
                found[at:at] = rng.choice(
                    [b'"', b"\n", b"\xff", b"\0", b"{", b",", b"\xed\xa0\x80"]
                )
    return bytes(found)


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_a_damaged_table_is_read_or_refused(form):
    content = dict(samples())[form]
    rng = random.Random(form)
    for _ in range(150):
        put(f"a.{form}", damaged(content, rng))
        with suppress(EvidenceError):
            rows_of(f"a.{form}", keep=("id",))
