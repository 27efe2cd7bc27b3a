"""Tell whether a code can be one of its terminology: how it is written, and its check digit."""

import re
from collections.abc import Callable, Mapping

ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
SNOMED_CT = "http://snomed.info/sct"

# By letters and digits alone: short names, slips in the URI, and the OIDs of HL7 version 3.
_MEANT: Mapping[str, str] = {
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd10cm": ICD_10_CM,
    "hl7orgfhirsidicd10cm": ICD_10_CM,
    "urnoid2168401113883690": ICD_10_CM,
    "loinc": LOINC,
    "loincorg": LOINC,
    "urnoid216840111388361": LOINC,
    "sct": SNOMED_CT,
    "snomed": SNOMED_CT,
    "snomedct": SNOMED_CT,
    "snomedinfo": SNOMED_CT,
    "snomedinfosct": SNOMED_CT,
    "urnoid2168401113883696": SNOMED_CT,
}
_URI = re.compile(r"(https?://|urn:[a-z0-9][a-z0-9-]*:)[!#$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]+")
_CODE = re.compile(r"\S+( \S+)*")
# Most categories are a letter and two digits; C7A, J4B and, since the edition of 2026, QA0 are not.
_CATEGORY = "[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])"
_ICD_10_CM = re.compile(rf"{_CATEGORY}(\.[0-9A-Z]{{1,4}})?")
_ICD_10_CM_BARE = re.compile(rf"({_CATEGORY})([0-9A-Z]{{1,4}})")
_LOINC = re.compile(r"(L[A-Z])?[0-9]{1,7}-[0-9]")
_SNOMED_CT = re.compile(r"[1-9][0-9]{5,17}")
_KINDS = {"0": "concept", "1": "description", "2": "relationship"}
"""What the second last digit but one of a SNOMED CT identifier says that it is of."""


def system_fault(system: str) -> str:
    """Say what is wrong with the name of a terminology; empty where nothing is.

    >>> system_fault("http://loinc.org")
    ''
    >>> system_fault("loinc")
    "'loinc' is not how the terminology is named; write http://loinc.org"
    """
    bare = re.sub(r"^(https?://)?(www\.)?|[^a-z0-9]+", "", system.lower())
    meant = _MEANT.get(bare, system)
    if meant != system:
        return f"'{system}' is not how the terminology is named; write {meant}"
    if not _URI.fullmatch(system):
        return (
            f"'{system}' is not the URI of a terminology; write one such as {ICD_10_CM} or "
            f"{SNOMED_CT}, or for codes of your own http://clinic.example/codes"
        )
    return ""


def code_fault(system: str, code: str) -> str:
    """Say what is wrong with a code of a terminology; empty where nothing is to be seen.

    Known are the forms of ICD-10-CM, LOINC and SNOMED CT; whether they have the code is not.

    >>> code_fault(LOINC, "30525-0"), code_fault("http://clinic.example/codes", "back 7")
    ('', '')
    >>> code_fault(ICD_10_CM, "M5126")
    "'M5126' lacks its point; write M51.26"
    """
    if not _CODE.fullmatch(code):
        return f"'{code}' has a space too many; write the code alone"
    return _FAULTS[system](code) if system in _FAULTS else ""


def _icd_10_cm(code: str) -> str:
    if _ICD_10_CM.fullmatch(code):
        return ""
    if bare := _ICD_10_CM_BARE.fullmatch(code):
        return f"'{code}' lacks its point; write {bare[1]}.{bare[2]}"
    if _ICD_10_CM.fullmatch(code.upper()):
        return f"'{code}' is written in capitals: {code.upper()}"
    return (
        f"'{code}' cannot be a code of ICD-10-CM, which is a category of three characters and "
        "after a point up to four more: M54.41"
    )


def _loinc(code: str) -> str:
    if not _LOINC.fullmatch(code):
        return f"'{code}' cannot be a code of LOINC, which is digits and a check digit: 30525-0"
    digits = code.replace("-", "")
    return "" if _luhn_sum(digits) % 10 == 0 else _miswritten(code, "LOINC")


def _snomed_ct(code: str) -> str:
    if not _SNOMED_CT.fullmatch(code):
        return (
            f"'{code}' cannot be a code of SNOMED CT, which is the 6 to 18 digits of a concept: "
            "279039007"
        )
    if _verhoeff(code) != 0:
        return _miswritten(code, "SNOMED CT")
    kind = _KINDS.get(code[-2], "")
    if kind != "concept":
        return f"'{code}' is the id of a {kind or 'component'} of SNOMED CT; give its concept's"
    return ""


def _miswritten(code: str, terminology: str) -> str:
    return (
        f"the check digit of '{code}' is not the one that {terminology} gives these digits, so one "
        "of them is wrong; copy it again from where it was looked up"
    )


def _luhn_sum(code: str) -> int:
    """Add up a code with its check digit; a multiple of 10 where that is right.

    The letters of answers and parts count as their ASCII code less that of 0, as the LOINC users'
    guide, appendix C, has it from OpenMRS.
    """
    values = [ord(each) - ord("0") for each in reversed(code)]
    doubled = (2 * value - 9 * (value // 5) for value in values[1::2])
    return sum(values[0::2]) + sum(doubled)


def _verhoeff(digits: str) -> int:
    """Return the Verhoeff checksum of digits, 0 where their last one is right.

    A walk through the dihedral group of order 10, each digit first moved by a permutation as often
    as its place from the right (Verhoeff 1969, Error detecting decimal codes).
    """
    found = 0
    for place, digit in enumerate(reversed(digits)):
        moved = int(digit)
        for _ in range(place % 8):
            moved = _PERMUTED[moved]
        found = _turned(found, moved)
    return found


_PERMUTED = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _turned(one: int, other: int) -> int:
    """Multiply in the dihedral group: 0 to 4 turn a pentagon, 5 to 9 turn it over first."""
    if one < 5:
        return (one + other) % 5 + (5 if other >= 5 else 0)
    return (one - other) % 5 + (0 if other >= 5 else 5)


_FAULTS: Mapping[str, Callable[[str], str]] = {
    ICD_10_CM: _icd_10_cm,
    LOINC: _loinc,
    SNOMED_CT: _snomed_ct,
}
