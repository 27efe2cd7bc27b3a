"""The compiled kernel of single cases, for tables of them and for one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.inference.compiled.kernel import run_rows
from bayesnet.inference.compiled.layout import Ints, Net, Work, layout, workspace
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import ROW_VARIABLES, ROWS_A_CHUNK
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Rows:
    """Runs cases of one network through the kernel, rows in threads."""

    structure: Structure
    _spare: list[Work] = field(default_factory=list)

    @cached_property
    def net(self) -> Net | None:
        """The network as arrays; None where the kernel is not for it."""
        return layout(self.structure) if len(self.structure.sizes) <= ROW_VARIABLES else None

    def run(
        self, cases: Sequence[Case], wanted: Sequence[int], read: Sequence[int]
    ) -> tuple[Array, list[slice], Array]:
        """(posteriors side by side, where each variable's are, log P of each case).

        wanted: variables that have to be vertices, those to be read among them. A log P of nan
        says that the case has to go another way.
        """
        sizes = self.structure.sizes
        at = np.cumsum([0, *(sizes[v] for v in read)])
        found = np.zeros((len(cases), int(at[-1])))
        log_z = np.full(len(cases), np.nan)
        places = [slice(a, b) for a, b in pairwise(at.tolist())]
        net = self.net
        if net is None:
            return found, places, log_z
        codes, soft, likelihoods = self._encoded(cases)
        flags = np.zeros(len(sizes), dtype=np.bool_)
        flags[list(wanted)] = True
        reading = np.array(read, dtype=np.int64)

        def some(start: int) -> None:
            work = self._spare.pop() if self._spare else workspace(self.structure)
            rows = slice(start, start + ROWS_A_CHUNK)
            run_rows(
                net,
                work,
                codes[rows],
                soft[rows],
                likelihoods,
                flags,
                reading,
                at[:-1].astype(np.int64),
                found[rows],
                log_z[rows],
            )
            self._spare.append(work)

        starts = range(0, len(cases), ROWS_A_CHUNK)
        if len(starts) == 1:
            some(0)
        elif starts:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                list(pool.map(some, starts))
        log_z += [case.log_scale for case in cases]
        return found, places, log_z

    def _encoded(self, cases: Sequence[Case]) -> tuple[Ints, Ints, Array]:
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

    def __reduce__(self) -> tuple[type["Rows"], tuple[Structure]]:
        return Rows, (self.structure,)
