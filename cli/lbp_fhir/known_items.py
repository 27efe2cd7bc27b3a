"""What is known of other questionnaires' items; which and how is data, in `known_items.json`."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from msgspec import Struct, json

from bayesnet import DiagnosticModel

Code = tuple[str, str]
"""The system and the code of an item."""


class UsedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item of which some answers settle a question of a model.

    text: the item, for who checks the mapping; answers: {a word or a score, in lower case: the
    answer that follows from it}; left_out: words and scores from which none follows; why: the
    reason.
    """

    model: str
    question: str
    code: str
    text: str
    answers: dict[str, bool | str]
    left_out: tuple[str, ...]
    why: str


class Instrument(Struct, frozen=True, forbid_unknown_fields=True):
    """A published questionnaire: its items by code or by linkId, and those that are used."""

    name: str
    about: str
    system: str = ""
    codes: tuple[str, ...] = ()
    link_ids: tuple[str, ...] = ()
    used: tuple[UsedItem, ...] = ()


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return the questionnaires that are known, as the package's data has them."""
    text = files("lbp_fhir").joinpath("known_items.json").read_bytes()
    return json.decode(text, type=tuple[Instrument, ...])


def used_item(model: DiagnosticModel, codes: Iterable[Code]) -> UsedItem | None:
    """Find what is known of an item that settles a question of this model; None where nothing."""
    wanted = set(codes)
    for instrument in instruments():
        for each in instrument.used:
            fits = (instrument.system, each.code) in wanted and each.question in model.findings
            if fits and each.model == model.description.model.id:
                return each
    return None


def what_it_is(link_id: str, codes: Iterable[Code]) -> str:
    """Say what a questionnaire is about of which an item comes; empty where it is not known."""
    wanted = set(codes)
    for instrument in instruments():
        by_code = any((instrument.system, code) in wanted for code in instrument.codes)
        if by_code or link_id in instrument.link_ids:
            return instrument.about
    return ""
