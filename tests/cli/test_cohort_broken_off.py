"""A run over a table that is broken off lets go of all that it opened."""

import importlib

import pytest
from lbp_infer.commands import batch
from lbp_infer.main import main

pa = pytest.importorskip("pyarrow")
csv = pytest.importorskip("pyarrow.csv")
parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.usefixtures("in_folder")

CELLS = ["yes"] * 1000


@pytest.fixture
def opened(monkeypatch):
    """A function that keeps what `name` of a module opens in a list, which it returns."""

    def watch(module, name, call):
        kept = []

        def opening(*arguments):
            kept.append(call(*arguments))
            return kept[-1]

        monkeypatch.setattr(module, name, opening, raising=False)
        return kept

    return watch


def write(ending):
    if ending == "csv":
        csv.write_csv(pa.table({"coughing": CELLS}), "cohort.csv")
    elif ending == "parquet":
        parquet.write_table(pa.table({"coughing": CELLS}), "cohort.parquet")
    else:
        with open("cohort.ndjson", "w", encoding="utf-8") as stream:
            stream.writelines('{"coughing": "yes"}\n' for _ in CELLS)


def interrupt_at_the_first_batch(ending, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "evidence_of", interrupted)
    write(ending)
    assert main(["batch", f"cohort.{ending}", "-o", "out.csv"]) == 130


@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet"])
def test_an_interrupted_run_closes_the_cohort(ending, opened, monkeypatch):
    module = importlib.import_module(f"lbp_infer.files.cohort_{ending}")
    streams = [opened(module, "open", open), opened(pa, "OSFile", pa.OSFile)]
    interrupt_at_the_first_batch(ending, monkeypatch)
    assert {stream.closed for kept in streams for stream in kept} == {True}


def test_the_threads_that_read_a_csv_file_need_no_python(monkeypatch):
    """A thread of Arrow's that asks for Python while the process ends aborts it."""
    read = []
    call = csv.open_csv

    def open_csv(stream, *options):
        read.append(type(stream))
        return call(stream, *options)

    monkeypatch.setattr(csv, "open_csv", open_csv)
    interrupt_at_the_first_batch("csv", monkeypatch)
    assert read == [pa.OSFile, pa.OSFile]
