"""How far a long run is: a bar on a terminal, elsewhere a line now and then."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from lbp_infer.screen.notices import PREFIX

Show = Callable[[int, float], None]
"""Takes the rows that are done and their share of the whole."""

FIRST_SECONDS = 10.0
LONGEST_SECONDS = 300.0


@contextmanager
def progress() -> Iterator[Show]:
    """Yield a function that shows on stderr how far it is; a short run off a terminal is quiet."""
    if sys.stderr is None:
        yield lambda rows, share: None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        with _lines() as show:
            yield show


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda rows, share: bar.update(task, completed=share)


@contextmanager
def _lines() -> Iterator[Show]:
    """Lines of a thread of its own, since some rows may take longer than a reader's patience."""
    reached = [(0, 0.0)]
    done = threading.Event()
    thread = threading.Thread(target=tell, args=(done.wait, lambda: reached[-1]), daemon=True)
    thread.start()
    try:
        yield lambda rows, share: reached.append((rows, share))
    finally:
        done.set()
        thread.join()


def tell(finished_in: Callable[[float], bool], reached: Callable[[], tuple[int, float]]) -> None:
    """Say what is reached after 10 seconds, then after pauses that double, up to 5 minutes.

    finished_in: wait so many seconds and tell whether the run has ended; reached: (rows, share).
    """
    pause, since = FIRST_SECONDS, 0.0
    while not finished_in(pause):
        since += pause
        rows, share = reached()
        click.echo(f"{PREFIX}{rows:,} rows ({share:.0%}) after {since:,.0f} seconds", err=True)
        pause = min(2 * pause, LONGEST_SECONDS)
