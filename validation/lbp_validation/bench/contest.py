"""From contenders to rows: who of the peers enters, the race, and what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lbp_validation.bench.child import Ran
from lbp_validation.bench.row import UNITS, Row, farthest, refused
from lbp_validation.bench.timing import (
    Contender,
    Pace,
    Seconds,
    Took,
    fastest_of,
    interleaved,
    ready,
    short,
    spread,
    timed,
)

WORTH_TIMING, MOST = 1.6, 2
"""How far behind the fastest a peer's trial may lie, and how many enter."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One of ours: its row without figures, its contender, and how many queries a run answers."""

    row: Row
    contender: Contender
    queries: int = 1


def worth_timing(contenders: Sequence[Contender]) -> list[Contender]:
    """Choose the few fastest by the better of two trial runs, without those far behind the first.

    Somebody hopeless after one run gets no second.
    """
    trial: list[float] = []
    for each in contenders:
        first = timed(each.prepare())
        hopeless = bool(trial) and first > 4 * WORTH_TIMING * min(trial)
        trial.append(first if hopeless else min(first, timed(each.prepare())))
    ranked = sorted(zip(trial, contenders, strict=True), key=lambda pair: pair[0])
    return [each for took, each in ranked[:MOST] if took <= WORTH_TIMING * ranked[0][0]]


def race(
    entries: Sequence[Entry], peers: Sequence[Contender], pace: Pace, queries: int = 1
) -> list[Row]:
    """Time ours and the peers in turn, and fill each entry's row against the fastest peer.

    queries: how many a peer's run answers. Without a peer the figures stand alone. Entries whose
    answers lie too far apart are not timed.
    """
    wrong = {id(entry): row for entry in entries if (row := refused(entry.row))}
    able = [entry for entry in entries if id(entry) not in wrong]
    if not able:
        return list(wrong.values())
    seconds = interleaved([*(entry.contender for entry in able), *peers], pace)
    best = fastest_of(seconds, [peer.name for peer in peers]) if peers else ""
    theirs = seconds[best] / queries if best else None
    return [
        wrong.get(id(entry))
        or filled(entry.row, seconds[entry.contender.name] / entry.queries, theirs, best)
        for entry in entries
    ]


def beside(entries: Sequence[Entry], peer: str, ran: Ran, pace: Pace) -> list[Row]:
    """Time ours, and fill each entry's row against a peer that ran in a process of its own.

    For a peer that takes long or may not end: its time is the median over its cases, and where it
    has none the figures stand alone and the note says why.
    """
    if ran.why_not:
        words = f"{peer}: {ran.why_not}"
        notes = [f"{e.row.note}; {words}" if e.row.note else words for e in entries]
        noted = [
            replace(e, row=replace(e.row, note=n)) for e, n in zip(entries, notes, strict=True)
        ]
        return race(noted, (), pace)
    apart = ran.answer["apart"]
    checked = [
        replace(each, row=replace(each.row, apart=farthest([apart, each.row.apart or 0.0])))
        for each in entries
    ]
    took = float(np.median(ran.answer["seconds"]))
    return race(checked, [ready(peer, lambda: Took(took))], pace)


def filled(row: Row, ours: Seconds, theirs: Seconds | None, peer: str) -> Row:
    """Put the figures of the row's unit in; both in seconds a query, shape (rounds,).

    `ms`, `s` and `rows/s` are given for ours, with their ratio to the peer's; `x faster` and `x`
    are the ratios themselves, the peer's time over ours and ours over the peer's.
    """
    scale = UNITS.get(row.unit)
    if theirs is None:
        figures = scale * ours if scale else 1.0 / ours
        return replace(row, found=spread(figures))
    if scale:
        return replace(row, found=spread(scale * ours), against=spread(ours / theirs), peer=peer)
    if row.unit == "rows/s":
        return replace(row, found=spread(1.0 / ours), against=spread(theirs / ours), peer=peer)
    found = spread(theirs / ours if row.unit == "x faster" else ours / theirs)
    both = f"{_milliseconds(ours)} ms, the peer {_milliseconds(theirs)} ms"
    return replace(row, found=found, peer=peer, note=both)


def _milliseconds(seconds: Seconds) -> str:
    return short(1e3 * spread(seconds).median)
