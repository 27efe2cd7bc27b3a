"""`python -m lbp_validation.bench`: print the benchmark and write validation/benchmark.md."""

import sys
from importlib.util import find_spec

import bayesnet
from bayesnet.errors import BayesnetError
from lbp_validation.__main__ import MODEL
from lbp_validation.bench_cold import cold_section
from lbp_validation.bench_networks import networks_section
from lbp_validation.bench_runner import runner_section
from lbp_validation.document import Document, Section, publish
from lbp_validation.machine import machine_section
from lbp_validation.paths import NETWORKS, output_folder

HOW = Section(
    "How",
    (
        "One process, everything warm. In each round every contender runs once, in turning order; "
        "a ratio is the median over the rounds of pyAgrum's time over ours, its 10-90 % spread in "
        "brackets; milliseconds are medians and hold for this machine only. pyAgrum is the fastest "
        "of LazyPropagation, ShaferShenoyInference and VariableElimination on the same cases: "
        "setEvidence, makeInference, and posterior of each unobserved node, engines built "
        "beforehand, noisy families as full tables. No time is given unless all posteriors agree "
        "to 1e-9.",
    ),
)


def main() -> int:
    """Exit code 0 when everything ran; 1 without pyAgrum; else the error's own code."""
    if find_spec("pyagrum") is None:
        sys.stderr.write('the benchmark needs pyAgrum: pip install -e ".[dev]"\n')
        return 1
    try:
        document = Document(
            "Benchmark",
            (
                HOW,
                runner_section(bayesnet.load_model(MODEL)),
                networks_section(NETWORKS),
                cold_section(),
                machine_section(),
            ),
        )
    except BayesnetError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    publish(document, output_folder() / "benchmark.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
