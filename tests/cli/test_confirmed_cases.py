"""Tables of cases whose causes were confirmed: the same in every format, mistakes by row."""

import io
import sys

import numpy as np
import pytest
from lbp_infer.files.confirmed_cases import NOT_KNOWN, confirmed_cases
from support.cli import run
from support.models import GEARBOX_FILE, gearbox

from bayesnet.errors import BayesnetError, EvidenceError
from bayesnet.tuning.patients import ABSENT, PRESENT

CAUSES = list(gearbox().description.causes)
FIRST = f"true_{CAUSES[0]}"


def read(path, keep=()):
    """All cases of a table: (truth, {row: error}, columns kept as lists)."""
    truth, errors, kept, rows = [], {}, {name: [] for name in keep}, 0
    with confirmed_cases(str(path), gearbox(), keep) as cases:
        for part in cases.parts():
            truth.append(part.truth)
            errors |= {rows + row: message for row, message in part.errors.items()}
            for name in keep:
                kept[name] += part.kept[name].to_pylist()
            rows += part.rows
    return np.concatenate(truth), errors, kept


def written(tmp_path, text, name="cases.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def from_stdin(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_every_format_and_stdin_say_the_same(tmp_path, monkeypatch):
    found = []
    for ending in ("csv", "ndjson", "parquet"):
        path = tmp_path / f"people.{ending}"
        done = run("model", "simulate", str(GEARBOX_FILE), "-n", "40", "-o", str(path))
        assert done.exit_code == 0
        found.append(read(path)[0])
        from_stdin(monkeypatch, path.read_bytes())
        found.append(read("-")[0])
    assert found[0].shape == (40, len(CAUSES))
    assert set(found[0].ravel()) == {PRESENT, ABSENT}
    assert all(np.array_equal(each, found[0]) for each in found)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("yes", PRESENT), ("NO", ABSENT), ("1", PRESENT), ("", NOT_KNOWN), ("unknown", NOT_KNOWN)],
)
def test_a_truth_is_spelt_as_an_answer_is(tmp_path, cell, code):
    truth, errors, _ = read(written(tmp_path, f"whine,{FIRST}\nyes,{cell}\n"))
    assert truth[0, 0] == code
    assert not errors
    assert (truth[0, 1:] == NOT_KNOWN).all()


def test_null_in_a_line_is_not_known_and_a_column_may_come_late(tmp_path):
    lines = f'{{"whine": true}}\n{{"{FIRST}": true}}\n{{"{FIRST}": null}}\n'
    truth, errors, _ = read(written(tmp_path, lines, "cases.ndjson"))
    assert truth[:, 0].tolist() == [NOT_KNOWN, PRESENT, NOT_KNOWN]
    assert not errors


def test_rows_with_no_yes_or_no_are_named_and_the_others_read(tmp_path):
    text = f"id,whine,{FIRST}\na,yes,maybe\nb,no,2\nc,yes,no\nd,yes\ne,yes:0.7,yes:0.7\n"
    truth, errors, kept = read(written(tmp_path, text), ["id"])
    assert truth[:3, 0].tolist() == [NOT_KNOWN, NOT_KNOWN, ABSENT]
    assert set(errors) == {0, 1, 3, 4}
    assert "'yes:0.7'; give yes, no" in errors[4]
    assert f"'{FIRST}' is 'maybe'" in errors[0]
    assert "'2'" in errors[1]
    assert "fields" in errors[3]
    assert kept["id"][:3] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("whine,confirmed\nyes,x\n", "cases.csv", "'confirmed'"),
        (f"whine,{FIRST}s\nyes,yes\n", "cases.csv", f"did you mean '{FIRST}'"),
        ("whine\nyes\n", "cases.csv", "no column says what was confirmed"),
        ('{"whine": true}\n', "cases.ndjson", "no column says what was confirmed"),
        ("", "cases.csv", "cases.csv"),
        ("", "cases.ndjson", "holds no case"),
        (f"whine,{FIRST}\n", "cases.csv", "holds no case"),
        ("", "cases.txt", ".parquet"),
    ],
)
def test_a_table_that_is_none_is_refused_in_words(tmp_path, text, name, said):
    with pytest.raises(BayesnetError, match=said):
        read(written(tmp_path, text, name))


def test_an_error_about_stdin_names_stdin(monkeypatch):
    from_stdin(monkeypatch, b"whine\nyes\n")
    with pytest.raises(EvidenceError, match=r"^stdin: no column"):
        read("-")
