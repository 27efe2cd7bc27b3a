"""compiled-knowledge as a peer: arithmetic circuits (Darwiche 2003), in a Python of its own.

It needs Python 3.12 or newer, so it runs beside us in an interpreter that has it installed, is
told the network and the cases as JSON over a pipe, and times itself.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from bayesnet.network import Array, Network
from lbp_validation.bench.peer import Evidence
from lbp_validation.bench.timing import Contender, Job, Took

NAME = "compiled-knowledge"
PROGRAM = Path(__file__).with_name("ck_program.py")
INTERPRETERS = ("python3.15", "python3.14", "python3.13", "python3.12")


def interpreter(given: str) -> str:
    """Find a Python that has compiled-knowledge: the one given, else a newer one on the PATH.

    Empty where there is none.
    """
    for name in (given,) if given else INTERPRETERS:
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", "import ck"], capture_output=True).returncode == 0:
            return path
    return ""


@dataclass(frozen=True, eq=False)
class Circuits:
    """A process that has a network as a circuit; close it when done."""

    process: "subprocess.Popen[str]"
    network: Network

    def marginals(self, evidence: Evidence) -> dict[str, Array]:
        """Return the posterior of every unobserved variable."""
        found = self._said(cases=[self._codes(evidence)], answers=True)["answers"][0]
        return {
            name: np.array(values)
            for name, values in zip(self.network.names, found, strict=True)
            if name not in evidence
        }

    def contender(self, batches: Sequence[Sequence[Evidence]]) -> Contender:
        """Answer the batches in turn; the time is what the other process measures."""
        coded = [[self._codes(case) for case in batch] for batch in batches]
        turn = iter(range(10**9))

        def prepare() -> Job:
            batch = coded[next(turn) % len(coded)]
            return lambda: Took(self._said(cases=batch, answers=False)["seconds"])

        return Contender(NAME, prepare)

    def close(self) -> None:
        """End the process, by its empty input."""
        _pipe(self.process.stdin).close()
        self.process.wait()
        _pipe(self.process.stdout).close()

    def _codes(self, evidence: Evidence) -> list[tuple[int, int]]:
        place = self.network.position
        return [
            (place(name), self.network.variable(name).index(state))
            for name, state in evidence.items()
        ]

    def _said(self, **request: Any) -> Mapping[str, Any]:
        return _asked(self.process, request)


def compiled(python: str, network: Network) -> Circuits:
    """Start the other process and have it compile the network; noisy families as full tables."""
    process = subprocess.Popen(
        [python, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    families = [
        {
            "parents": [network.position(parent) for parent in family.parents],
            "table": family.table().reshape(-1, family.table().shape[-1]).tolist(),
        }
        for family in network.families
    ]
    sizes = [len(variable.states) for variable in network.variables]
    _asked(process, {"sizes": sizes, "families": families})
    return Circuits(process, network)


def _asked(process: "subprocess.Popen[str]", request: Mapping[str, Any]) -> Mapping[str, Any]:
    to, back = _pipe(process.stdin), _pipe(process.stdout)
    to.write(f"{json.dumps(request)}\n")
    to.flush()
    found: Mapping[str, Any] = json.loads(back.readline())
    return found


def _pipe(end: "IO[str] | None") -> "IO[str]":
    if end is None:
        raise RuntimeError("the process was started without a pipe")
    return end
