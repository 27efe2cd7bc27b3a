"""Say what a decision of the interview is and why, in words for the one who is asked."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.decisions.unjudged import judges_urgency
from bayesnet.diagnosis.interview.conduct import CARE, Decision, Standing, Why
from bayesnet.diagnosis.interview.outlook import Outlook
from bayesnet.diagnosis.interview.separating import in_a_sentence, of_100, said, separation_of
from bayesnet.diagnosis.interview.worth import DECIMALS, Worth
from bayesnet.diagnosis.report.records import Choice, Item, NextQuestion, Question
from bayesnet.model.format.triage_rules import LEVELS, level_label

NONE_OF_THESE = "none"
REASONS = {
    Why.FIRST: "Everybody is asked this first: it says how common each cause is.",
    Why.SCREEN: "Everybody is asked this: these signs would not wait.",
    Why.MANDATORY: "Everybody is asked this before the questions stop: it would not wait.",
    Why.CONFIRMS: "Its answer could lower the urgency, so it comes before all others.",
    Why.PRESSING: "Its answer could lower the urgency, so it comes before all others.",
}
STOPS = {
    Why.EMERGENCY: "This is an emergency: act on it now, questions can wait.",
    Why.NOTHING_OPEN: "Everything has been asked.",
}


def open_list(standing: Standing, decision: Decision) -> tuple[Question, ...]:
    """List the open questions with what each is worth, the most first."""
    outlook, scores = decision.outlook, decision.scores
    if outlook is None or scores is None:
        return ()
    order = np.argsort(-scores, kind="stable").tolist()
    bits = outlook.bits.sum(axis=0)
    known = standing.policy.known
    return tuple(
        _question(known[outlook.ids[at]], float(bits[at]), float(scores[at])) for at in order
    )


def next_question(standing: Standing, decision: Decision) -> NextQuestion | None:
    """Return the next question with its reason; None where it stops."""
    known = standing.policy.known
    if decision.gate is not None:
        return _screen(standing, decision)
    if decision.question is None:
        return None
    askable = known[decision.question]
    bits, gain = _worth_of(decision, [decision.question])
    reason = _by_rule(standing, decision) or _reason(standing, decision, askable)
    apart = None
    if decision.outlook is not None and decision.why in (Why.WORTH, Why.PRESSING):
        apart = separation_of(standing, decision.outlook, askable)
    return NextQuestion(
        askable.id,
        askable.asked.question,
        askable.label,
        askable.asked.group,
        askable.asked.asked_of,
        askable.choices(),
        askable.answer.unit,
        bits,
        gain,
        f"{reason} {in_a_sentence(apart)}" if apart is not None else reason,
        separates=apart,
    )


def _by_rule(standing: Standing, decision: Decision) -> str:
    """Say why a question comes before those that are worth most; nothing for one of these."""
    if decision.why is Why.MANDATORY and not judges_urgency(standing.policy):
        return "The model has this known before the questions stop."
    return REASONS.get(decision.why, "")


def stop_reason(standing: Standing, decision: Decision) -> str:
    """Say why it stops and what is left; nothing where it goes on."""
    if decision.id is not None:
        return ""
    if decision.why is Why.LITTLE_LEFT:
        return _little_left(standing, decision)
    if decision.why in (Why.ENOUGH, Why.UNKNOWN):
        assert decision.left is not None
        people, count = standing.policy.description.model.people, standing.manner.unknown
        because = (
            f": the last {count} questions were not known" if decision.why is Why.UNKNOWN else ""
        )
        if not standing.policy.pathways:
            return f"That is enough for now{because}; ask for more to go on."
        return (
            f"That is enough for now{because}. With everything answered the plan would be another "
            f"one for about {of_100(decision.left.changes)} {people} with these answers; ask for "
            "more to go on."
        )
    if decision.why is Why.TELLS_LITTLE:
        least = standing.policy.description.model.stop_below_bits
        if standing.audience == "self":
            return "No question that is left is expected to tell much more about the causes."
        return f"No question that is left is expected to tell more than {least:g} bits."
    return STOPS[decision.why]


def _little_left(standing: Standing, decision: Decision) -> str:
    assert decision.left is not None
    left, described = decision.left, standing.policy.description
    everyday, unit = described.interview.everyday, described.model.utility_unit
    if standing.audience != "self" or everyday is None:
        amount = f"about {left.gain:.2f} {unit}".strip() + f" (standard error {left.error:.2f})"
    elif (count := round(left.gain * everyday.times)) < 1:
        amount = f"less than {everyday.one}"
    else:
        amount = f"about {count} {everyday.several}" if count > 1 else f"about {everyday.one}"
    return (
        f"All that is left to ask is together worth {amount}, and the next six answers "
        f"would leave the urgency as it is in {of_100(left.stays)}."
    )


def _screen(standing: Standing, decision: Decision) -> NextQuestion:
    assert decision.gate is not None
    known, gate = standing.policy.known, decision.gate.gate
    lines = [known[name] for name in decision.gate.lines]
    bits, gain = _worth_of(decision, decision.gate.lines)
    text = gate.question
    if standing.audience == "clinician":
        text = gate.question_clinician or text
    return NextQuestion(
        decision.gate.id,
        text,
        text,
        lines[0].asked.group,
        "self",
        (Choice(NONE_OF_THESE, "None of these"),),
        "",
        bits,
        gain,
        REASONS[Why.SCREEN],
        tuple(Item(each.id, each.asked.question, each.label, each.choices()) for each in lines),
    )


def _worth_of(decision: Decision, names: Sequence[str]) -> tuple[float, float]:
    """Add up the bits and the scores of some questions."""
    outlook, scores = decision.outlook, decision.scores
    if outlook is None or scores is None:
        return 0.0, 0.0
    rows = [outlook.ids.index(name) for name in names if name in outlook.ids]
    bits = outlook.bits.sum(axis=0)[rows]
    return float(bits.sum()), round(float(scores[rows].sum()), DECIMALS)


def _question(askable: Askable, bits: float, gain: float) -> Question:
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
        gain,
        asked.mandatory,
    )


def _reason(standing: Standing, decision: Decision, askable: Askable) -> str:
    """Say why a question is worth most, by what makes up most of its score."""
    outlook, worth = decision.outlook, decision.worth
    assert outlook is not None
    assert worth is not None
    at, policy = outlook.ids.index(askable.id), standing.policy
    interview = policy.description.interview
    if standing.manner.policy != CARE:
        return _tells(standing, outlook, at)
    parts: Mapping[str, float] = {
        "value": float(worth.value[at]),
        "rise": interview.per_level * float(worth.rise[at]),
        "bits": interview.per_bit * float(worth.bits[at]),
        "set": float(worth.sets[at]),
    }
    leading = max(parts, key=lambda each: parts[each])
    if leading == "value":
        return _changes(policy, outlook, at, askable)
    if leading == "rise":
        return _raises(policy, outlook, worth, at, askable)
    if leading == "set":
        label = _most_about(standing, outlook, at)
        return f"No single answer settles it, but a few together can tell: {label}. This is one."
    return _tells(standing, outlook, at)


def _changes(policy: Policy, outlook: Outlook, at: int, askable: Askable) -> str:
    """Say which answer would change the pathway, to which, and how many give it."""
    rows = outlook.rows_of(at)
    values = policy.values @ outlook.joint[:, rows]
    present = int((policy.values @ outlook.now).argmax())
    best = values.argmax(axis=0)
    answer = int((values.max(axis=0) - values[present]).argmax())
    labels = [policy.description.pathways[name].label for name in policy.pathways]
    share = of_100(outlook.chances[rows][answer])
    return (
        f"'{said(askable, answer)}' would change the advice, from '{labels[present]}' to "
        f"'{labels[int(best[answer])]}'; about {share} "
        f"{policy.description.model.people} with these answers give it."
    )


def _raises(policy: Policy, outlook: Outlook, worth: Worth, at: int, askable: Askable) -> str:
    rows = outlook.rows_of(at)
    rises = (worth.levels[rows] - worth.now) * (outlook.chances[rows] > 0)
    answer = int(rises.argmax())
    level = level_label(policy.description.triage, LEVELS[worth.levels[rows][answer]])
    return f"With the other answers, '{said(askable, answer)}' would make it {level}."


def _tells(standing: Standing, outlook: Outlook, at: int) -> str:
    """Say that it tells most, for a clinician by how much."""
    causes, aim = standing.policy.description.causes, standing.manner.cause
    own = outlook.bits[list(causes).index(aim)] if aim else outlook.bits.sum(axis=0)
    exact = f" ({own[at]:.3f} bits)" if standing.audience == "clinician" else ""
    return f"It tells most about {causes[aim].label if aim else 'the causes'}{exact}."


def _most_about(standing: Standing, outlook: Outlook, at: int) -> str:
    """Return the label of the cause that a question tells most about."""
    causes = list(standing.policy.description.causes.values())
    return causes[int(outlook.bits[:, at].argmax())].label
