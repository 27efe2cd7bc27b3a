"""Read cohorts from Parquet files."""

from collections.abc import Generator, Sequence

from lbp_infer.files.cohort_batch import Batch, CohortFile

ROWS = 32_768
"""Number of rows of a batch, which bounds memory; results do not depend on it."""


def open_parquet(path: str) -> CohortFile:
    """Open the cohort in a Parquet file."""
    from pyarrow import parquet

    with open(path, "rb") as stream:
        return CohortFile(path, parquet.read_schema(stream), True, _read)


def _read(file: CohortFile, keep: Sequence[str]) -> Generator[Batch, None, None]:
    """Yield the batches of a file."""
    from pyarrow import parquet

    with (
        # Opened by Python, since Arrow refuses file names that are not UTF-8.
        open(file.path, "rb") as stream,
        parquet.ParquetFile(stream, buffer_size=1 << 20, pre_buffer=False) as content,
    ):
        total, before = max(1, content.metadata.num_rows), 0
        for batch in content.iter_batches(ROWS):
            cells = dict(zip(batch.schema.names, batch.columns, strict=True))
            before += batch.num_rows
            kept = {name: cells[name] for name in keep}
            yield Batch(batch.num_rows, cells, kept, {}, before / total)
