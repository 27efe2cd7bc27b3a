"""`python -m lbp_validation.clusters`: write clusters.md, what tables on engines cost and give."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click
import numpy as np

import bayesnet
from lbp_validation.clusters.carried import Carried, Nothing
from lbp_validation.clusters.engines import BATCH_ROWS, ENGINES
from lbp_validation.clusters.loop import looped
from lbp_validation.clusters.people import KEY, mixed, questionnaire
from lbp_validation.clusters.same_bits import differences
from lbp_validation.paths import output_folder
from lbp_validation.report.document import Document, Grid, Section, as_markdown, as_text
from lbp_validation.report.goals import Goal, goals_grid
from lbp_validation.report.machine import installed, machine_section

WORKERS = 2
PARTITIONS = (1, 2, 7)
OVERHEAD_BATCHES = 2
MOST_OVERHEAD, MOST_MEMORY, MOST_MINUTES = 0.15, 600.0, 5.0
HEADERS = (
    "engine",
    "table",
    "partitions",
    "start, s",
    "answers, s",
    "rows/s",
    "MB a worker",
    "bits",
)
ABOUT = (
    "Mixed: each row its own 0 to 10 answers beside who it is, shuffled. One questionnaire: ten "
    "findings and who it is. All columns are worked out, the next question too. With 7 partitions "
    "a worker is killed by SIGKILL in mid-run. Bits: every key once and all columns as one process "
    "gives them. Start: until all workers have answered for some rows. Memory: the peak of a "
    "worker process. Two workers; overhead is of one worker over a loop in one process, with the "
    "same batches."
)


@dataclass(frozen=True)
class Row:
    """One run of an engine over a table."""

    engine: str
    table: str
    partitions: int
    rows: int
    starting: float
    seconds: float
    memory: float
    wrong: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """Write it as a row of the table."""
        figures = (
            f"{self.starting:.1f}",
            f"{self.seconds:.1f}",
            f"{self.rows / self.seconds:,.0f}",
        )
        memory = f"{self.memory:.0f}" if self.memory else "-"
        what = (self.engine, self.table, f"{self.partitions:,}")
        return (*what, *figures, memory, "; ".join(self.wrong) or "the same")


@click.command()
@click.option("--model", default="lbp-runner", show_default=True, help="Name or path.")
@click.option("--rows", default=100_000, show_default=True, help="Of mixed people.")
@click.option("--questionnaire", "many", default=1_000_000, show_default=True, help="Rows of it.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(tuple(ENGINES)))
def main(model: str, rows: int, many: int, engines: Sequence[str]) -> None:
    """Answer for tables on Dask, Ray and Spark on this machine; write validation/clusters.md."""
    try:
        loaded = bayesnet.load_model(model)
        mapper = bayesnet.cohort_mapper(loaded, KEY)
        chosen = engines or tuple(ENGINES)
        found = _mixed(mapper, mixed(loaded, rows), chosen)
        found += _whole(mapper, questionnaire(loaded, many), chosen)
        overheads = _overheads(mapper, mixed(loaded, OVERHEAD_BATCHES * BATCH_ROWS), chosen, rows)
    except bayesnet.BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    goals = _goals(found, overheads)
    versions = tuple((name, installed(name)) for name in ("dask", "distributed", "ray", "pyspark"))
    document = Document(
        "Tables on Dask, Ray and Spark",
        (
            Section("Figures to reach", (goals_grid(goals),)),
            Section("Runs", (ABOUT, Grid(HEADERS, tuple(each.cells() for each in found)))),
            Section("Engines", (Grid(("what", "version"), versions),)),
            machine_section(),
        ),
    )
    (output_folder() / "clusters.md").write_text(as_markdown(document), encoding="utf-8")
    click.echo(as_text(document))
    if any(each.reached is False for each in goals):
        sys.exit(1)


def _mixed(mapper: bayesnet.CohortMapper, people: Any, engines: Sequence[str]) -> list[Row]:
    """Answer for mixed people in one process, then on each engine in partitions."""
    expected, seconds = looped(mapper, people)
    rows = people.num_rows
    found = [_shown(Row("one process", "mixed", 1, rows, 0.0, seconds, 0.0, ()))]
    shuffled = people.take(np.random.default_rng(1).permutation(rows))
    for engine in engines:
        for partitions in PARTITIONS:
            kill = rows // 3 if partitions == PARTITIONS[-1] else None
            ran = _run(engine, mapper, shuffled, partitions, kill)
            found.append(_shown(_row(engine, "mixed", partitions, expected, *ran)))
    return found


def _whole(mapper: bayesnet.CohortMapper, people: Any, engines: Sequence[str]) -> list[Row]:
    """Answer for one questionnaire, and see what each engine takes to pass its rows through."""
    expected, seconds = looped(mapper, people)
    rows, name = people.num_rows, "questionnaire"
    parts = -(-rows // BATCH_ROWS)
    found = [_shown(Row("one process", name, parts, rows, 0.0, seconds, 0.0, ()))]
    for engine in engines:
        alone = ENGINES[engine](Nothing(), people, parts, WORKERS)
        wrong = tuple(differences(people.select([KEY]), alone.table))
        times = (alone.starting, alone.seconds)
        found.append(_shown(Row(f"{engine} alone", name, parts, rows, *times, 0.0, wrong)))
        ran = _run(engine, mapper, people, parts, None)
        found.append(_shown(_row(engine, name, parts, expected, *ran)))
    return found


def _overheads(
    mapper: bayesnet.CohortMapper, people: Any, engines: Sequence[str], most: int
) -> dict[str, float]:
    """Return by how much one worker of each engine is slower than a loop over the same batches."""
    table = people.slice(0, most)
    parts = -(-table.num_rows // BATCH_ROWS)
    _, plain = looped(mapper, table)
    found = {}
    for engine in engines:
        with tempfile.TemporaryDirectory() as folder:
            ran = ENGINES[engine](Carried(mapper, folder), table, parts, 1)
        found[engine] = ran.seconds / plain - 1
        click.echo(f"{engine}: {found[engine]:+.1%} over {plain:.1f} s", err=True)
    return found


def _run(
    engine: str, mapper: bayesnet.CohortMapper, people: Any, partitions: int, kill: int | None
) -> tuple[Any, float, bool]:
    """Run an engine; returns what it gave, the largest peak of memory, whether one was killed."""
    with tempfile.TemporaryDirectory() as folder:
        carried = Carried(mapper, folder, kill)
        ran = ENGINES[engine](carried, people, partitions, WORKERS)
        return ran, max(carried.workers.values()), carried.has_killed == (kill is not None)


def _row(
    engine: str, table: str, partitions: int, expected: Any, ran: Any, memory: float, killed: bool
) -> Row:
    wrong = tuple(differences(expected, ran.table)) + (() if killed else ("nobody was killed",))
    times = (ran.starting, ran.seconds)
    return Row(engine, table, partitions, expected.num_rows, *times, memory, wrong)


def _shown(row: Row) -> Row:
    """Say on stderr how far it is."""
    click.echo("  ".join(row.cells()), err=True)
    return row


def _goals(found: Sequence[Row], overheads: dict[str, float]) -> list[Goal]:
    wrong = [each for each in found if each.wrong]
    memory = max(each.memory for each in found)
    whole = [each for each in found if each.table == "questionnaire" and each.memory]
    slowest = max(whole, key=lambda each: each.seconds)
    minutes = slowest.seconds / 60
    return [
        Goal("the same bits, every key once", f"{len(wrong)} runs differ", not wrong),
        *(
            Goal(
                f"{engine}: at most {MOST_OVERHEAD:.0%} over one process at {BATCH_ROWS:,} rows",
                f"{share:+.1%}",
                share <= MOST_OVERHEAD,
            )
            for engine, share in overheads.items()
        ),
        Goal(f"under {MOST_MEMORY:.0f} MB a worker", f"{memory:.0f} MB", memory < MOST_MEMORY),
        Goal(
            f"{slowest.rows:,} rows of one questionnaire in under {MOST_MINUTES:.0f} minutes",
            f"{minutes:.1f} minutes ({slowest.engine})",
            minutes < MOST_MINUTES,
        ),
    ]


if __name__ == "__main__":
    main()
