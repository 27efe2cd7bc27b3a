"""`batch --engine`, and a mapper on Dask: the bits of one process, though a worker is killed."""

import dataclasses
import os
import sys

import numpy as np
import pytest
from lbp_infer.commands import batch
from lbp_infer.engines.choice import ENGINES
from lbp_infer.engines.in_order import in_order, stopped
from lbp_infer.files.cohort_batch import Batch
from lbp_validation.clusters.carried import Carried
from lbp_validation.clusters.engines import parts_of
from lbp_validation.clusters.people import KEY, mixed
from lbp_validation.clusters.same_bits import differences
from support.cli import refused, run
from support.models import GEARBOX_FILE, gearbox

import bayesnet
from bayesnet.errors import BayesnetError

pa = pytest.importorskip("pyarrow")
csv = pytest.importorskip("pyarrow.csv")
distributed = pytest.importorskip("distributed")

ROWS = 28


@pytest.fixture(scope="module")
def client():
    """Two worker processes of one thread each."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def people():
    return mixed(gearbox(), ROWS)


@pytest.fixture(scope="module")
def mapper():
    return bayesnet.cohort_mapper(
        gearbox(), KEY, ["worn_bearing", "triage", "pathway"], executor="numpy"
    )


@pytest.fixture(scope="module")
def expected(people, mapper):
    return mapper.table(people)


def unpacked() -> int:
    """How often this process has unpacked a model."""
    from bayesnet.diagnosis.cohort import mapper

    return mapper._unpacked.cache_info().misses


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_partitions_have_the_bits_of_one_process(partitions, client, people, mapper, expected):
    order = np.random.default_rng(partitions).permutation(ROWS)
    tasks = client.map(mapper.table, parts_of(people.take(order), partitions), pure=False)
    assert differences(expected, pa.concat_tables(client.gather(tasks))) == []


def test_a_worker_that_is_killed_changes_nothing(client, people, mapper, expected, tmp_path):
    carried = Carried(mapper, str(tmp_path), kill=13)
    found = client.gather(client.map(carried.table, parts_of(people, 7), pure=False))
    assert carried.has_killed
    assert differences(expected, pa.concat_tables(found)) == []
    assert set(client.run(unpacked).values()) <= {0, 1}


def test_batch_writes_the_same_table_and_nothing_before_it_is_whole(
    client, people, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    # Workers start sooner without numba, which neither side then uses.
    monkeypatch.setattr("bayesnet.analysis.inference.find_spec", lambda name: None)
    csv.write_csv(people, "people.csv")
    with open("people.csv", "a", encoding="utf-8") as stream:
        stream.write('7,"a row that is too short"\n')
    arguments = ("--model", str(GEARBOX_FILE), "batch", "people.csv", "--keep", KEY, "-o")
    assert run(*arguments, "one.csv").exit_code == 5
    monkeypatch.setattr(batch, "PIECE_ROWS", 7)
    seen = []

    def kept_cells(*given):
        seen.append(sorted(os.listdir()))
        return cells(*given)

    from lbp_infer.files import kept_columns

    cells = kept_columns.kept_cells
    monkeypatch.setattr(kept_columns, "kept_cells", kept_cells)
    import dask

    with dask.config.set({"scheduler-address": client.scheduler.address}):
        result = run(*arguments, "two.csv", "--engine", "dask")
    assert result.exit_code == 5, result.stderr
    assert "29 rows, 1 with errors" in result.stderr
    assert len(seen) == 5
    assert all("two.csv" not in names for names in seen)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_what_a_worker_refuses_is_told_as_it_is(client, mapper):
    import dask

    other = dataclasses.replace(mapper, version="9.9")
    with (
        dask.config.set({"scheduler-address": client.scheduler.address}),
        pytest.raises(BayesnetError, match=r"has lbp-infer 0\.1\.0, .* sent by 9\.9"),
        ENGINES["dask"](other) as answers,
    ):
        list(answers([{"smoke": ["yes"]}]))


@pytest.mark.parametrize(("engine", "package"), [("dask",) * 2, ("ray",) * 2, ("spark", "pyspark")])
def test_an_engine_that_is_missing_says_what_to_install(engine, package, monkeypatch, in_folder):
    monkeypatch.setitem(sys.modules, package, None)
    with open("people.csv", "w", encoding="utf-8") as stream:
        stream.write("smoke\nyes\n")
    arguments = ("--model", str(GEARBOX_FILE), "batch", "people.csv", "-o", "out.csv")
    said = refused(*arguments, "--engine", engine)
    assert f"pip install 'lbp-infer[{engine}]'" in said
    assert os.listdir() == ["people.csv"]


def test_workers_are_a_few_pieces_ahead_and_no_more():
    under_way, most = [], []

    def submit(piece):
        under_way.append(piece)
        most.append(len(under_way))
        return piece

    def result(piece):
        under_way.remove(piece)
        return -piece

    assert list(in_order(submit, result, range(9), ahead=4)) == [-each for each in range(9)]
    assert max(most) == 4
    assert list(in_order(submit, result, [], ahead=4)) == []


def test_a_batch_is_cut_into_pieces_that_hold_their_own_rows_alone():
    cells = pa.array([*"abcde"])
    whole = Batch(5, {"x": cells, "y": [*range(5)]}, {"id": cells}, {1: "wrong", 3: "bad"}, 0.5)
    pieces = list(whole.pieces(2))
    assert [(each.rows, each.columns["y"], dict(each.errors)) for each in pieces] == [
        (2, [0, 1], {1: "wrong"}),
        (2, [2, 3], {1: "bad"}),
        (1, [4], {}),
    ]
    assert [each.kept["id"].to_pylist() for each in pieces] == [["a", "b"], ["c", "d"], ["e"]]
    assert pieces[1].columns["x"].offset == 0


def test_an_engine_that_gives_up_says_why_in_one_line():
    text = "An error occurred.\n  at Spark.scala\nModuleNotFoundError: No module named 'bayesnet'\n"
    assert str(stopped("Spark", RuntimeError(text))).endswith(
        "nothing is written: ModuleNotFoundError: No module named 'bayesnet'"
    )
    assert str(stopped("Dask", OSError("no scheduler\nthere"))).endswith(": no scheduler")
    assert str(stopped("Ray", OSError())).endswith(": OSError")
