"""What is written passes the validators of others, which find what is wrong: `make fhir`."""

import copy
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, islice
from typing import Any

import pytest
from lbp_fhir import (
    About,
    Version,
    code_system,
    operation_outcome,
    questionnaire,
    questionnaire_url,
    risk_assessment,
    write_response,
)
from lbp_fhir.issues import Issue
from support.adaptive_client import Plain, answer_from, hold
from support.fhir_door import ASSESS, NEXT, parameters
from support.models import runner
from support.service import Caller, service
from support.validators import SDC, Checked, problems

from bayesnet.tuning.compared_people import drawn

PEOPLE = int(os.environ.get("PEOPLE", "500"))
EACH = 50
"""People after which it is said how far it is."""
INTERVIEWED = 100
"""Of so many people one is interviewed over HTTP, each step of it checked."""
ALONE = "sdc-adapt-1"
"""An adaptive questionnaire has to be contained; to be held against its profile it stands alone."""
NOW = "2026-02-03T09:00:00Z"

pytestmark = [
    pytest.mark.fhir,
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed"),
]


@cache
def caller() -> Caller:
    return service("lbp-runner")


def shown(version: Version) -> Iterator[Checked]:
    """What stands for itself, as it is written and as it is served."""
    for audience in ("self", "clinician"):
        form = questionnaire(runner(), audience, version)
        yield f"form of {audience}", form, [f"{SDC}sdc-questionnaire"] if version == "R4" else []
    yield "codes", code_system(runner(), version), []
    for below in ("metadata", "Questionnaire", "OperationDefinition/assess-risk", "CodeSystem/x"):
        yield below, caller().get(f"/fhir/{version}/{below}").json, []
    yield "outcome", operation_outcome([Issue("error", "value", "no", "Patient.birthDate")]), []


def written(version: Version) -> Iterator[Checked]:
    """Responses and assessments of drawn people, and of some each step of an interview."""
    answered = [f"{SDC}sdc-questionnaireresponse"] if version == "R4" else []
    for at, someone in enumerate(drawn(runner(), PEOPLE), 1):
        response = write_response(runner(), someone.answers, "clinician", NOW)
        yield f"response {at}", response, answered
        report = runner().diagnose(someone.answers, "clinician")
        yield f"assessment {at}", risk_assessment(runner(), report, About(NOW)), []
        if at % INTERVIEWED == 1:
            yield from interview(version, at, said(someone.answers))


def said(answers: Mapping[str, Any]) -> Plain:
    """What somebody says: of a band of numbers the lowest."""
    given = dict(runner().interview(answers, "clinician").given)
    bands = {name: runner().findings[name].answer.bands for name in given}
    return {name: bands[name].get(value, (value,))[0] for name, value in given.items()}


def interview(version: Version, at: int, known: Plain) -> Iterator[Checked]:
    """Each step of an interview over HTTP, and what follows from it."""
    steps: list[Plain] = []

    def ask(response: Plain) -> Plain:
        reply = caller().post(f"/fhir/{version}/{NEXT}", response)
        assert reply.status == 200, reply.json
        steps.append(reply.json)
        return steps[-1]

    told = hold(ask, questionnaire_url(runner(), "clinician"), answer_from(known))
    for number, step in enumerate(steps):
        yield f"interview {at}.{number}", step, profiles(version, "sdc-questionnaireresponse-adapt")
    form = told["contained"][0]
    yield f"form {at}", form, profiles(version, "sdc-questionnaire-adapt")
    sent = parameters(("questionnaire-response", told))
    # Not by SDC's profile of these: Medplum takes the limits of a part for those of its slice.
    yield f"sent {at}", sent, []
    assessed = caller().post(f"/fhir/{version}/{ASSESS}", sent)
    yield f"assessed {at}", assessed.json, []


def profiles(version: Version, name: str) -> list[str]:
    """The profile of SDC, which is for R4."""
    return [SDC + name] if version == "R4" else []


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_the_validators_of_node_find_nothing(version: Version, capsys: pytest.CaptureFixture[str]):
    checked = 0
    for name, found in problems(version, chain(shown(version), written(version))):
        assert [each for each in found if ALONE not in each] == [], name
        checked += 1
        kind, _, at = name.partition(" ")
        if kind == "assessment" and int(at) % EACH == 0:
            with capsys.disabled():
                print(f"{version}: {at} of {PEOPLE} people, {checked} resources", flush=True)
    assert checked > 2 * PEOPLE


def planted(version: Version) -> Iterator[tuple[str, Checked]]:
    """Resources with a mistake each, and the word by which it has to be found."""
    someone = next(drawn(runner(), 1))
    report = runner().diagnose(someone.answers, "clinician")
    good = risk_assessment(runner(), report, About(NOW))

    def changed(**parts: object) -> Plain:
        return {**copy.deepcopy(good), **parts}

    over = changed()
    over["prediction"][0]["probabilityDecimal"] = 150
    turned = changed()
    ends = turned["prediction"][0]["extension"][0]["valueRange"]
    ends["low"], ends["high"] = ends["high"], ends["low"]
    form = questionnaire(runner(), "self", version)
    twice = {**form, "item": [*form["item"], form["item"][0]]}
    for word, resource in (
        ("bogus", changed(status="bogus")),
        ("ras-2", over),
        ("rng-2", turned),
        ("colour", changed(colour=1)),
        ("occurrencePeriod", changed(occurrencePeriod={"start": "2026-01-01"})),
        ("subject", {name: each for name, each in good.items() if name != "subject"}),
        ("que-2", twice),
    ):
        yield word, ("planted", resource, [])


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_the_validators_of_node_find_what_is_wrong(version: Version):
    expected = [word for word, _ in planted(version)]
    told = problems(version, (each for _, each in planted(version)))
    for word, (_, found) in zip(expected, told, strict=True):
        assert any(word in each for each in found), word


def test_the_profile_of_sdc_is_asked_for():
    """A response without the questionnaire that it answers is no step of an interview."""
    step = next(islice(interview("R4", 1, {"age": 42}), 1))[1]
    bare = {name: each for name, each in step.items() if name != "contained"}
    checked = ("bare", bare, [f"{SDC}sdc-questionnaireresponse-adapt"])
    ((_, found),) = problems("R4", iter([checked]))
    assert any("contained" in each for each in found)
