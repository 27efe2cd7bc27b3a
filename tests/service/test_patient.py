"""A Patient tells what was not answered, and only what is the same question."""

from datetime import date

import pytest
from lbp_service.fhir.patient import BIRTH_SEX, known_of
from support.fhir_door import ASSESS, bundle, response
from support.models import gearbox, runner
from support.service import Caller, service

TODAY = date(2026, 11, 29)


def known(**patient):
    return dict(known_of(runner(), {"resourceType": "Patient", **patient}, TODAY).evidence)


BORN = {
    "1984-11-29": 42,
    "1984-11-30": 41,
    "2008-02-29": 18,
    "1984-10": 42,
    "1984-12": 41,
    "1984-11": None,
    "1984": None,
}


@pytest.mark.parametrize("born", BORN)
def test_the_age_is_in_whole_years_and_only_where_it_is_certain(born):
    expected = {} if BORN[born] is None else {"age": BORN[born]}
    assert known(birthDate=born) == expected


def test_the_sex_at_birth_is_not_read_off_what_a_register_says():
    assert known(gender="male") == {}
    birth_sex = {"url": BIRTH_SEX, "valueCode": "F"}
    other = {"url": "http://elsewhere.example", "valueCode": "M"}
    assert known(gender="male", extension=[other, birth_sex]) == {"sex": "female"}
    assert known(extension=[{"url": BIRTH_SEX, "valueCode": "UNK"}]) == {}
    assert known(extension="x") == {}


def test_a_model_without_these_codes_is_told_nothing():
    assert not known_of(gearbox(), {"birthDate": "1984-11-30"}, TODAY).evidence
    assert not known_of(runner(), None, TODAY).evidence


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service("lbp-runner")


def assessed(caller, said, birth_date):
    """The answers that an assessment rests on, and its notes."""
    patient = {"resourceType": "Patient", "birthDate": birth_date}
    told = caller.post(f"/fhir/R4/{ASSESS}", bundle(said, patient)).json
    answers = {each["linkId"]: each["answer"][0] for each in told["contained"][0]["item"]}
    return answers, " ".join(each["text"] for each in told["note"])


def test_what_was_answered_goes_before_the_patient(caller):
    own = response("lbp-runner-self", age={"valueInteger": 30})
    answers, notes = assessed(caller, own, "1964-01-01")
    assert answers["age"] == {"valueInteger": 30}
    assert "the answer stands" in notes
    answers, notes = assessed(caller, response("lbp-runner-self"), "1964-01-01")
    assert answers["age"]["valueInteger"] >= 62
    assert "taken from Patient.birthDate" in notes
