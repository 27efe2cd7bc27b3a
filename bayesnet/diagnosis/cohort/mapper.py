"""A model packed to answer for tables in other processes, such as the workers of a cluster."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

import msgspec

from bayesnet.analysis.inference import Inference, executor_of_tables
from bayesnet.diagnosis.cohort.diagnose_many import diagnose_many
from bayesnet.diagnosis.cohort.record_batches import answered, answered_batches, output_schema
from bayesnet.diagnosis.cohort.request import Request
from bayesnet.diagnosis.cohort.result import CohortResult
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.engine import DEFAULT_BUDGET, EXECUTORS, Engine
from bayesnet.errors import BayesnetError, EvidenceError, UnknownNameError, counted
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.network.tables import require_pandas, require_pyarrow
from bayesnet.version import version

MODELS_HELD = 4
"""Number of models that a process keeps unpacked."""

_unpacking = Lock()


@dataclass(frozen=True, repr=False)
class CohortMapper:
    """Answers for tables wherever it is sent: call it with Arrow record batches.

    Made by `cohort_mapper`. It holds the compiled model, so that a worker needs no model file, and
    what its bits depend on: a worker with another version of lbp-infer, or without the executor,
    refuses. A process unpacks the model once and computes in one thread. A row's answer depends on
    that row alone: the same bits in any batch, in any order.

        >>> import bayesnet
        >>> mapper = bayesnet.cohort_mapper("lbp-runner", keep=["id"], executor="numpy")
        >>> import pyarrow
        >>> people = pyarrow.record_batch({"id": [7, 8], "leaning_back": ["yes", None]})
        >>> [batch.num_rows for batch in mapper([people])]
        [2]
    """

    name: str
    sha256: str
    version: str
    executor: str
    request: Request
    packed: bytes = field(repr=False)

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Answer for pyarrow.RecordBatch after RecordBatch: one of the same rows for each.

        Their columns may come in any order; those kept come out as they are, whatever their type. A
        row that cannot be answered has its error in the column `error`. Raises as `output_schema`
        does, and EvidenceError where a column kept changes its type.
        """
        policy, inference = self._solver()
        return answered_batches(policy, inference, batches, self.request)

    def table(self, table: Any) -> Any:
        """Answer for a pyarrow.Table with another one, a row each, in its order; raises the same.

        >>> import bayesnet, pyarrow
        >>> mapper = bayesnet.cohort_mapper("lbp-runner", fields="triage", executor="numpy")
        >>> mapper.table(pyarrow.table({"age": [42]})).column_names
        ['triage', 'error']
        """
        return answered(*self._solver(), table, self.request)

    def frame(self, frame: Any) -> Any:
        """Answer for a pandas DataFrame with another one, of the same index; raises the same.

        Columns that pass through keep their dtypes, the others have those that pandas gives to
        Arrow's.

            >>> import bayesnet, pandas
            >>> mapper = bayesnet.cohort_mapper("lbp-runner", fields="triage", executor="numpy")
            >>> mapper.frame(pandas.DataFrame({"age": [42]}, index=[7])).index.tolist()
            [7]
        """
        pandas, pyarrow = require_pandas(), require_pyarrow()
        result = self.diagnose_many(frame)
        arrow = result.arrow_columns()
        own = pyarrow.table({name: arrow[name] for name in arrow if name not in result.kept})
        found = own.to_pandas().set_index(frame.index)
        return pandas.concat([frame[list(result.kept)], found], axis=1)

    def diagnose_many(self, table: Any) -> CohortResult:
        """Answer for any table of cases, as `DiagnosticModel.diagnose_many` does; raises the same.

        >>> import bayesnet
        >>> mapper = bayesnet.cohort_mapper("lbp-runner", fields="triage", executor="numpy")
        >>> mapper.diagnose_many([{"age": 42}])
        CohortResult(1 case)
        """
        policy, inference = self._solver()
        return diagnose_many(policy, inference, table, self.request)

    def output_schema(self, schema: Any) -> Any:
        """Return the Arrow schema of the answers for a table of this one, before there is a row.

        Raises UnknownNameError or EvidenceError, which name the column, where there is none.

            >>> import bayesnet, pyarrow
            >>> mapper = bayesnet.cohort_mapper("lbp-runner", fields="triage", executor="numpy")
            >>> mapper.output_schema(pyarrow.schema({"age": pyarrow.int64()})).names
            ['triage', 'error']
        """
        return output_schema(self._solver()[0], schema, self.request)

    def _solver(self) -> tuple[Policy, Inference]:
        """Return how this process answers for the model; raises BayesnetError where it must not."""
        here = version()
        if here != self.version:
            raise BayesnetError(
                f"this process has lbp-infer {here}, and the table was sent by {self.version}: "
                "answers could differ; install the same version on all workers"
            )
        if self.executor == "numba" and executor_of_tables() != "numba":
            raise BayesnetError(
                "this process has no numba, and the table was sent from where it is installed: "
                "last digits could differ; pip install 'lbp-infer[fast]' on all workers, or say "
                "executor='numpy'"
            )
        with _unpacking:
            return _unpacked(self.packed, self.executor)

    def __repr__(self) -> str:
        size = f"{counted(len(self.packed) // 1000, 'kB').removesuffix('s')}"
        return f"CohortMapper({self.name}, sha256 {self.sha256[:12]}, {self.executor}, {size})"


def mapper_of(
    model: DiagnosticModel, request: Request, sha256: str | None, executor: str | None
) -> CohortMapper:
    """Pack a model for other processes; see `bayesnet.cohort_mapper`, which says what is raised."""
    compiled = model.compiled
    told = compiled.description.model
    if sha256 is not None and sha256 != compiled.sha256:
        raise EvidenceError(
            f"{told.id} has the sha256 {compiled.sha256}, not {sha256}; give the one that is meant"
        )
    if executor is not None and executor not in EXECUTORS:
        raise UnknownNameError("executor", executor, EXECUTORS)
    request.columns(tuple(compiled.description.causes))
    packed = zlib.compress(msgspec.msgpack.encode(compiled), level=9)
    name = f"{told.id} {told.version}".rstrip()
    chosen = executor or executor_of_tables()
    return CohortMapper(name, compiled.sha256, version(), chosen, request, packed)


@lru_cache(maxsize=MODELS_HELD)
def _unpacked(packed: bytes, executor: str) -> tuple[Policy, Inference]:
    """Unpack a model, once a process: the same bytes and executor give the same answers."""
    model = DiagnosticModel(msgspec.msgpack.decode(zlib.decompress(packed), type=CompiledModel))
    # One thread: an engine of tables runs as many workers as there are processors.
    engine = Engine(model.network, DEFAULT_BUDGET, executor, threads=1)
    return model.policy, engine.inference
