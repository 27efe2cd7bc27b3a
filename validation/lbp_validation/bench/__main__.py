"""`python -m lbp_validation.bench`: print the benchmark, write benchmark.md and benchmark.svg."""

import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import click

from bayesnet import BayesnetError
from lbp_validation.bench import limits, networks, person, tables
from lbp_validation.bench.plot import plot
from lbp_validation.bench.row import BEFORE, Row, goals_grid, rows_grid
from lbp_validation.bench.timing import Told
from lbp_validation.extras import require
from lbp_validation.paths import output_folder
from lbp_validation.report.document import Document, Section, as_markdown
from lbp_validation.report.machine import machine_section

NEEDED = ("pyagrum", "numba", "pyarrow", "matplotlib")
PICTURE = "benchmark.svg"
PARTS: Mapping[str, Callable[[Told], list[Row]]] = {
    "cold": person.cold,
    "first-diagnose": person.first_diagnose,
    "diagnose": person.diagnose,
    "synthetic": person.clinics,
    "second-ask": networks.second_ask,
    "small": partial(networks.small, python=""),
    "ragged": tables.each_row_its_own,
    "diagnose-many": tables.diagnose_many,
    "fixed": tables.fixed,
    "qmr": limits.qmr,
    "too-wide": limits.too_wide,
    "fifty-thousand": limits.fifty_thousand,
    "large": networks.large,
}
"""In the order they run: cold starts first, while this process is small and the machine cool."""
HOW = (
    "In each round every contender runs once, in turning order. A figure is the median over the "
    "rounds with the least and the most in brackets, or over the networks of a group; a ratio is "
    "taken round by round. All times are the processor's and every contender has one thread, so "
    "that what else the machine does counts little; seconds hold for this machine only. No figure "
    "is given unless all answers agree to 1e-9 with the peer's, beforehand.",
    "pyAgrum is the fastest of ShaferShenoyInference (SSI), LazyPropagation (LP) and "
    "VariableElimination (VE, small networks only), chosen anew each time: setEvidence, "
    "makeInference, and posterior of each unobserved node, engines built beforehand, noisy "
    "families as full tables in double precision. compiled-knowledge compiles a network to an "
    "arithmetic circuit; it runs in a Python of its own, and the time is that of its calls alone, "
    "its evidence already in its own form.",
    "On the runner model pyAgrum is SSI, in a process of its own that may take 20 s and 8 GB. Its "
    "full tables cost ten seconds and more a person there, so the ratio says only that they do not "
    "serve that model. Our answers there are held against total probability over age and sex too.",
    f"`at {BEFORE}`: what it was when the goals were set, on two quiet cores.",
    f"![how near each figure comes to its goal, on a logarithmic scale]({PICTURE})",
)


@click.command()
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(list(PARTS)),
    help="A part to run (may be given several times); nothing is written to files then.",
)
@click.option(
    "--python312",
    default="",
    metavar="PROGRAM",
    help="A Python, 3.12 or newer, that has compiled-knowledge; else one is looked for.",
)
def main(only: Sequence[str], python312: str) -> None:
    """Measure what the engine is asked to reach, against its peers."""
    # What peers will change one day is no news to whoever reads the figures.
    warnings.simplefilter("ignore")
    parts = {name: part for name, part in PARTS.items() if not only or name in only}
    if "small" in parts:
        parts["small"] = partial(networks.small, python=python312)
    try:
        require("what the benchmark needs", *NEEDED)
        rows = measured(parts)
    except BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    if only:
        return
    document = Document("Benchmark", (*sections(rows), machine_section()))
    path = output_folder() / "benchmark.md"
    plot(rows, path.with_name(PICTURE))
    path.write_text(as_markdown(document), encoding="utf-8")
    click.echo(f"\nWritten to {path}")


def measured(parts: Mapping[str, Callable[[Told], list[Row]]]) -> list[Row]:
    """Run the parts one after the other: how far it is on stderr, what was found on stdout."""
    start = time.perf_counter()
    rows: list[Row] = []
    for place, (name, part) in enumerate(parts.items(), start=1):

        def told(what: str, head: str = f"{place}/{len(parts)} {name}") -> None:
            click.echo(f"{time.perf_counter() - start:5.0f} s  {head}: {what} ...", err=True)

        found = part(told)
        click.echo("\n".join(str(row) for row in found))
        rows += found
    return rows


def sections(rows: Sequence[Row]) -> tuple[Section, ...]:
    """Lay out the figures to reach, and then every row of every part."""
    goals = Section("Figures to reach", (goals_grid(rows),))
    parts = dict.fromkeys(row.part for row in rows)
    return (
        Section("How", HOW),
        goals,
        *(Section(name, (rows_grid(r for r in rows if r.part == name),)) for name in parts),
    )


if __name__ == "__main__":
    main()
