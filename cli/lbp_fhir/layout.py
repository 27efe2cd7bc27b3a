"""Set out the questions of a model for one audience: in which order, and under what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bayesnet import DiagnosticModel
from lbp_fhir.canonical import questionnaire_id


@dataclass(frozen=True)
class Section:
    """Questions that stand together: a screen of the model, or a heading; names: their ids.

    link_id: empty where they stand by themselves, before everything else.
    """

    link_id: str
    text: str
    names: tuple[str, ...]


def layout(model: DiagnosticModel, audience: str) -> tuple[Section, ...]:
    """Set out who the person is, then the screens, then the rest by heading, all in model order.

    A question stands once, where it comes first. Raises EvidenceError where there is no such
    audience.

        >>> import bayesnet
        >>> [each.link_id for each in layout(bayesnet.load_model("lbp-runner"), "self")][:3]
        ['', 'nerve_screen', 'illness_screen']
    """
    questionnaire_id(model, audience)
    left = dict.fromkeys(asked_of(model, audience))
    found = []
    for section in _sections(model, audience, left):
        names = tuple(name for name in section.names if name in left)
        left = {name: None for name in left if name not in names}
        if names:
            found.append(Section(section.link_id, section.text, names))
    return tuple(found)


def asked_of(model: DiagnosticModel, audience: str) -> Iterator[str]:
    """Yield the ids that this audience can answer, in the order of the model."""
    for name in model.findings:
        if audience == "clinician" or model.findings[name].asked.asked_of == "self":
            yield name


def screen_text(model: DiagnosticModel, gate: str, audience: str) -> str:
    """Return the question of a screen in the words for this audience."""
    screen = model.description.interview.gates[gate]
    for_clinicians = screen.question_clinician if audience == "clinician" else ""
    return for_clinicians or screen.question


def what_to_do(urgency: str, message: str) -> str:
    """Write how urgent it is and what to do.

    >>> what_to_do("self care so far", "Stay active.")
    'Self care so far: Stay active.'
    """
    said = f"{urgency[:1].upper()}{urgency[1:]}"
    return f"{said}: {message}" if message else said


def _sections(
    model: DiagnosticModel, audience: str, asked: Mapping[str, None]
) -> Iterator[Section]:
    interview = model.description.interview
    yield Section("", "", interview.first)
    for gate, screen in interview.gates.items():
        yield Section(gate, screen_text(model, gate, audience), screen.lines)
    of = {name: model.findings[name].asked.group for name in asked}
    for group in dict.fromkeys((*model.description.model.groups, *of.values())):
        names = tuple(name for name in asked if of[name] == group)
        yield Section(f"heading: {group}", group, names)
