"""Render what to ask next and how to answer, and the pathway of care with its phases."""

from rich.console import Group, RenderableType
from rich.text import Text

from bayesnet.diagnosis.answers.reading import number_range
from bayesnet.diagnosis.report.records import (
    ExerciseResult,
    NextQuestion,
    PathwayResult,
    PhaseResult,
    Report,
)
from bayesnet.diagnosis.report.wording import Wording
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.screen.page import bullets, columns, paragraph, section
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.shapes import Indented


def question_section(report: Report, reader: Reader) -> RenderableType:
    """Render the next question with the flags that answer it, or why there is none."""
    question = report.next_question
    if question is None:
        return section("Next question", paragraph(f"None: {report.stop_reason}"))
    return section(
        "Next question",
        paragraph(f"{question.text}{found_by(question, reader)}", "bold"),
        columns(ways_to_answer(question, reader.words), whole=(1,)),
        paragraph(f"Why this one: {question.reason}", "dim"),
    )


def found_by(question: NextQuestion, reader: Reader) -> str:
    """Say in brackets that only a test can tell; empty for a question to the person."""
    return "" if question.asked_of == "self" else f" (for the {reader.description.model.expert})"


def ways_to_answer(question: NextQuestion, words: Vocabulary) -> list[tuple[str, str]]:
    """Return each answer in words, and what to type to give it; for a screen, its lines."""
    if question.items:
        none = [("None of these", words.denials[question.id])]
        return [*((item.text, words.typed(item.id, True)) for item in question.items), *none]
    rows = [(choice.label, words.typed(question.id, choice.value)) for choice in question.choices]
    if not rows:
        low, high = number_range(words.askables[question.id].answer)
        rows = [(f"{low} to {high} {question.unit}".strip(), f"{words.flags[question.id]} NUMBER")]
    return [*rows, ("Not known", words.typed(question.id, None))]


def in_short(question: NextQuestion, words: Vocabulary) -> str:
    """Say in one line what to type for each answer: `--where back|leg   --unknown where`."""
    if question.items:
        lines = " ".join(words.flags[item.id] for item in question.items)
        return f"{words.denials[question.id]} (none of these), or {lines}"
    flag, unknown = words.flags[question.id], words.typed(question.id, None)
    if question.id in words.denials:
        return "   ".join((flag, words.denials[question.id], unknown))
    stated = "|".join(str(choice.value) for choice in question.choices)
    return f"{flag} {stated or 'NUMBER'}   {unknown}"


def pathway_section(pathway: PathwayResult, urgency: str, wording: Wording) -> RenderableType:
    """Render the pathway: why it, its phases with exercises and doses, and what to avoid.

    urgency: its level, as the model calls it.
    """
    parts: list[RenderableType] = [Text.assemble((pathway.label, "bold"), f"  urgency: {urgency}")]
    chosen = wording.chosen(pathway)
    if chosen:
        parts.append(paragraph(chosen))
    for number, phase in enumerate(pathway.phases, 1):
        parts.append(_phase(number, phase))
    if pathway.avoid:
        parts += [Text(), paragraph("Avoid", "bold"), bullets(pathway.avoid)]
    compared = wording.compared(pathway)
    if compared:
        parts += [Text(), paragraph(compared, "dim")]
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
    return Group(Text(), title, Indented(Group(*parts), "   "))


def _exercise(number: int, exercise: ExerciseResult) -> Text:
    """Render an exercise: name, dose, progression, when to stop; how it is done in phase 1 only."""
    how = f"\n{exercise.how}" if number == 1 and exercise.how else ""
    rest = f"\nProgression: {exercise.progression}. Stop if: {exercise.stop_if}."
    return Text.assemble((exercise.name, "bold"), f": {exercise.dose}", rest, (how, "dim"))
