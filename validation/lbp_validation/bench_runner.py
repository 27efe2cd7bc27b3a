"""Our model against pyAgrum: posteriors and every question's information, one person."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bayesnet.diagnosis.intake import take_in
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.questions import questions_for
from bayesnet.network import Array
from bayesnet.tape.engine import Engine
from lbp_validation.bench_contest import MEETINGS, worthy
from lbp_validation.bench_informant import Ask, Informant, informants
from lbp_validation.bench_measured import EXECUTORS, Measured
from lbp_validation.bench_peer import TOLERANCE, Peer, peers
from lbp_validation.bench_people import people
from lbp_validation.bench_timing import (
    Contender,
    Job,
    Seconds,
    fastest_of,
    interleaved,
    milliseconds,
    ratio,
    worth_timing,
)
from lbp_validation.document import Grid, Section

ROUNDS, QUICK_LIMIT, LIMIT = 15, 1.5, 4.5
POSTERIORS, EACH, FIRST = "posteriors", "+ each", "+ each, first time"
JOINT, DIAGNOSE = "+ joint", "diagnose"
TASKS = (POSTERIORS, EACH, FIRST, JOINT)
TIMES = tuple(f"{x} times faster" for x in EXECUTORS)
MS = (*(f"{x} ms" for x in EXECUTORS), "pyAgrum ms")
HEADERS = ("person", "what is computed", *MS, "by", *TIMES)


@dataclass(frozen=True, eq=False)
class Runner:
    """The model, our engines on it, and pyAgrum's."""

    model: DiagnosticModel
    engines: Mapping[str, Engine]
    peers: Sequence[Peer]
    informants: Sequence[Informant]


def runner_section(model: DiagnosticModel) -> tuple[Section, tuple[Measured, ...]]:
    """One row for each person and task, and the ratios found."""
    everybody = people(model.known)
    rivals = peers(model.network)
    first = _ask(model, next(iter(everybody.values())))
    trials = {each.name: each for each in informants(rivals)}
    kept = worth_timing([_ready(each.name, partial(each.bits, first)) for each in trials.values()])
    engines = {x: model.network.compile(executor=x) for x in EXECUTORS}
    able = [trials[each.name] for each in kept]
    runner = Runner(model, engines, worthy(rivals, [first.evidence]), able)
    rows: list[tuple[str, ...]] = []
    measured: list[Measured] = []
    for who, answers in everybody.items():
        sys.stderr.write(f"{who} ...\n")
        found, further = _person(runner, who, answers)
        rows += found
        measured += further
    title = (
        f"{model.description.model.id}: one person "
        f"({len(model.network.names)} variables, {len(model.description.causes)} causes)"
    )
    words = (
        f"`{EACH}`: posteriors, and each open question's expected information about each cause by "
        "itself; pyAgrum has it by one inference more for each cause, which is `observed` to be "
        "there or `reweighted`, whichever is faster. "
        f"`{JOINT}`: the information is about all causes at once, which pyAgrum cannot compute. "
        "`first time`: by an engine that has not met this set of answered questions, so that it "
        f"plans too; otherwise it has, {MEETINGS} times. `{DIAGNOSE}`: the whole report."
    )
    return Section(title, (words, Grid(HEADERS, tuple(rows), frozenset((*MS, *TIMES))))), tuple(
        measured
    )


def _ask(model: DiagnosticModel, answers: Mapping[str, object]) -> Ask:
    evidence = take_in(model.known, answers).evidence
    asked = questions_for(model.known, "clinician")
    causes = tuple(model.description.causes)
    return Ask(evidence, causes, tuple(name for name in asked if name not in evidence))


def _person(
    runner: Runner, who: str, answers: Mapping[str, object]
) -> tuple[list[tuple[str, ...]], list[Measured]]:
    ask = _ask(runner.model, answers)
    for engine in runner.engines.values():
        for _ in range(MEETINGS):
            _everything(engine, ask)
    difference = _difference(runner, ask)
    if not difference <= TOLERANCE:
        why = f"answers differ by {difference:.1e}: no time"
        refused = [_refused(who, task, x, why) for task in (POSTERIORS, EACH) for x in EXECUTORS]
        return [(who, "all", *["-"] * 4, why, why)], refused
    seconds = _seconds(runner, ask, answers)
    rivals = {POSTERIORS: [peer.name for peer in runner.peers]}
    if ask.questions:
        rivals[EACH] = rivals[FIRST] = [each.name for each in runner.informants]
    names = {peer.name: peer.initials for peer in runner.peers}
    rows: list[tuple[str, ...]] = []
    measured: list[Measured] = []
    for task in TASKS:
        if task != POSTERIORS and not ask.questions:
            continue
        best = fastest_of(seconds, rivals[task]) if task in rivals else ""
        found = [_measured(seconds, who, task, x, best) for x in EXECUTORS]
        measured += [each for each in found if each.times]
        ms = [milliseconds(seconds[f"{x} {task}"]) for x in EXECUTORS]
        theirs = (milliseconds(seconds[best]), names.get(best, best)) if best else ("-", "nobody")
        rows.append((who if not rows else "", task, *ms, *theirs, *map(str, found)))
    rows.append(("", DIAGNOSE, milliseconds(seconds[DIAGNOSE]), *["-"] * 5))
    return rows, measured


def _seconds(runner: Runner, ask: Ask, answers: Mapping[str, object]) -> dict[str, Seconds]:
    """The quick ones by themselves, each having just run, so that all find their data at hand."""
    seconds = interleaved(_quick(runner, ask, answers), ROUNDS, QUICK_LIMIT)
    if ask.questions:
        seconds.update(interleaved(_slow(runner, ask), ROUNDS, LIMIT, warm_up=1))
    return seconds


def _quick(runner: Runner, ask: Ask, answers: Mapping[str, object]) -> list[Contender]:
    jobs: dict[str, Job] = {
        DIAGNOSE: partial(runner.model.diagnose, answers, audience="clinician"),
        **{peer.name: partial(peer.posteriors, ask.evidence) for peer in runner.peers},
        **{
            f"{executor} {POSTERIORS}": partial(engine.marginals, ask.evidence)
            for executor, engine in runner.engines.items()
        },
    }
    return [Contender(name, partial(_just_run, job)) for name, job in jobs.items()]


def _slow(runner: Runner, ask: Ask) -> list[Contender]:
    found = [_ready(each.name, partial(each.bits, ask)) for each in runner.informants]
    about = (ask.causes, ask.questions, ask.evidence)
    for executor, engine in runner.engines.items():
        found += [
            _ready(f"{executor} {EACH}", partial(_everything, engine, ask)),
            _ready(f"{executor} {JOINT}", partial(engine.marginals_and_information, *about)),
            Contender(f"{executor} {FIRST}", partial(_fresh, runner, executor, ask)),
        ]
    return found


def _just_run(job: Job) -> Job:
    job()
    return job


def _fresh(runner: Runner, executor: str, ask: Ask) -> Job:
    engine = runner.model.network.compile(executor=executor)
    return partial(_everything, engine, ask)


def _everything(engine: Engine, ask: Ask) -> tuple[Mapping[str, Array], Array]:
    """All posteriors, and bits of shape (causes, questions)."""
    posteriors = engine.marginals(ask.evidence)
    bits = engine.information_each(ask.causes, ask.questions, ask.evidence)
    return posteriors, np.array([[bits[c][q] for q in ask.questions] for c in ask.causes])


def _difference(runner: Runner, ask: Ask) -> float:
    """Largest over our executors and all rivals, in probabilities and in bits."""
    ours = [_everything(engine, ask) for engine in runner.engines.values()]
    apart = [
        peer.difference(ask.evidence, *[posteriors for posteriors, _ in ours])
        for peer in runner.peers
    ]
    if ask.questions:
        apart += [
            float(np.abs(theirs - bits).max())
            for theirs in [each.bits(ask) for each in runner.informants]
            for _, bits in ours
        ]
    return float(np.max(apart))


def _measured(
    seconds: Mapping[str, Seconds], who: str, task: str, executor: str, best: str
) -> Measured:
    times = ratio(seconds[best], seconds[f"{executor} {task}"]) if best else None
    return Measured(f"person, {task}", who, executor, times, note="-")


def _refused(who: str, task: str, executor: str, why: str) -> Measured:
    return Measured(f"person, {task}", who, executor, None, note=why)


def _ready(name: str, job: Callable[[], object]) -> Contender:
    return Contender(name, lambda: job)
