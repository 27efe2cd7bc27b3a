"""Which question next: expected information, cost, who can answer, and red flags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bayesnet.diagnosis.intake import Askable, Intake
from bayesnet.diagnosis.report import NextQuestion, Question


@dataclass(frozen=True)
class Interview:
    """Where the questions stand."""

    questions: tuple[Question, ...]
    next_question: NextQuestion | None
    should_stop: bool
    stop_reason: str


def candidates(known: Mapping[str, Askable], intake: Intake, audience: str) -> list[str]:
    """Ids that may still be asked of this audience; a derived one only through its source."""
    settled = set(intake.given) | intake.unknown
    for name in intake.given:
        settled.add(known[name].derived_from)
    return [
        name
        for name, askable in known.items()
        if name not in settled
        and not askable.derived_from
        and (audience == "clinician" or askable.asked.asked_of == "self")
    ]


def unasked_red_flags(known: Mapping[str, Askable], intake: Intake) -> list[str]:
    """Ids of the mandatory red flags not asked yet."""
    return [
        name
        for name, askable in known.items()
        if askable.asked.mandatory and name not in intake.given and name not in intake.unknown
    ]


def conduct(
    known: Mapping[str, Askable],
    bits: Mapping[str, float],
    mandatory: Iterable[str],
    stop_below: float,
) -> Interview:
    """Rank the questions by information and choose one by information for its cost."""
    ranked = sorted(bits, key=lambda name: (-bits[name], name))
    questions = tuple(_question(known[name], bits[name]) for name in ranked)
    open_flags = [name for name in mandatory if name in bits]
    best = max(ranked, key=lambda name: bits[name] / known[name].asked.cost, default=None)
    if best is not None and bits[best] >= stop_below:
        reason = _reason(known, bits, best, ranked[0])
        return Interview(questions, _next(known[best], bits[best], reason), False, "")
    if open_flags:
        flag = max(open_flags, key=bits.__getitem__)
        reason = "a red flag that has to be asked before the questions stop"
        return Interview(questions, _next(known[flag], bits[flag], reason), False, "")
    if best is None:
        return Interview(questions, None, True, "everything has been asked")
    reason = f"no question left is expected to tell more than {stop_below:g} bits about the causes"
    return Interview(questions, None, True, reason)


def _reason(known: Mapping[str, Askable], bits: Mapping[str, float], best: str, first: str) -> str:
    told = f"expected to tell most about the causes ({bits[best]:.3f} bits)"
    if best == first:
        return told
    return (
        f"expected to tell most about the causes for what it costs to ask ({bits[best]:.3f} bits "
        f"at cost {known[best].asked.cost:g}; '{first}' would tell {bits[first]:.3f} "
        f"at cost {known[first].asked.cost:g})"
    )


def _question(askable: Askable, bits: float) -> Question:
    asked = askable.asked
    return Question(
        askable.id,
        asked.question,
        askable.label,
        asked.group,
        asked.asked_of,
        asked.cost,
        askable.choices(),
        askable.answer.unit,
        bits,
        asked.mandatory,
    )


def _next(askable: Askable, bits: float, reason: str) -> NextQuestion:
    asked = askable.asked
    return NextQuestion(
        askable.id,
        asked.question,
        askable.label,
        asked.group,
        asked.asked_of,
        askable.choices(),
        askable.answer.unit,
        bits,
        reason,
    )
