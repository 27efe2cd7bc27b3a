"""Tell what of a model a network file does not hold."""

from collections.abc import Iterator

from bayesnet.errors import counted
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.interview import Interview
from bayesnet.model.format.variables import Cause
from bayesnet.model.lookup.grades import graded_numbers

UAI, XDSL = ".uai", ".xdsl"


def left_behind(compiled: CompiledModel, ending: str) -> Iterator[str]:
    """Yield, in words, each kind of thing that is lost when a model is written as a network.

    ending: of the network file, without .gz.
    """
    described = compiled.description
    numbers = sum(1 for _ in graded_numbers(described))
    if numbers and not described.network:
        yield f"the sources, reasons and intervals of {counted(numbers, 'number')}"
    if ending != XDSL:
        yield f"what {counted(len(described.causes), 'cause')}, questions and answers are called"
        yield "which variables are causes and which are asked about, and what asking costs"
    if described.interview != Interview():
        yield "the interview: what is asked first, in which screens, and when it stops"
    if described.triage is not None:
        rules = counted(len(described.triage.rules), "rule")
        yield f"urgency: {rules}, and the thresholds of causes"
    if described.pathways:
        yield f"{counted(len(described.pathways), 'pathway')}, with what each is worth"
    if described.derived:
        yield f"answers that say something about others: {', '.join(described.derived)}"
    merged = [name for name, each in described.causes.items() if _is_several(each)]
    if merged:
        yield f"that several states are one cause: {', '.join(merged)}"
    numbered = [
        name
        for section in (described.risk_factors, described.findings)
        for name, entry in section.items()
        if entry.answer.bands
    ]
    if numbered:
        yield f"the numbers behind the bands of {', '.join(numbered)}"
    noisy = [node for node in compiled.nodes if len(node.parents) > 1 and not node.table]
    if noisy and ending != XDSL:
        yield f"that {counted(len(noisy), 'table')} are noisy-OR or -MAX: they are written whole"
    if ending == UAI:
        yield "names: variables and states are numbered in the order of `network.names`"


def _is_several(cause: Cause) -> bool:
    return cause.in_network is not None and len(cause.in_network.states) > 1
