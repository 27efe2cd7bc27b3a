"""The gearbox, on which other tests stand: sound, and with every feature of the format in it.

But for those of a model whose numbers are in a network, which the pump has.
"""

from collections.abc import Iterator

import msgspec
import pytest
from support.diagnostic import PUMP_YAML
from support.models import gearbox

import bayesnet
from bayesnet.model.format.description import ModelDescription


def fields_used(value: object) -> Iterator[tuple[str, str]]:
    """(Record, field) of every field that is not left at its default, however deep."""
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            inner = getattr(value, field.name)
            if field.required or inner != field.default:
                yield type(value).__name__, field.name
                yield from fields_used(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from fields_used(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from fields_used(inner)


def fields_of_the_format() -> set[tuple[str, str]]:
    """(Record, field) of every record that a model file may hold."""
    found: set[tuple[str, str]] = set()
    waiting: list[msgspec.inspect.Type] = [msgspec.inspect.type_info(ModelDescription)]
    while waiting:
        match waiting.pop():
            case msgspec.inspect.StructType(cls=cls, fields=fields):
                if (cls.__name__, fields[0].name) not in found:
                    found |= {(cls.__name__, field.name) for field in fields}
                    waiting += [field.type for field in fields]
            case msgspec.inspect.DictType(value_type=inner):
                waiting.append(inner)
            case msgspec.inspect.VarTupleType(item_type=inner):
                waiting.append(inner)
            case msgspec.inspect.UnionType(types=types):
                waiting += types
            case msgspec.inspect.Metadata(type=inner):
                waiting.append(inner)
    return found


def test_every_feature_of_the_format_is_in_it() -> None:
    used = set(fields_used(gearbox().description))
    # A model has its numbers in its file or in a network.
    used |= set(fields_used(bayesnet.load_model(PUMP_YAML).description))
    assert fields_of_the_format() - used == set()


def test_no_evidence_gives_back_its_prevalences() -> None:
    for cause in gearbox().diagnose({}).causes:
        assert cause.probability == pytest.approx(cause.prior, abs=1e-9), cause.id


@pytest.mark.parametrize("cause", gearbox().description.causes)
def test_textbook_presentation_finds_its_cause(cause: str) -> None:
    report = gearbox().diagnose(gearbox().description.causes[cause].textbook, "clinician")
    assert report.causes[0].id == cause or cause in {each.id for each in report.must_not_miss}
