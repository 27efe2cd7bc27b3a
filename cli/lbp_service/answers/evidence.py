"""Read evidence in either of its forms, as the answers of one person in the model's order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bayesnet import DiagnosticModel, EvidenceError
from lbp_service.answers.requests import Answer, Statement

Said = Mapping[str, Answer] | Sequence[Statement]


def evidence_of(model: DiagnosticModel, said: Said) -> dict[str, Answer]:
    """Return what was said, {id: answer}, in the model's order, so that order changes nothing.

    An id that the model does not have comes last, for the model to refuse. Raises EvidenceError
    where two statements about one id differ, and for a blank one.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> evidence_of(model, [Statement("coughing", "absent"), Statement("age", 42)])
        {'age': 42, 'coughing': 'absent'}
    """
    found: dict[str, Answer] = {}
    for name, answer in statements(said):
        if isinstance(answer, str) and not answer.strip():
            raise EvidenceError(f"'{name}' is blank; give an answer, or leave it out")
        if name in found and not _same(model, name, found[name], answer):
            raise EvidenceError(f"contradictory answers about '{name}'; keep one")
        found.setdefault(name, answer)
    return {
        **{name: found[name] for name in model.findings if name in found},
        **{name: answer for name, answer in found.items() if name not in model.findings},
    }


def statements(said: Said) -> Iterator[tuple[str, Answer]]:
    """Yield each id with its answer, in the order given."""
    if isinstance(said, Mapping):
        yield from said.items()
    else:
        yield from ((each.id, each.choice_id) for each in said)


def as_read(model: DiagnosticModel, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as the model reads them, whatever their spelling; computes nothing.

    They are plain data: a soft one is {choice: weight}.

    Raises UnknownNameError and EvidenceError as `diagnose`.

        >>> import bayesnet
        >>> as_read(bayesnet.load_model("lbp-runner"), {"coughing": "absent", "age": "42"})
        {'coughing': False, 'age': 42}
    """
    return dict(model.interview(evidence).to_dict()["begun"])


def _same(model: DiagnosticModel, name: str, one: Answer, other: Answer) -> bool:
    return as_read(model, {name: one}) == as_read(model, {name: other})
