"""Answer for Arrow tables and record batches, as engines of tables hand them over."""

from collections.abc import Iterable, Iterator
from typing import Any

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.arrow_cells import check_holds_answers
from bayesnet.diagnosis.answers.columns import check_names
from bayesnet.diagnosis.cohort.diagnose_many import diagnose_many
from bayesnet.diagnosis.cohort.request import Request
from bayesnet.diagnosis.cohort.result import arrow_type, check_apart
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.errors import EvidenceError
from bayesnet.network.tables import each_once, require_pyarrow


def output_schema(policy: Policy, given: Any, request: Request) -> Any:
    """Return the Arrow schema of the answers for a table of the schema `given`.

    First the columns passed through, as they are, then the result's own. Raises UnknownNameError or
    EvidenceError, which name the column, where no such table can be answered for.
    """
    pyarrow = require_pyarrow()
    own = request.columns(tuple(policy.description.causes))
    check_names(each_once(given.names), policy.known, request.keep)
    check_apart(request.keep, own)
    for field in given:
        if field.name in policy.known:
            check_holds_answers(field.name, field.type)
    kept = [given.field(name) for name in request.keep]
    return pyarrow.schema([*kept, *(pyarrow.field(name, arrow_type(name)) for name in own)])


def answered(policy: Policy, inference: Inference, cells: Any, request: Request) -> Any:
    """Answer for each row of a pyarrow.Table or RecordBatch; returns one of the same kind.

    Raises as `output_schema` does.
    """
    schema = output_schema(policy, cells.schema, request)
    columns = diagnose_many(policy, inference, cells, request).arrow_columns()
    return type(cells).from_arrays([columns[name] for name in schema.names], schema=schema)


def answered_batches(
    policy: Policy, inference: Inference, batches: Iterable[Any], request: Request
) -> Iterator[Any]:
    """Answer for each row of record batches, a batch at a time, in their order.

    Raises as `output_schema` does, and EvidenceError for a batch whose columns to pass through have
    other types than those of the first.
    """
    first = None
    for number, batch in enumerate(batches, 1):
        found = answered(policy, inference, batch, request)
        first = found.schema if first is None else first
        for field in found.schema:
            if not field.type.equals(first.field(field.name).type):
                raise EvidenceError(
                    f"batch {number:,}: column '{field.name}' is {field.type}, and "
                    f"{first.field(field.name).type} in the first; give all batches one schema"
                )
        yield found
