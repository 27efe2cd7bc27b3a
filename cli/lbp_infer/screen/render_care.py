"""Render what to ask next and how to answer, and the pathway of care with its phases."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bayesnet.diagnosis.answers.reading import number_range
from bayesnet.diagnosis.report.records import (
    ExerciseResult,
    NextQuestion,
    PathwayResult,
    PhaseResult,
    Report,
)
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.screen.page import bullets, columns, paragraph, section


def question_section(report: Report, words: Vocabulary) -> RenderableType:
    """Render the next question with the flags that answer it, or why there is none."""
    question = report.next_question
    if question is None:
        return section("Next question", paragraph(f"None: {report.stop_reason}"))
    who = " (for a clinician to find on examination)" if question.asked_of == "clinician" else ""
    return section(
        "Next question",
        paragraph(f"{question.text}{who}", "bold"),
        columns(_answers(question, words), whole=(1,)),
        paragraph(f"Why this one: {question.reason}", "dim"),
    )


def _answers(question: NextQuestion, words: Vocabulary) -> list[tuple[str, str]]:
    if question.items:
        return [(item.text, words.typed(item.id, True)) for item in question.items]
    rows = [(choice.label, words.typed(question.id, choice.value)) for choice in question.choices]
    if not rows:
        low, high = number_range(words.askables[question.id].answer)
        rows = [(f"{low} to {high} {question.unit}".strip(), f"{words.flags[question.id]} NUMBER")]
    return [*rows, ("Not known", words.typed(question.id, None))]


def pathway_section(pathway: PathwayResult) -> RenderableType:
    """Render the pathway: why it, its phases with exercises and doses, and what to avoid."""
    parts: list[RenderableType] = [
        Text.assemble((pathway.label, "bold"), f"  urgency: {pathway.urgency.replace('_', ' ')}")
    ]
    if pathway.because:
        parts.append(paragraph(f"Because {'; '.join(pathway.because)}."))
    for number, phase in enumerate(pathway.phases, 1):
        parts.append(_phase(number, phase))
    if pathway.avoid:
        parts += [Text(), paragraph("Avoid", "bold"), bullets(pathway.avoid)]
    if pathway.alternatives:
        others = ", ".join(f"{o.label} ({o.expected_value:+.1f})" for o in pathway.alternatives)
        chosen = f"{pathway.expected_value:+.1f} {pathway.unit}".strip()
        parts += [Text(), paragraph(f"Expected value {chosen}; next best: {others}.", "dim")]
    return section("Pathway", *parts)


def _phase(number: int, phase: PhaseResult) -> RenderableType:
    parts: list[RenderableType] = []
    if phase.enter_when:
        parts.append(paragraph(f"Start when: {phase.enter_when}"))
    if phase.actions:
        parts.append(bullets(phase.actions))
    if phase.exercises:
        parts.append(bullets([_exercise(number, each) for each in phase.exercises], "*"))
    if phase.move_on_when:
        parts.append(paragraph(f"Move on when: {phase.move_on_when}"))
    title = Text.assemble((f"{number}. {phase.name}", "bold"), f": {phase.goal}")
    return Group(Text(), title, Padding(Group(*parts), (0, 0, 0, 3)))


def _exercise(number: int, exercise: ExerciseResult) -> Text:
    """Render an exercise: name, dose, progression, when to stop; how it is done in phase 1 only."""
    how = f"\n{exercise.how}" if number == 1 and exercise.how else ""
    rest = f"\nProgression: {exercise.progression}. Stop if: {exercise.stop_if}."
    return Text.assemble((exercise.name, "bold"), f": {exercise.dose}", rest, (how, "dim"))
