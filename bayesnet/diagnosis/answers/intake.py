"""Check one person's answers against the model and turn them into evidence on the network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.diagnosis.answers.reading import Known, number_range, plain, read_answer
from bayesnet.diagnosis.answers.soft import SoftAnswer
from bayesnet.diagnosis.report.evidence_item import EvidenceItem, reported
from bayesnet.diagnosis.report.records import Choice
from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.bands import Number, band_of, is_whole, written
from bayesnet.model.format.codings import Coding
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import NO, YES, Choices, QuestionSpec, states_of
from bayesnet.network import Array
from bayesnet.network.states import is_missing


@dataclass(frozen=True)
class Askable:
    """Something that can be asked: a risk factor, a finding, or a derived finding.

    asked: its question; answer: the possible answers. derived_from: for a derived finding, the id
    of the finding whose state decides it: it is present in `derived_states` and absent in others.
    codings: what other systems call it; those of its answers are in `answer`.
    """

    id: str
    label: str
    asked: QuestionSpec
    answer: Choices
    derived_from: str = ""
    derived_states: tuple[str, ...] = ()
    codings: tuple[Coding, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number, which the model groups into bands."""
        return bool(self.answer.bands)

    @property
    def is_yes_no(self) -> bool:
        """Whether the answer is yes or no."""
        return not self.answer.bands and not self.answer.states

    @property
    def takes_decimals(self) -> bool:
        """Whether the answer is a number that may have decimals."""
        return self.is_number and not is_whole(self.answer.bands)

    @property
    def limits(self) -> tuple[Number, Number] | None:
        """The smallest and the largest number that can be answered; None for another answer."""
        return number_range(self.answer) if self.is_number else None

    def choices(self) -> tuple[Choice, ...]:
        """Return the answers to offer, in order; none for a number."""
        if self.is_number:
            return ()
        if self.is_yes_no:
            return (Choice(True, "Yes"), Choice(False, "No"))
        labels = self.answer.labels
        return tuple(Choice(s, labels.get(s, s.replace("_", " "))) for s in self.answer.states)


@dataclass(frozen=True)
class Intake:
    """The answers of one person, checked.

    given: {id: value} of the known answers; unknown: ids that were asked and are not known;
    evidence: the known answers as evidence on the network; items: known and unknown answers in
    words, in the order given.
    """

    given: Mapping[str, Known]
    unknown: frozenset[str]
    evidence: Mapping[str, Any]
    items: tuple[EvidenceItem, ...]


def askables(description: ModelDescription) -> dict[str, Askable]:
    """Collect what a model can ask, {id: askable}: risk factors, findings, derived findings."""
    found: dict[str, Askable] = {}
    for name, factor in description.risk_factors.items():
        found[name] = Askable(
            name, factor.label, factor.asked, factor.answer, codings=factor.codings
        )
    for name, finding in description.findings.items():
        found[name] = Askable(
            name, finding.label, finding.asked, finding.answer, codings=finding.codings
        )
    for name, each in description.derived.items():
        found[name] = Askable(
            name, each.label, each.asked, Choices(), each.derived_from, each.states, each.codings
        )
    return found


def groups(description: ModelDescription) -> tuple[str, ...]:
    """Return the groups of questions in order: the model's list, else as its entries name them."""
    named = [askable.asked.group for askable in askables(description).values()]
    return description.model.groups or tuple(dict.fromkeys(named))


def take_in(known: Mapping[str, Askable], answers: Mapping[str, Any] | None) -> Intake:
    """Check one person's answers and encode them as evidence.

    answers: {id: value that `read_answer` takes}, or None for no answers; NaN and blank text, as
    rows of tables have them, mean not asked. Raises UnknownNameError for an unknown id or state,
    EvidenceError for another value that is no answer and for answers that contradict each other.
    """
    if answers is None:
        answers = {}
    if not hasattr(answers, "items"):
        raise EvidenceError(f"evidence is a mapping of id to answer, not {type(answers).__name__}")
    given: dict[str, Known] = {}
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
            items.append(item_of(askable, None))
            continue
        given[askable.id] = answer
        items.append(item_of(askable, answer))
    return Intake(given, frozenset(unknown), _on_network(known, given), tuple(items))


def state_of(askable: Askable, value: bool | str | Number) -> str:
    """Return the network's state for an answer: yes or no, the band of a number, or the state."""
    if isinstance(value, bool):
        return YES if value else NO
    return value if isinstance(value, str) else band_of(askable.answer.bands, value)


def answer_of(askable: Askable, state: str) -> bool | str:
    """Return the answer that stands for a state of the network: true or false, or the state."""
    return state == YES if askable.is_yes_no else state


def item_of(askable: Askable, value: Known | None) -> EvidenceItem:
    """Return an answer as a report has it; None: asked and not known."""
    said = f"{askable.label}: not known" if value is None else in_words(askable, value)
    return EvidenceItem(askable.id, plain(value), said, reported(askable.codings))


def in_words(askable: Askable, value: Known) -> str:
    """Write an answer in words: 'label: answer', with the unit of a number."""
    if isinstance(value, SoftAnswer):
        said = value.in_words(askable.answer.labels)
    elif isinstance(value, bool):
        said = "yes" if value else "no"
    elif isinstance(value, str):
        said = askable.answer.labels.get(value, value.replace("_", " "))
    else:
        said = f"{written(value)} {askable.answer.unit}".strip()
    return f"{askable.label}: {said}"


def told(known: Mapping[str, Askable], name: str, value: Known) -> Array | None:
    """Return what an answer tells of the network's variable by weights, shape (states,).

    The largest is 1. None where it names a state instead: a plain answer to what is asked about
    that variable itself.
    """
    derived = known[name]
    if not derived.derived_from:
        states = states_of(derived.answer)
        return value.likelihood(states) if isinstance(value, SoftAnswer) else None
    if isinstance(value, SoftAnswer):
        no, yes = value.likelihood((NO, YES))
    else:
        no, yes = float(value is False), float(value is True)
    states = states_of(known[derived.derived_from].answer)
    return np.array([yes if state in derived.derived_states else no for state in states])


def _on_network(known: Mapping[str, Askable], given: Mapping[str, Known]) -> dict[str, Any]:
    """Turn answers into evidence on the network; EvidenceError where they contradict each other.

    Soft answers become a likelihood, and so do those about derived findings, on the variable that
    they derive from, unless that is given itself. One that is the same for all states is left out.
    """
    evidence: dict[str, Any] = {
        name: state_of(known[name], value)
        for name, value in given.items()
        if not known[name].derived_from and not isinstance(value, SoftAnswer)
    }
    likelihoods: dict[str, np.ndarray] = {}
    # In the order of the model, so that the order of the answers changes no bit.
    for name in (each for each in known if each in given):
        weights = told(known, name, given[name])
        if weights is None:
            continue
        source = known[name].derived_from or name
        if source in evidence:
            if not weights[states_of(known[source].answer).index(evidence[source])]:
                raise EvidenceError(
                    f"'{name}' = {NO if not given[name] else YES} and '{source}' = "
                    f"{evidence[source]} contradict each other; correct one of them"
                )
            continue
        likelihoods[source] = likelihoods.get(source, 1.0) * weights
        if not likelihoods[source].any():
            raise EvidenceError(f"the answers about '{source}' contradict each other ('{name}')")
    scaled = {source: each / each.max() for source, each in likelihoods.items()}
    return {**evidence, **{source: each for source, each in scaled.items() if each.min() < 1.0}}


def implied(known: Mapping[str, Askable], intake: Intake) -> Iterator[tuple[str, Known]]:
    """Yield (id, value) of each derived finding that follows from an answer but was not given."""
    for name, askable in known.items():
        source = askable.derived_from
        if source in intake.given and name not in intake.given:
            yield name, implied_by(known, askable, intake.given[source])


def implied_by(known: Mapping[str, Askable], derived: Askable, value: Known) -> bool | SoftAnswer:
    """Return the answer about a derived finding that follows from one about what it derives from.

    From a soft answer follows a soft one: of yes the weights of the states in which it is present.
    """
    if isinstance(value, SoftAnswer):
        return value.grouped(derived.derived_states)
    return state_of(known[derived.derived_from], value) in derived.derived_states
