"""What was answered, checked against the model and turned into evidence on the network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.diagnosis.answers.reading import read_answer
from bayesnet.diagnosis.report.records import Choice, EvidenceItem
from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import NO, YES, Choices, QuestionSpec, states_of
from bayesnet.network.states import is_missing


@dataclass(frozen=True)
class Askable:
    """Anything that can be asked: a risk factor, a finding, or one derived from another."""

    id: str
    label: str
    asked: QuestionSpec
    answer: Choices
    derived_from: str = ""
    derived_states: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number that the model bands."""
        return bool(self.answer.bands)

    @property
    def is_yes_no(self) -> bool:
        """Whether the answer is yes or no."""
        return not self.answer.bands and not self.answer.states

    def choices(self) -> tuple[Choice, ...]:
        """The answers to offer; none for a number."""
        if self.is_number:
            return ()
        if self.is_yes_no:
            return (Choice(True, "Yes"), Choice(False, "No"))
        labels = self.answer.labels
        return tuple(Choice(s, labels.get(s, s.replace("_", " "))) for s in self.answer.states)


@dataclass(frozen=True)
class Intake:
    """The answers of one person.

    given: {id: value} of what is known; unknown: ids asked and not known;
    evidence: the same for the network; items: the same in words, in the order given.
    """

    given: Mapping[str, bool | str | int]
    unknown: frozenset[str]
    evidence: Mapping[str, Any]
    items: tuple[EvidenceItem, ...]


def askables(description: ModelDescription) -> dict[str, Askable]:
    """Everything the model can ask, by id."""
    found: dict[str, Askable] = {}
    for name, factor in description.risk_factors.items():
        found[name] = Askable(name, factor.label, factor.asked, factor.answer)
    for name, finding in description.findings.items():
        found[name] = Askable(name, finding.label, finding.asked, finding.answer)
    for name, each in description.derived.items():
        found[name] = Askable(
            name, each.label, each.asked, Choices(), each.derived_from, each.states
        )
    return found


def groups(description: ModelDescription) -> tuple[str, ...]:
    """Headings of the questions in order: the model's own list, else as its entries name them."""
    named = [askable.asked.group for askable in askables(description).values()]
    return description.model.groups or tuple(dict.fromkeys(named))


def take_in(known: Mapping[str, Askable], answers: Mapping[str, Any] | None) -> Intake:
    """Check and encode answers; raises UnknownNameError or EvidenceError.

    answers: {id: what `read_answer` reads}; NaN and blank text, as rows of tables have them, are
    not asked. None: nothing is known.
    """
    if answers is None:
        answers = {}
    if not hasattr(answers, "items"):
        raise EvidenceError(f"evidence is a mapping of id to answer, not {type(answers).__name__}")
    given: dict[str, bool | str | int] = {}
    unknown: set[str] = set()
    items: list[EvidenceItem] = []
    for key, value in answers.items():
        if key not in known:
            raise UnknownNameError("evidence", key, known)
        askable = known[key]
        if value is not None and is_missing(value):
            continue
        answer = read_answer(askable.id, askable.answer, value)
        if answer is None:
            unknown.add(askable.id)
            items.append(EvidenceItem(askable.id, None, f"{askable.label}: not known"))
            continue
        given[askable.id] = answer
        items.append(EvidenceItem(askable.id, answer, _in_words(askable, answer)))
    return Intake(given, frozenset(unknown), _on_network(known, given), tuple(items))


def state_of(askable: Askable, value: bool | str | int) -> str:
    """The network state that an answer stands for."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return next(
            band for band, (low, high) in askable.answer.bands.items() if low <= value <= high
        )
    return value


def _in_words(askable: Askable, value: bool | str | int) -> str:
    if isinstance(value, bool):
        said = "yes" if value else "no"
    elif isinstance(value, int):
        said = f"{value} {askable.answer.unit}".strip()
    else:
        said = askable.answer.labels.get(value, value.replace("_", " "))
    return f"{askable.label}: {said}"


def _on_network(
    known: Mapping[str, Askable], given: Mapping[str, bool | str | int]
) -> dict[str, Any]:
    evidence: dict[str, Any] = {
        name: state_of(known[name], value)
        for name, value in given.items()
        if not known[name].derived_from
    }
    likelihoods: dict[str, np.ndarray] = {}
    for name, value in given.items():
        source = known[name].derived_from
        if not source:
            continue
        allowed = _allowed(known[name], known[source], bool(value))
        if source in evidence:
            if not allowed[states_of(known[source].answer).index(evidence[source])]:
                raise EvidenceError(
                    f"'{name}' = {NO if not value else YES} and '{source}' = {evidence[source]} "
                    "contradict each other; correct one of them"
                )
            continue
        likelihoods[source] = likelihoods.get(source, np.ones(len(allowed))) * allowed
        if not likelihoods[source].any():
            raise EvidenceError(f"the answers about '{source}' contradict each other ('{name}')")
    evidence.update(likelihoods)
    return evidence


def _allowed(derived: Askable, source: Askable, value: bool) -> np.ndarray:
    states = states_of(source.answer)
    return np.array([float((state in derived.derived_states) == value) for state in states])


def implied(known: Mapping[str, Askable], intake: Intake) -> Iterator[tuple[str, bool]]:
    """Derived findings that follow from what was given: (id, value)."""
    for name, askable in known.items():
        source = askable.derived_from
        if source in intake.given and name not in intake.given:
            state = state_of(known[source], intake.given[source])
            yield name, state in askable.derived_states
