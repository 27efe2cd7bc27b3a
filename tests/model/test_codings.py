"""Codes in a model file: each mistake at its place, and what overlays do to them."""

from pathlib import Path

import pytest
from support.reader import MODEL, changed, place_of, problems, read

from bayesnet.model.checks.code_systems import ICD_10_CM, LOINC, SNOMED_CT, code_fault, system_fault
from bayesnet.model.reading.notices import read_noticing
from bayesnet.model.reading.reader import ReadModel
from bayesnet.model.store import load_compiled

pytestmark = pytest.mark.usefixtures("in_folder")

OWN = "http://workshop.example/faults"
ROW = f'{{system: "{OWN}", code: "B7", display: "Bearing, worn", source: [fig-1]}}'
CAUSE = "    textbook: {hum: true, heat"
OTHER_CAUSE = "    textbook: {hum: true}"
FINDING = '    asked: {question: "Does it hum?"'
FACTOR = '    asked: {question: "Is the oil old?"'
ANSWER = "labels: {hot: Too hot to touch}}"


def row(**other: str) -> str:
    """A sound row with some of its keys otherwise."""
    keys = {"system": f'"{OWN}"', "code": '"B7"', "display": '"Worn"', "source": "[fig-1]", **other}
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items() if value) + "}"


def coded(at: str, *rows: str) -> tuple[str, str]:
    """The change that gives codes to the entry that a line belongs to."""
    return at, f"    codings: [{', '.join(rows)}]\n{at}"


def of_answers(codings: str) -> tuple[str, str]:
    return ANSWER, f"{ANSWER[:-1]}, codings: {{{codings}}}}}"


def test_codes_of_each_kind_are_read() -> None:
    text = changed(
        coded(CAUSE, row(code='"A"')),
        coded(FINDING, row(code='"B"')),
        coded(FACTOR, row(code='"C"')),
        (
            "    derived_from: heat",
            f"    codings: [{row(code=chr(34) + 'D' + chr(34))}]\n    derived_from: heat",
        ),
        of_answers(f"hot: [{row(code='hot')}]"),
    )
    said = read(text).description
    assert [each.code for each in said.causes["worn_bearing"].codings] == ["A"]
    assert [each.code for each in said.findings["hum"].codings] == ["B"]
    assert [each.code for each in said.risk_factors["old_oil"].codings] == ["C"]
    assert [each.code for each in said.derived["any_heat"].codings] == ["D"]
    assert [each.code for each in said.findings["heat"].answer.codings["hot"]] == ["hot"]


def test_yes_and_no_can_have_codes() -> None:
    text = changed((FINDING, f"    answer: {{codings: {{yes: [{row(code='Y')}]}}}}\n{FINDING}"))
    assert set(read(text).description.findings["hum"].answer.codings) == {"yes"}


# Each: the row, what in it the place points at, and words of the message.
ROWS = {
    "a number": (row(code="719"), "code: 719", 'the number 719, not text; put it in quotes: "719"'),
    "a short name": (row(system="loinc"), "system: loinc", "write http://loinc.org"),
    "no URI": (row(system='"our codes"'), "system: ", "is not the URI of a terminology"),
    "no system": (row(system=""), "{code: ", "'system' is missing"),
    "an OID of a known one": (row(system='"urn:oid:2.16.840.1.113883.6.96"'), "system:",
        "write http://snomed.info/sct"),
    "a space too many": (row(code='"B7 "'), "code:", "'B7 ' has a space too many"),
    "an empty code": (row(code='""'), "code:", "'code' is empty"),
    "an empty display": (row(display='""'), "display:", "'display' is empty"),
    "a blank display": (row(display='"  "'), "display:", "'display' is empty"),
    "no display": (row(display=""), "{system", "'display' is missing"),
    "no source": (row(source=""), "{system", "'source' is missing"),
    "an unknown source": (row(source="[fig-9]"), "fig-9]", "did you mean 'fig-2' or 'fig-1'?"),
    "judgement without a reason": (row(source="[expert judgement]"), "source: [expert judgement]}",
        "needs its reason"),
    "an unknown key": (row(version='"2"'), "version:", "unknown key 'version'"),
    "a list in one row": (row(code="[B7, B8]"), "code:", "'code' is a list, not text"),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_mistake_in_a_row_is_told_at_its_place(name: str) -> None:
    written, at, words = ROWS[name]
    text = changed(coded(CAUSE, written))
    (problem,) = problems(text)
    start = text.index(written)
    assert problem.startswith(f"{place_of(text, written, text.index(at, start) - start)}: ")
    assert words in problem


SHAPES = {
    "an empty list": ("codings: []", "'codings' has 0 items; give at least 1"),
    "nothing": ("codings:", "'codings' is empty; give a list"),
    "one row without brackets": (f"codings: {ROW}", "put it in brackets: [{...}]"),
    "a code alone": ('codings: "B7"', "'codings' is the text 'B7', not a list"),
    "another key": (f"coding: [{ROW}]", "unknown key 'coding'; did you mean 'codings'?"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_mistake_in_the_list_is_told_at_its_place(name: str) -> None:
    written, words = SHAPES[name]
    text = changed((CAUSE, f"    {written}\n{CAUSE}"))
    (problem,) = problems(text)
    assert problem.startswith(f"{place_of(text, written)}: ")
    assert words in problem


def test_codes_do_not_stand_at_the_top_or_on_a_pathway() -> None:
    (problem,) = problems(MODEL + f"codings: {{hum: [{ROW}]}}\n")
    assert "unknown key 'codings'; it belongs to entries of 'causes', 'risk_factors'," in problem
    (problem,) = problems(changed(("    act: stop", f"    codings: [{ROW}]\n    act: stop")))
    assert "belongs to entries of 'causes', 'risk_factors', 'findings'" in problem


def test_a_code_of_an_unknown_answer_is_told() -> None:
    text = changed(of_answers(f"hott: [{ROW}]"))
    (problem,) = problems(text)
    assert problem.startswith(f"{place_of(text, 'hott: [')}: ")
    assert "unknown state 'hott' of 'heat'; did you mean 'hot'?" in problem


def test_the_same_code_twice_on_one_id_is_a_mistake() -> None:
    (problem,) = problems(changed(coded(CAUSE, ROW, row(display="Other words"))))
    assert problem.endswith("a second row for the code 'B7'; keep one")


def test_a_code_on_two_questions_or_two_answers_is_a_mistake() -> None:
    text = changed(coded(FINDING, ROW), coded(FACTOR, ROW))
    (problem,) = problems(text)
    assert problem.startswith(f"{place_of(text, ROW, ROW.index('code'))}: ".split(":")[0])
    assert "'B7' stands for 'old_oil' already, so that a coded answer could mean either" in problem
    (problem,) = problems(changed(of_answers(f"warm: [{ROW}], hot: [{ROW}]")))
    assert "'B7' stands for 'warm' already" in problem


def test_a_question_its_answer_and_a_cause_can_share_a_code() -> None:
    assert read(changed(coded(CAUSE, ROW), coded(FINDING, ROW), of_answers(f"hot: [{ROW}]")))


def test_a_code_on_two_causes_is_a_warning() -> None:
    read(changed(coded(CAUSE, ROW), coded(OTHER_CAUSE, ROW)))
    notices = read_noticing(Path("m.yaml")).of("warning")
    (message,) = [each.message for each in notices if "B7" in each.message]
    assert "'B7' stands for 'worn_bearing' and for 'cracked_gear'" in message


# ---- How codes are written ----

SOUND = {
    ICD_10_CM: [
        "M54.50",
        "M54",
        "M51.360",
        "S39.012A",
        "C7A.00",
        "J4B",
        "QA0.0101",
        "U07.1",
        "T07.XXXA",
    ],
    LOINC: ["30525-0", "91349-1", "8302-2", "LA33-6", "LA32-8", "LA12688-0", "LA46-8", "LP29693-6"],
    SNOMED_CT: ["22298006", "138875005", "900000000000207008", "1231000119100"],
    OWN: ["B7", "back 7", "7", "ä"],
}
MISWRITTEN = {
    "without its point": (ICD_10_CM, "M5126", "write M51.26"),
    "in small letters": (ICD_10_CM, "m54.50", "M54.50"),
    "three letters": (ICD_10_CM, "MMX.5", "cannot be a code of ICD-10-CM"),
    "a point and nothing after": (ICD_10_CM, "M54.", "cannot be a code of ICD-10-CM"),
    "too long": (ICD_10_CM, "M54.50123", "cannot be a code of ICD-10-CM"),
    "a range": (ICD_10_CM, "M50-M54", "cannot be a code of ICD-10-CM"),
    "other digits": (ICD_10_CM, "M５4", "cannot be a code of ICD-10-CM"),
    "a wrong check digit": (LOINC, "91349-2", "the check digit of '91349-2'"),
    "two digits changed round": (LOINC, "93149-1", "the check digit of '93149-1'"),
    "a wrong check digit of an answer": (LOINC, "LA33-7", "the check digit of 'LA33-7'"),
    "no check digit": (LOINC, "91349", "cannot be a code of LOINC"),
    "a wrong digit": (SNOMED_CT, "22298007", "the check digit of '22298007'"),
    "digits changed round": (SNOMED_CT, "22289006", "the check digit of '22289006'"),
    "a description": (SNOMED_CT, "680946014", "the id of a description of SNOMED CT"),
    "an expression": (SNOMED_CT, "22298006:1", "cannot be a code of SNOMED CT"),
    "a leading 0": (SNOMED_CT, "022298006", "cannot be a code of SNOMED CT"),
    "a space within": (ICD_10_CM, "M54. 50", "cannot be a code of ICD-10-CM"),
    "two spaces": (OWN, "back  7", "a space too many"),
    "a line break": (OWN, "back\n7", "a space too many"),
}


@pytest.mark.parametrize("system", SOUND)
def test_codes_that_can_be_are_taken(system: str) -> None:
    assert system_fault(system) == ""
    assert [code_fault(system, code) for code in SOUND[system]] == [""] * len(SOUND[system])


@pytest.mark.parametrize("name", MISWRITTEN)
def test_a_code_that_cannot_be_is_told(name: str) -> None:
    system, code, words = MISWRITTEN[name]
    assert words in code_fault(system, code)


@pytest.mark.parametrize("code", ["91349-1", "22298006", "138875005"])
def test_no_digit_of_a_code_can_be_changed_unnoticed(code: str) -> None:
    system = LOINC if "-" in code else SNOMED_CT
    for at, digit in enumerate(code):
        for other in "0123456789":
            if digit not in (other, "-") and not (at == 0 and other == "0"):
                assert code_fault(system, code[:at] + other + code[at + 1 :])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ICD-10-CM", ICD_10_CM),
        ("icd10cm", ICD_10_CM),
        ("https://hl7.org/fhir/sid/icd-10-cm", ICD_10_CM),
        ("urn:oid:2.16.840.1.113883.6.90", ICD_10_CM),
        ("LOINC", LOINC),
        ("https://loinc.org/", LOINC),
        ("urn:oid:2.16.840.1.113883.6.1", LOINC),
        ("SNOMED CT", SNOMED_CT),
        ("http://www.snomed.info/sct", SNOMED_CT),
    ],
)
def test_another_name_of_a_terminology_is_told_its_own(name: str, meant: str) -> None:
    assert system_fault(name).endswith(f"write {meant}")


@pytest.mark.parametrize(
    "system", ["", "codes", "http://", "http://a b", "http://snomed.info/sct|2", "urn:", "ftp://x"]
)
def test_a_terminology_has_a_uri(system: str) -> None:
    assert "is not the URI of a terminology" in system_fault(system)


# ---- Overlays ----

BASE = changed(coded(CAUSE, ROW, row(code="B8")), of_answers(f"hot: [{ROW}]"))
CLINIC = 'extends: m.yaml\nsource: ["Own list 2026, clinic of K"]\nwhy: looked up\n'


def overlaid(text: str, base: str = BASE) -> ReadModel:
    return read({"clinic.yaml": CLINIC + text, "m.yaml": base})


def test_an_overlay_adds_a_code_beside_those_of_its_base() -> None:
    said = overlaid("""\
causes:
  worn_bearing:
    codings: [{system: "http://snomed.info/sct", code: "22298006", display: Other}]
findings:
  heat:
    answer:
      codings:
        warm: [{system: "http://clinic.example", code: w, display: Warm}]
        hot: [{system: "http://clinic.example", code: h, display: Hot}]
""").description
    found = said.causes["worn_bearing"].codings
    assert [each.code for each in found] == ["B7", "B8", "22298006"]
    assert (found[2].source, found[2].why) == (("Own list 2026, clinic of K",), "looked up")
    assert found[0].source == ("fig-1",)
    answers = said.findings["heat"].answer.codings
    assert {state: [each.code for each in codes] for state, codes in answers.items()} == {
        "hot": ["B7", "h"],
        "warm": ["w"],
    }


def test_an_overlay_changes_and_removes_rows_by_system_and_code() -> None:
    changes = (
        f'{{system: "{OWN}", code: "B7", display: "Worn out"}}, '
        f'{{system: "{OWN}", code: "B8", display: null}}'
    )
    (found,) = (
        overlaid(f"causes: {{worn_bearing: {{codings: [{changes}]}}}}\n")
        .description.causes["worn_bearing"]
        .codings
    )
    assert (found.code, found.display) == ("B7", "Worn out")
    assert found.source == ("Own list 2026, clinic of K",)
    none = overlaid("causes: {worn_bearing: {codings: null}}\n").description
    assert none.causes["worn_bearing"].codings == ()


WRONG = "'22298007'"
OVERLAY_MISTAKES = {
    "an empty list": ("causes: {worn_bearing: {codings: []}}", "[]", "this list is empty; give"),
    "an unknown id": (f"causes: {{worn_baering: {{codings: [{ROW}]}}}}", "worn_baering",
        "the base has no 'worn_baering'; did you mean 'worn_bearing'?"),
    "a wrong check digit": (
        f"causes: {{worn_bearing: {{codings: [{row(system=SNOMED_CT, code=WRONG)}]}}}}",
        "code:", "the check digit of '22298007'"),
    "a number": (f"findings: {{hum: {{codings: [{row(code='123')}]}}}}", "code:",
        'put it in quotes: "123"'),
    "the code of another question": (f"findings: {{hum: {{codings: [{ROW}]}}}}", "code:",
        "'B7' stands for 'old_oil' already"),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERLAY_MISTAKES)
def test_a_mistake_is_told_in_the_overlay_that_makes_it(name: str) -> None:
    text, at, words = OVERLAY_MISTAKES[name]
    base = changed(coded(FACTOR, ROW), coded(CAUSE, ROW))
    (problem,) = problems({"clinic.yaml": CLINIC + text + "\n", "m.yaml": base})
    assert problem.startswith(f"clinic.yaml:4:{text.index(at) + 1}: ")
    assert words in problem


def test_a_changed_row_needs_a_source() -> None:
    other = row(display="Other", source="")
    text = f"extends: m.yaml\ncauses: {{worn_bearing: {{codings: [{other}]}}}}\n"
    (problem,) = problems({"clinic.yaml": text, "m.yaml": BASE})
    assert problem.startswith("clinic.yaml:2:")
    assert "is changed without a source" in problem


def test_codes_are_words_of_the_model() -> None:
    bare, coded_ = read(MODEL), read(BASE)
    assert bare.sha256 != coded_.sha256
    assert bare.nodes == coded_.nodes
    other = BASE.replace('display: "Bearing, worn"', 'display: "Worn"')
    assert read(other).sha256 != coded_.sha256


def test_codes_outlive_the_cache() -> None:
    Path("m.yaml").write_text(BASE, encoding="utf-8")
    first, again = (load_compiled(Path("m.yaml")) for _ in range(2))
    assert first.description.causes["worn_bearing"].codings
    assert again.description == first.description
