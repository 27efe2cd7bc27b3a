"""Read from a Patient what a model asks of everybody: how old somebody is, and of which sex."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lbp_fhir.issues import refusal

from bayesnet import DiagnosticModel, EvidenceError

LOINC = "http://loinc.org"
AGE = ("30525-0", "21612-7", "29553-5")
"""Age, age reported, age calculated."""
GENDER, SEX_AT_BIRTH = ("46098-0",), ("76689-9",)
"""Sex, as registers have it, and sex assigned at birth: the one does not tell the other."""
BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
BIRTH_SEXES = {"M": "male", "F": "female"}
DATE_LENGTHS = {4: "-01-01", 7: "-01", 10: ""}
"""{characters of a date: what makes it the first day that it may be}."""


@dataclass(frozen=True)
class Known:
    """What a Patient tells: evidence by id, and where in the Patient each answer stands."""

    evidence: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def known_of(model: DiagnosticModel, patient: Mapping[str, Any] | None, on: date) -> Known:
    """Return what a Patient tells on a day, by the findings that the model codes as age and sex.

    Only what is certain counts: no age where the day of birth is not known and decides, and of sex
    what the model has as a choice. Raises FhirError for a date of birth that is none, or an age
    beyond the model's.
    """
    told = patient or {}
    birth_sex, place = _birth_sex(told.get("extension"))
    known: dict[str, tuple[Any, str]] = {}
    for codes, answer, where in (
        (AGE, _age(told.get("birthDate"), on), "Patient.birthDate"),
        (GENDER, told.get("gender"), "Patient.gender"),
        (SEX_AT_BIRTH, birth_sex, place),
    ):
        name = _coded(model, codes)
        if name is not None and answer is not None and _is_answer(model, name, answer, where):
            known[name] = answer, where
    return Known(
        {name: answer for name, (answer, _) in known.items()},
        {name: where for name, (_, where) in known.items()},
    )


def _birth_sex(extensions: Any) -> tuple[str | None, str]:
    """Return the sex that was registered at birth, where a Patient has it, and its place."""
    for at, each in enumerate(extensions if isinstance(extensions, list) else ()):
        if isinstance(each, Mapping) and each.get("url") == BIRTH_SEX:
            return BIRTH_SEXES.get(str(each.get("valueCode"))), f"Patient.extension[{at}]"
    return None, ""


def _coded(model: DiagnosticModel, codes: tuple[str, ...]) -> str | None:
    """Return the finding that has one of these codes of LOINC."""
    for name, codings in model.codings.items():
        if name in model.findings and any(
            each.system == LOINC and each.code in codes for each in codings
        ):
            return name
    return None


def _is_answer(model: DiagnosticModel, name: str, answer: Any, place: str) -> bool:
    """Tell whether the model has a choice; raises FhirError for a number beyond its limits."""
    choices = model.findings[name].choices()
    if choices:
        return answer in [each.value for each in choices]
    try:
        model.interview({name: answer})
    except EvidenceError as error:
        raise refusal("value", str(error), place) from None
    return True


def _age(born: Any, on: date) -> int | None:
    """Return the whole years since a date, None where the day of birth decides between two."""
    if born is None:
        return None
    first = _day(born)
    if first > on:
        raise refusal("value", "the date of birth is to come", "Patient.birthDate")
    if len(born) == 10:
        return _years(first, on)
    last = date(first.year, 12, 31) if len(born) == 4 else _last_of_month(first)
    oldest, youngest = _years(first, on), _years(last, on)
    return oldest if oldest == youngest else None


def _day(born: Any) -> date:
    """Return the first day that a date, or a year or month, may be; raises FhirError."""
    if isinstance(born, str) and len(born) in DATE_LENGTHS:
        try:
            return date.fromisoformat(born + DATE_LENGTHS[len(born)])
        except ValueError:
            pass
    raise refusal("value", "the date of birth is no date; write 1984-11-30", "Patient.birthDate")


def _last_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
