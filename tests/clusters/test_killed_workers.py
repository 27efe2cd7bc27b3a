"""Ray and Spark: the bits of one process, shuffled, in partitions, though a worker is killed."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from lbp_validation.clusters.carried import Carried
from lbp_validation.clusters.engines import ENGINES
from lbp_validation.clusters.people import KEY, mixed
from lbp_validation.clusters.same_bits import differences
from support.cli import COMMAND, child_environment
from support.models import GEARBOX_FILE, gearbox

import bayesnet

# The engines warn of what they use themselves.
pytestmark = [pytest.mark.clusters, pytest.mark.filterwarnings("default")]
parquet = pytest.importorskip("pyarrow.parquet")

ROWS = 600


@pytest.mark.parametrize("engine", ["ray", "spark"])
@pytest.mark.parametrize(("partitions", "kill"), [(1, None), (2, None), (7, ROWS // 3)])
def test_partitions_have_the_bits_of_one_process(engine, partitions, kill, tmp_path):
    people = mixed(gearbox(), ROWS)
    mapper = bayesnet.cohort_mapper(gearbox(), KEY)
    expected = mapper.table(people)
    shuffled = people.take(np.random.default_rng(partitions).permutation(ROWS))
    carried = Carried(mapper, str(tmp_path), kill)
    ran = ENGINES[engine](carried, shuffled, partitions, 2)
    assert carried.has_killed == (kill is not None)
    assert differences(expected, ran.table) == []


@pytest.mark.parametrize("engine", ["dask", "ray", "spark"])
def test_batch_writes_the_table_of_one_process(engine, tmp_path):
    parquet.write_table(mixed(gearbox(), ROWS), tmp_path / "people.parquet")
    command = [*COMMAND, "batch", "people.parquet", "--keep", KEY, "--model", str(GEARBOX_FILE)]
    for more in (["-o", "one.parquet"], ["-o", "two.parquet", "--engine", engine]):
        environment = child_environment()
        found = subprocess.run([*command, *more], cwd=tmp_path, env=environment, timeout=600)
        assert found.returncode in (0, 5)
    one, two = (parquet.read_table(tmp_path / f"{each}.parquet") for each in ("one", "two"))
    assert one.equals(two)
    assert one.schema.metadata == two.schema.metadata


def test_a_worker_without_any_folder_to_write_to_answers_the_same(tmp_path):
    """Compiled functions cannot be kept there: neither beside the code nor in a home folder."""
    script = (
        "import sys, pickle, bayesnet, numba.core.caching as caching\n"
        "caching.CacheImpl._locator_classes.clear()\n"
        "table = pickle.load(open('people', 'rb'))\n"
        "pickle.dump(pickle.load(open('mapper', 'rb')).table(table), open('answers', 'wb'))\n"
    )
    mapper, people = bayesnet.cohort_mapper(gearbox(), KEY), mixed(gearbox(), 50)
    (tmp_path / "mapper").write_bytes(pickle.dumps(mapper))
    (tmp_path / "people").write_bytes(pickle.dumps(people))
    environment = {**child_environment(), "LBP_INFER_CACHE": "", "HOME": os.devnull}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    found = pickle.loads((tmp_path / "answers").read_bytes())
    assert differences(mapper.table(people), found) == []
