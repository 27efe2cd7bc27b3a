"""The jobs that run in a process of their own; each returns what JSON can hold.

`python -m lbp_validation.bench.jobs JOB ARGUMENTS` prints its answer and its peak memory as JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice, repeat
from typing import Any

import numpy as np

import bayesnet
from bayesnet import TooLargeError
from lbp_validation.bench.child import memory, patience, peak_memory
from lbp_validation.bench.forward_sampling import draw
from lbp_validation.bench.goals import KNOWN
from lbp_validation.bench.made import Clinic, chain, clinic, polytree, qmr, quickscore, too_wide
from lbp_validation.bench.peer import FOR_LARGE, difference, peers, table_peer
from lbp_validation.bench.people import (
    AGE_AND_SEX,
    MODEL,
    Crowd,
    people,
    questionnaires,
    ragged,
)
from lbp_validation.bench.row import farthest
from lbp_validation.bench.timing import Pace, interleaved, ready

Answer = dict[str, Any]
PATIENCE, LONG_PATIENCE = 30.0, 60.0
LARGE, SMALL = 50_000, 2_000
"""Nodes of what is timed, and of the network from the same maker that pyAgrum checks."""
PEER_PATIENCE, PEER_MEMORY, PEER_CASES, PEER_ENOUGH = 20.0, 8.0, 8, 10.0
"""Of pyAgrum on the runner model: the most seconds, gigabytes and cases, and seconds after which no
further case is begun."""
FIRST_ROWS, ENOUGH, MOST_ROWS, CHECKED = 20, 1.0, 5_120, 5


def of_clinic(known: str, seed: str) -> Answer:
    """Time the causes' posteriors and every open finding's bits, numba."""
    with patience(PATIENCE):
        apart = _clinic_apart(known, int(seed))
        made = clinic(int(seed))
        engine = made.network.compile(executor="numba")
        ours = ready("ours", lambda: _ask(engine, made, known))
        seconds = interleaved([ours], Pace(7, 15.0, warm_up=1))
    return {"apart": apart, "ours": seconds["ours"].tolist()}


def _clinic_apart(known: str, seed: int) -> float:
    """Difference to pyAgrum in posteriors and bits on a smaller clinic of the same maker.

    The large one is too wide for what pyAgrum has: full tables and its own triangulation.
    """
    made = clinic(seed, causes=10, findings=40, shared=6, positives=6)
    evidence = _clinic_evidence(made, known)
    posteriors, bits = _ask(made.network.compile(executor="numba"), made, known)
    peer = peers(made.network, FOR_LARGE[:1])[0]
    theirs = peer.information(evidence, made.causes, made.open_to(evidence))
    apart = [abs(bits[c][q] - found) for c, each in theirs.items() for q, found in each.items()]
    of_causes = replace(peer, variables=made.causes).difference(evidence, posteriors)
    return farthest([of_causes, *apart])


def _clinic_evidence(made: Clinic, known: str) -> dict[str, str]:
    present = dict.fromkeys(made.positive, "yes")
    return {**present, **AGE_AND_SEX} if known == KNOWN else present


def _ask(engine: Any, made: Clinic, known: str) -> tuple[Any, Any]:
    evidence = _clinic_evidence(made, known)
    asked = made.open_to(evidence)
    posteriors = engine.marginals(evidence, made.causes)
    return posteriors, engine.information_each(made.causes, asked, evidence)


def of_pyagrum(asked: str, which: str) -> Answer:
    """Time pyAgrum's posteriors, `causes` or `all`, of a person or of the first rows of a table.

    Held against the engine's. On the runner model its full tables may want more than there is.
    """
    model = bayesnet.load_model(MODEL)
    targets = tuple(model.description.causes) if which == "causes" else model.network.names
    engine, persons = model.network.compile(), people(model)
    crowds = {crowd.name: crowd for crowd in (ragged(model), *questionnaires(model))}
    cases = repeat(persons[asked]) if asked in persons else crowds[asked].cases(0, PEER_CASES)
    seconds: list[float] = []
    apart: list[float] = []
    with patience(PEER_PATIENCE), memory(PEER_MEMORY):
        peer = replace(table_peer(model.network, targets), changes=asked in crowds)
        for case in islice(cases, PEER_CASES):
            start = time.process_time()
            theirs = peer.posteriors(case)
            seconds.append(time.process_time() - start)
            apart.append(difference(theirs, engine.marginals(case)))
            if sum(seconds) > PEER_ENOUGH:
                break
    return {"seconds": seconds, "apart": farthest(apart)}


def of_qmr() -> Answer:
    """Time compiling and the first query, against Quickscore's answers."""
    made = qmr(0)
    present, absent = list(range(6)), list(range(6, 20))
    evidence = {f"finding_{i}": "yes" for i in present} | {f"finding_{i}": "no" for i in absent}
    with patience(PATIENCE):
        start = time.process_time()
        found = made.network.compile().marginals(evidence)
        took = time.process_time() - start
    ours = np.array([found[f"cause_{i}"][1] for i in range(len(made.priors))])
    return {"seconds": took, "apart": float(np.abs(ours - quickscore(made, present, absent)).max())}


def of_too_wide() -> Answer:
    """Time the refusal of a network that is too wide."""
    network = too_wide(0)
    refused = 0.0
    with patience(PATIENCE):
        start = time.process_time()
        try:
            network.compile().marginals()
        except TooLargeError:
            refused = time.process_time() - start
    if not refused:
        raise SystemExit("it was not refused")
    return {"seconds": refused}


def fifty_thousand(maker: str) -> Answer:
    """Time compiling and the first query of all posteriors, a tenth of the nodes observed."""
    make = {"polytree": polytree, "chain": chain}[maker]
    small = make(0, SMALL)
    some = _tenth(small)
    apart = peers(small, FOR_LARGE[:1])[0].difference(some, small.compile().marginals(some))
    network = make(0, LARGE)
    case = _tenth(network)
    with patience(LONG_PATIENCE):
        start = time.process_time()
        network.compile().marginals(case)
        took = time.process_time() - start
    return {"seconds": took, "apart": apart}


def _tenth(network: bayesnet.Network) -> dict[str, str]:
    drawn = draw(network, np.random.default_rng(0))
    return {name: drawn[name] for name in network.names[::10]}


def many(which: str, how: str) -> Answer:
    """Time whole diagnoses of a table: `table` by diagnose_many, `loop` by diagnose.

    Rows are doubled until a run takes long enough; each run takes rows that none had before.
    """
    model = bayesnet.load_model(MODEL)
    crowd = ragged(model) if which == "ragged" else questionnaires(model)[0]
    work = {"table": _by_table, "loop": _by_loop}[how]
    rows, start = FIRST_ROWS, 2
    with patience(LONG_PATIENCE):
        work(model, crowd, 0, 2)  # whatever is compiled or loaded once
        while True:
            begun = time.process_time()
            work(model, crowd, start, rows)
            took = time.process_time() - begun
            if took >= ENOUGH or rows >= MOST_ROWS:
                break
            start += rows
            rows *= 2
        apart = _rows_apart(model, crowd)
    return {"seconds": took / rows, "rows": rows, "apart": apart}


def _by_table(model: Any, crowd: Crowd, start: int, rows: int) -> Any:
    return model.diagnose_many(crowd.table(start, rows))


def _by_loop(model: Any, crowd: Crowd, start: int, rows: int) -> Any:
    return [model.diagnose(case) for case in crowd.cases(start, rows)]


def _rows_apart(model: Any, crowd: Crowd) -> float:
    """Difference between the posteriors of the causes by either way."""
    table = _by_table(model, crowd, 0, CHECKED)
    reports = _by_loop(model, crowd, 0, CHECKED)
    return farthest(
        abs(table[cause.id][row] - cause.probability)
        for row, report in enumerate(reports)
        for cause in report.causes
    )


JOBS: Mapping[str, Callable[..., Answer]] = {
    "clinic": of_clinic,
    "pyagrum": of_pyagrum,
    "qmr": of_qmr,
    "too-wide": of_too_wide,
    "fifty-thousand": fifty_thousand,
    "many": many,
}


def main() -> None:
    """Run the job that the arguments name."""
    answer = JOBS[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(f"{json.dumps({'answer': answer, 'peak': peak_memory()})}\n")


if __name__ == "__main__":
    main()
