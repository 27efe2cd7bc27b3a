"""The compiled kernel of single cases, for tables of them and for one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from threading import Lock

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.inference.compiled.kernel import run_rows
from bayesnet.inference.compiled.layout import Ints, Net, Work, layout, workspace
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import ROW_ENTRIES, ROW_ENTRIES_MOST, ROW_VARIABLES, ROWS_A_CHUNK
from bayesnet.network import Array

Encoded = tuple[Ints, Ints, Array]
"""Codes and rows of likelihoods, shape (cases, variables), and the likelihoods."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Runs cases of one network through the kernel, rows in threads, large ones one at a time.

    threads: their number; None for one on each processor.
    """

    structure: Structure
    threads: int | None = None
    _spare: list[Work] = field(default_factory=list)
    _alone: Lock = field(default_factory=Lock)

    @cached_property
    def net(self) -> Net | None:
        """The network as arrays; None where the kernel is not for it."""
        return layout(self.structure) if len(self.structure.sizes) <= ROW_VARIABLES else None

    def run(self, cases: Sequence[Case], read: Sequence[int]) -> tuple[Array, list[slice], Array]:
        """(posteriors side by side, where each variable's are, log P of each case).

        A log P of nan says that the case has to go another way.
        """
        sizes = self.structure.sizes
        at = np.cumsum([0, *(sizes[v] for v in read)])
        found = np.zeros((len(cases), int(at[-1])))
        log_z = self._in_chunks(cases, _ints(read), _ints(at[:-1]), found)
        log_z += [case.log_scale for case in cases]
        return found, [slice(a, b) for a, b in pairwise(at.tolist())], log_z

    @cached_property
    def _large(self) -> Work:
        """The scratch space of large cases."""
        return workspace(self.structure, ROW_ENTRIES_MOST)

    def _in_chunks(self, cases: Sequence[Case], read: Ints, at: Ints, found: Array) -> Array:
        """Run some cases at a time, in threads; log P of each, nan where it was refused.

        All are where the kernel is not for the network. What there was no room for runs again,
        with more.
        """
        log_z, net = np.full(len(cases), np.nan), self.net
        if net is None:
            return log_z
        codes, soft, likelihoods = self._encoded(cases)
        wanted = np.zeros(len(self.structure.sizes), dtype=np.bool_)
        wanted[read] = True

        def of(work: Work, rows: slice) -> None:
            case = (codes[rows], soft[rows], likelihoods, wanted)
            run_rows(net, work, *case, read, at, found[rows], log_z[rows])

        def chunk(start: int) -> None:
            rows = slice(start, start + ROWS_A_CHUNK)
            work = self._spare.pop() if self._spare else workspace(self.structure, ROW_ENTRIES)
            of(work, rows)
            self._spare.append(work)
            for row in (start + np.flatnonzero(np.isnan(log_z[rows]))).tolist():
                with self._alone:
                    of(self._large, slice(row, row + 1))

        starts = range(0, len(cases), ROWS_A_CHUNK)
        threads = self.threads or os.cpu_count() or 1
        if min(len(starts), threads) <= 1:
            for start in starts:
                chunk(start)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(chunk, starts))
        return log_z

    def _encoded(self, cases: Sequence[Case]) -> "Encoded":
        """Codes, rows of likelihoods, and the likelihoods of some cases."""
        count, sizes = len(self.structure.sizes), self.structure.sizes
        codes = np.full((len(cases), count), -1, dtype=np.int64)
        soft = np.full((len(cases), count), -1, dtype=np.int64)
        likelihoods: list[Array] = []
        for row, case in enumerate(cases):
            codes[row, list(case.hard)] = list(case.hard.values())
            for variable, values in case.soft.items():
                soft[row, variable] = len(likelihoods)
                likelihoods.append(np.pad(values, (0, max(sizes) - len(values))))
        table = np.array(likelihoods) if likelihoods else np.zeros((1, max(sizes, default=1)))
        return codes, soft, table

    def __reduce__(self) -> tuple[type["Rows"], tuple[Structure, int | None]]:
        return Rows, (self.structure, self.threads)


def _ints(values: Sequence[int] | Ints) -> Ints:
    return np.array(values, dtype=np.int64)
