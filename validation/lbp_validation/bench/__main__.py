"""Run `python -m lbp_validation.bench`: print the benchmark, write benchmark.md and .svg."""

import sys
import warnings
from collections.abc import Iterable, Mapping

import bayesnet
from bayesnet.errors import BayesnetError
from lbp_validation.__main__ import MODEL
from lbp_validation.bench.batch import batch_section
from lbp_validation.bench.cohort import cohort_section
from lbp_validation.bench.cold import cold_section
from lbp_validation.bench.comparison import Comparison, goals_section
from lbp_validation.bench.compiled_start import numba_section
from lbp_validation.bench.goals import GOALS, rate_row
from lbp_validation.bench.networks import LARGE, SMALL, networks_section
from lbp_validation.bench.plot import plot
from lbp_validation.bench.runner import runner_section
from lbp_validation.bench.tables import RAGGED, cohorts
from lbp_validation.extras import require
from lbp_validation.paths import NETWORKS, output_folder
from lbp_validation.report.document import Document, Section, publish
from lbp_validation.report.machine import machine_section

NEEDED = ("pyagrum", "pgmpy", "numba", "pyarrow", "matplotlib")
PICTURE = "benchmark.svg"
HOW = (
    "One process. In each round every contender runs once, in turning order; a ratio is the median "
    "over the rounds of the peer's time over ours, its 10-90 % spread in brackets; milliseconds "
    "are medians and hold for this machine only. Evidence is drawn from the network and the same "
    "for all. No time is given unless all posteriors and all bits agree to 1e-9.",
    "pyAgrum is the fastest of ShaferShenoyInference (SSI), LazyPropagation (LP) and "
    "VariableElimination (VE), each with one thread and with all (2t: two), chosen anew for each "
    "network: setEvidence, makeInference, and posterior of each unobserved node, engines built "
    "beforehand, noisy families as full tables. Posteriors stay in its own form; ours are numpy "
    "arrays.",
    f"![ratios, all of them, on a logarithmic scale]({PICTURE})",
)


def main() -> int:
    """Run the benchmark; 0 when done, else the error's own code: 2 where a peer is missing."""
    # What peers will change one day is no news to whoever reads the figures.
    warnings.simplefilter("ignore")
    try:
        require("what the benchmark needs", *NEEDED)
        sections, measured = _run()
    except BayesnetError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    folder = output_folder()
    plot(measured, folder / PICTURE)
    publish(Document("Benchmark", (*sections, machine_section())), folder / "benchmark.md")
    return 0


def _run() -> tuple[Iterable[Section], list[Comparison]]:
    """Measure everything, cold starts first, while this process is small and the machine cool."""
    cold = (cold_section(), numba_section())
    model = bayesnet.load_model(MODEL)
    person, of_person = runner_section(model)
    tables = cohorts(model)
    cohort = cohort_section(model, tables)
    rates = cohort.rates
    batch, batch_row = batch_section(model, tables[0].observed, rates.get(tables[0].name))
    networks = [networks_section(NETWORKS, scale) for scale in (SMALL, LARGE)]
    measured = [*of_person, *cohort.measured, *(m for _, found in networks for m in found)]
    goals = goals_section(GOALS, measured, (rate_row(_alike(rates)), batch_row))
    parts = (person, cohort.section, batch, *(section for section, _ in networks))
    return (Section("How", HOW), goals, *parts, *cold), measured


def _alike(rates: Mapping[str, float]) -> dict[str, float]:
    """Drop the table whose rows all differ in what they answer."""
    return {name: rate for name, rate in rates.items() if name != RAGGED}


if __name__ == "__main__":
    sys.exit(main())
