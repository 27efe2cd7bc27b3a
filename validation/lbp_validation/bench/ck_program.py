"""Runs in a Python that has compiled-knowledge, and meets nothing of ours.

The first line of input is a network: {"sizes": states of each variable, "families": [{"parents":
positions, "table": rows of P(variable | parents), the last parent fastest}]}. Each line after it
is {"cases": [[[variable, state], ...], ...], "answers": whether to return the posteriors}; the
answer says the seconds that all cases took.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any


def main() -> None:
    """Compile what the first line describes, then answer every further line."""
    described = json.loads(sys.stdin.readline())
    pgm = import_module("ck.pgm").PGM("network")
    variables = [pgm.new_rv(f"x{i}", size) for i, size in enumerate(described["sizes"])]
    for variable, family in zip(variables, described["families"], strict=True):
        factor = pgm.new_factor(variable, *(variables[p] for p in family["parents"]))
        factor.set_cpt().set_all(*family["table"])
    program = _compiled(pgm)
    _say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        cases = [[variables[v][state] for v, state in case] for case in request["cases"]]
        start = time.process_time()
        for case in cases:
            program.compute_conditioned(*case)
        seconds = time.process_time() - start
        answers = []
        if request["answers"]:
            for case in cases:
                program.compute_conditioned(*case)
                answers.append([program.result_for_rv(v).tolist() for v in variables])
        _say({"seconds": seconds, "answers": answers})


def _compiled(pgm: Any) -> Any:
    """Compile by the default, or else by min-fill: whichever circuit sums to 1 without evidence.

    The default of version 4.2.7 gives alarm, in the order of its file, a circuit that sums to 0.
    """
    compilers = import_module("ck.pgm_compiler")
    make = import_module("ck.pgm_circuit.marginals_program").MarginalsProgram
    for compiler in (compilers.DEFAULT_PGM_COMPILER, compilers.NamedPGMCompiler.FE_MIN_FILL):
        program = make(compiler(pgm))
        program.compute_conditioned()
        if abs(program.result_wmc - 1.0) < 1e-6:
            return program
    raise SystemExit("no compiler of compiled-knowledge makes a circuit that sums to 1")


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
