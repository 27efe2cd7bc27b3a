"""`python -m lbp_validation.load`: write load.md, what the service does under load."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

import bayesnet
from lbp_validation.load.client import Asked, as_fast_as_it_goes, steadily
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
HEADERS = ("what", "a second", "CPU ms each", "at 60 %: median, 99 %", "other than 200")
ABOUT = (
    f"{WORKERS} workers, {CALLERS} callers over loopback, of mixed people: age, sex and 0 to 20 "
    "answers. CPU is the workers' own and counts on a busy machine too; rates and times only where "
    "nothing else runs. The echo is of the same server in the same run, and bound by the client."
)


@dataclass(frozen=True)
class Row:
    """One kind of request: as fast as it goes, and steadily at a share of that; CPU in seconds."""

    name: str
    fast: Asked
    cpu: float
    steady: Asked

    def cells(self) -> tuple[str, ...]:
        """Write it as a row of the table."""
        times = " ms, ".join(f"{1000 * self.steady.within(share):.0f}" for share in (0.5, 0.99))
        each = 1000 * self.cpu / max(1, len(self.fast.seconds))
        others = len(self.fast.others) + len(self.steady.others)
        return (self.name, f"{self.fast.rate:.0f}", f"{each:.1f}", f"{times} ms", str(others))


@click.command()
@click.option("--seconds", default=15.0, show_default=True, help="Of each measurement.")
@click.option("--soak", default=5000, show_default=True, help="Answers between looks at memory.")
def main(seconds: float, soak: int) -> None:
    """Measure the service on this machine, and write validation/load.md."""
    try:
        people = bodies(bayesnet.load_model(MODEL))
        with echo(WORKERS) as plain:
            rows = [_row("echo", plain, "/", people, seconds / 3)]
        with service(WORKERS) as server:
            kinds = {"full report": FULL, "fields=triage,causes": SHORT}
            kinds["fields=triage.level,causes.id,causes.probability"] = SHORTER
            rows += [_row(name, server, path, people, seconds) for name, path in kinds.items()]
            memory = _memory(server, people, soak)
    except bayesnet.BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    goals = Section("Figures to reach", (goals_grid(_goals(rows, memory)),))
    measured = Section("Load", (ABOUT, Grid(HEADERS, tuple(each.cells() for each in rows))))
    document = Document("The service under load", (goals, measured, machine_section()))
    path = output_folder() / "load.md"
    path.write_text(as_markdown(document), encoding="utf-8")
    click.echo(as_text(document))


def _row(name: str, server: Server, path: str, people: Sequence[bytes], seconds: float) -> Row:
    """Measure one kind of request, once it has been asked for a while."""
    asyncio.run(as_fast_as_it_goes(server.port, path, people, CALLERS, seconds / 5))
    before = server.processor_seconds()
    fast = asyncio.run(as_fast_as_it_goes(server.port, path, people, CALLERS, seconds))
    used = server.processor_seconds() - before
    rate = min(HIGHEST_RATE, max(1.0, SHARE * fast.rate))
    return Row(name, fast, used, asyncio.run(steadily(server.port, path, people, rate, seconds)))


def _memory(server: Server, people: Sequence[bytes], soak: int) -> tuple[float, float]:
    """Return the megabytes of the largest worker before and after many more answers."""
    before, asked = server.megabytes(), 0
    while asked < soak:
        asked += len(
            asyncio.run(as_fast_as_it_goes(server.port, SHORTER, people, CALLERS, 10)).seconds
        )
    return before, server.megabytes()


def _goals(rows: Sequence[Row], memory: tuple[float, float]) -> list[Goal]:
    named = {each.name: each for each in rows}
    full, short = named["full report"], named["fields=triage,causes"]
    tail = full.steady.within(0.99)
    grown = memory[1] - memory[0]
    return [
        Goal("full reports a second, 150", f"{full.fast.rate:.0f}", full.fast.rate >= 150),
        Goal("full reports, 99 % at 60 % load, 100 ms", f"{1000 * tail:.0f} ms", tail <= 0.1),
        Goal(
            "fields=triage,causes a second, 800", f"{short.fast.rate:.0f}", short.fast.rate >= 800
        ),
        Goal(
            "memory of a worker flat",
            f"{memory[0]:.0f} to {memory[1]:.0f} MB",
            grown < 0.05 * memory[0],
        ),
    ]


if __name__ == "__main__":
    main()
