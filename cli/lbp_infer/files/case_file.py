"""Read evidence from a case file or stdin, every mistake with its place."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bayesnet.diagnosis.answers.reading import choices_of
from bayesnet.diagnosis.answers.soft import example
from bayesnet.errors import EvidenceError
from lbp_infer.commands.statements import Statement
from lbp_infer.commands.vocabulary import Vocabulary, answer_at
from lbp_infer.files.case_syntax import UNDER, WANTED, Entry, Sequenced, entries, kind_of
from lbp_infer.files.fhir_case import KIND, check_no_xml, read_fhir
from lbp_infer.files.text_input import STDIN, read_text

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel


def read_case(path: str, words: Vocabulary, model: "DiagnosticModel") -> list[Statement]:
    """Read the statements of a case file (`-`: stdin), in order.

    It holds answers, or it is a QuestionnaireResponse of FHIR as JSON, of which stderr says what
    is not used. words: the model's ids and answers. Raises EvidenceError that says what is wrong,
    with file and line.
    """
    name = STDIN if path == "-" else path
    text = read_text(path, "case file")
    if not text.strip():
        raise EvidenceError(f"{name}: is empty; {WANTED}")
    check_no_xml(text, name)
    found = entries(text, name, path.lower().endswith(".json"))
    if any(entry.key == KIND for entry in found):
        return read_fhir(text, name, model)
    return [_statement(entry, name, words) for entry in _evidence(found, name, words)]


def _statement(entry: Entry, name: str, words: Vocabulary) -> Statement:
    """Check one entry against the model; raises EvidenceError with its place."""
    place = f"{name}:{entry.line}" if entry.line else name
    askable = words.find(entry.key, place)
    given = _weights(entry, entry.value, place) if isinstance(entry.value, tuple) else entry.value
    if isinstance(given, Sequenced):
        soft = example(choices_of(askable.answer))
        raise EvidenceError(f"{place}: '{entry.key}' holds a list; give a single answer; {soft}")
    value = answer_at(place, askable, given)
    return Statement(askable.id, value, f"'{entry.key}: {_written(entry.value)}' in {place}")


def _weights(entry: Entry, pairs: Sequence[Entry], place: str) -> Mapping[str, object]:
    """Return the weights of a soft answer; raises EvidenceError for what is none."""
    found: dict[str, object] = {}
    for each in pairs:
        if each.key in found:
            raise EvidenceError(f"{place}: '{entry.key}' has '{each.key}' twice; keep one")
        if isinstance(each.value, tuple | Sequenced):
            held = kind_of(each.value)
            raise EvidenceError(
                f"{place}: '{entry.key}' holds a mapping with {held} in it; give a single answer, "
                "or a number as the weight of each choice"
            )
        found[each.key] = each.value
    return found


def _written(value: object) -> str:
    """Write a value as a case file has it."""
    if isinstance(value, tuple):
        return f"{{{', '.join(f'{each.key}: {_written(each.value)}' for each in value)}}}"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _evidence(found: Sequence[Entry], name: str, words: Vocabulary) -> Sequence[Entry]:
    """Return the entries that are evidence: all, or those under the key `evidence`.

    Raises EvidenceError where some stand under that key and others beside it.
    """
    nested = [entry for entry in found if entry.key == UNDER]
    if not nested:
        return found
    beside = next((entry.key for entry in found if entry.key in words.askables), None)
    if beside is not None:
        raise EvidenceError(f"{name}: '{beside}' stands beside '{UNDER}'; move it under it")
    for entry in nested:
        if not isinstance(entry.value, tuple):
            raise EvidenceError(f"{name}: '{UNDER}' holds {kind_of(entry.value)}; {WANTED}")
    return [each for entry in nested if isinstance(entry.value, tuple) for each in entry.value]
