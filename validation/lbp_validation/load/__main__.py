"""`python -m lbp_validation.load`: write load.md, what the service does under load."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import click

import bayesnet
from lbp_validation.load.client import Asked, as_fast_as_it_goes, steadily
from lbp_validation.load.killed import Survived, answers_to, through_a_kill
from lbp_validation.load.people import bodies
from lbp_validation.load.servers import Server, echo, service
from lbp_validation.paths import output_folder
from lbp_validation.report.document import Document, Grid, Section, as_markdown, as_text
from lbp_validation.report.goals import Goal, goals_grid
from lbp_validation.report.machine import machine_section

MODEL = "lbp-runner"
WORKERS = 2
CALLERS = 8
SHARE = 0.6
"""Of the highest rate: the load at which times are judged."""
HIGHEST_RATE = 500.0
"""Steady requests a second that the client keeps up with."""
FULL, SHORT = "/v1/diagnosis", "/v1/diagnosis?fields=triage,causes"
SHORTER = "/v1/diagnosis?fields=triage.level,causes.id,causes.probability"
KINDS = {"full report": FULL, "fields=triage,causes": SHORT}
KINDS["fields=triage.level,causes.id,causes.probability"] = SHORTER
EXECUTORS = ("numpy", "compiled")
KILLED_PEOPLE = 100
"""People that are asked about while a worker is killed."""
HEADERS = ("what", "a second", "median, 99 %", "CPU ms each", "at 60 %: median, 99 %", "not 200")
ABOUT = (
    f"{WORKERS} workers, {CALLERS} callers over loopback, of mixed people: age, sex and 0 to 20 "
    "answers. CPU is the workers' own and counts on a busy machine too; rates and times only where "
    "nothing else runs, and the callers take their share of it. The echo is of the same server in "
    "the same run, and bound by the callers. `numpy` and `compiled` are `--executor`."
)


class Memory(NamedTuple):
    """Megabytes of the largest worker before and after some answers."""

    before: float
    after: float
    answers: int


@dataclass(frozen=True)
class Row:
    """One kind of request: as fast as it goes, and steadily at a share of that; CPU in seconds."""

    name: str
    fast: Asked
    cpu: float
    steady: Asked

    def cells(self) -> tuple[str, ...]:
        """Write it as a row of the table."""
        each = 1000 * self.cpu / max(1, len(self.fast.seconds))
        others = len(self.fast.others) + len(self.steady.others)
        rate = f"{self.fast.rate:.0f}"
        return (self.name, rate, _times(self.fast), f"{each:.1f}", _times(self.steady), str(others))


def _times(asked: Asked) -> str:
    return ", ".join(f"{1000 * asked.within(share):.0f} ms" for share in (0.5, 0.99))


@click.command()
@click.option("--seconds", default=15.0, show_default=True, help="Of each measurement.")
@click.option(
    "--soak",
    default=5000,
    show_default=True,
    help="Answers between the two looks at memory; 100000 take about a quarter of an hour.",
)
def main(seconds: float, soak: int) -> None:
    """Measure the service on this machine, and write validation/load.md."""
    try:
        people = bodies(bayesnet.load_model(MODEL))
        with echo(WORKERS) as plain:
            rows = [_row("echo", plain, "/", people, seconds / 3)]
        for executor in EXECUTORS:
            with service(WORKERS, executor) as server:
                for name, path in KINDS.items():
                    rows.append(_row(f"{name}, {executor}", server, path, people, seconds))
                if executor == EXECUTORS[-1]:
                    memory = _memory(server, people, soak)
                    survived = _killed(server, people[:KILLED_PEOPLE], seconds)
    except bayesnet.BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    goals = Section("Figures to reach", (goals_grid(_goals(rows, memory, survived)),))
    measured = Section("Load", (ABOUT, Grid(HEADERS, tuple(each.cells() for each in rows))))
    document = Document("The service under load", (goals, measured, machine_section()))
    written = output_folder() / "load.md"
    written.write_text(as_markdown(document), encoding="utf-8")
    click.echo(as_text(document))


def _row(name: str, server: Server, path: str, people: Sequence[bytes], seconds: float) -> Row:
    """Measure one kind of request, once it has been asked for a while."""
    asyncio.run(as_fast_as_it_goes(server.port, path, people, CALLERS, seconds / 5))
    before = server.processor_seconds()
    fast = asyncio.run(as_fast_as_it_goes(server.port, path, people, CALLERS, seconds))
    used = server.processor_seconds() - before
    rate = min(HIGHEST_RATE, max(1.0, SHARE * fast.rate))
    return Row(name, fast, used, asyncio.run(steadily(server.port, path, people, rate, seconds)))


def _killed(server: Server, people: list[bytes], seconds: float) -> Survived:
    """Kill a worker while it is asked."""
    expected = asyncio.run(answers_to(server.port, SHORT, people))
    asking = through_a_kill(server.port, SHORT, expected, CALLERS, seconds, server.kill_one)
    return asyncio.run(asking)


def _memory(server: Server, people: list[bytes], soak: int) -> Memory:
    """Look at the largest worker before and after many more answers."""
    before, asked = server.megabytes(), 0
    while asked < soak:
        found = asyncio.run(as_fast_as_it_goes(server.port, SHORT, people, CALLERS, 10))
        asked += len(found.seconds)
    return Memory(before, server.megabytes(), asked)


def _goals(rows: list[Row], memory: Memory, survived: Survived) -> list[Goal]:
    named = {each.name: each for each in rows}
    full, short = (named[f"{name}, {EXECUTORS[-1]}"] for name in list(KINDS)[:2])
    tail, grown = full.steady.within(0.99), memory.after - memory.before
    said = f"{memory.before:.0f} to {memory.after:.0f} MB over {memory.answers:,} answers"
    killed = f"{survived.lost} lost, {survived.wrong} other, {survived.right} right"
    return [
        Goal("full reports a second, 150", f"{full.fast.rate:.0f}", full.fast.rate >= 150),
        Goal("full reports, 99 % at 60 % load, 100 ms", f"{1000 * tail:.0f} ms", tail <= 0.1),
        Goal(
            "fields=triage,causes a second, 800", f"{short.fast.rate:.0f}", short.fast.rate >= 800
        ),
        Goal("memory of a worker flat", said, grown < 0.05 * memory.before),
        Goal(
            f"a worker killed under load: no more lost than {CALLERS} callers wait for, none wrong",
            killed,
            survived.lost <= CALLERS and not survived.wrong,
        ),
    ]


if __name__ == "__main__":
    main()
