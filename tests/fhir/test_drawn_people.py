"""What is written for people drawn from a model is FHIR, by its shape and by its invariants."""

import csv
import json
import os
from random import Random

import pytest
from lbp_fhir import About, questionnaire, read_response, risk_assessment, write_response
from support.cli import answer, run
from support.fhir import NOW, VERSIONS, broken, check_shape, hold, start
from support.models import GEARBOX_FILE, gearbox, runner

from bayesnet import ImpossibleEvidenceError


def people(model, reference, count, folder):
    """Answers of people drawn from a model: some of their findings, now and then not known."""
    path, random = folder / "people.csv", Random(1)
    drawn = run(
        *("model", "simulate", reference, "-n", str(count), "--seed", "1"),
        *("--audience", "clinician", "-o", str(path)),
    )
    assert drawn.exit_code == 0, drawn.output
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said = {name: row[name] for name in model.findings if row.get(name)}
            share = random.random()
            some = {
                name: None if random.random() < 0.1 else value
                for name, value in said.items()
                if random.random() < share
            }
            yield dict(model.interview(some, "clinician").given)


def check_sound(model, evidence):
    """Everything that is written of one person, which is the same in both versions; and read."""
    report = model.diagnose(evidence, "clinician")
    response = write_response(model, evidence, "clinician", NOW)
    assessment = risk_assessment(model, report, About(NOW))
    for version in VERSIONS:
        assert dict(read_response(model, response, version, NOW).evidence) == evidence
        check_shape(response, version)
        check_shape(assessment, version)
    assert broken(assessment, "R4") == []
    codes = [each["outcome"]["coding"][0]["code"] for each in assessment.get("prediction", ())]
    told = report.causes if report.triage.level != "emergency" else ()
    assert codes == [each.id for each in told]


def test_of_some_people(tmp_path):
    for evidence in people(gearbox(), str(GEARBOX_FILE), 8, tmp_path):
        check_sound(gearbox(), evidence)


@pytest.mark.fhir
def test_of_hundreds_of_people(tmp_path):
    for evidence in people(runner(), "lbp-runner", int(os.environ.get("PEOPLE", "500")), tmp_path):
        check_sound(runner(), evidence)
    for audience in ("self", "clinician"):
        for version in VERSIONS:
            form = questionnaire(runner(), audience, version)
            check_shape(form, version)
            assert broken(form, version) == []


@pytest.mark.fhir
@pytest.mark.parametrize("version", VERSIONS)
def test_interviews_to_their_end_give_the_report_of_the_command(version, tmp_path):
    for drawn in people(runner(), "lbp-runner", 10, tmp_path):
        person = {**drawn, "age": 42}
        try:
            *_, last = hold(runner(), version, start(runner()), person)
        except ImpossibleEvidenceError:
            continue
        evidence = dict(read_response(runner(), last, version).evidence)
        said = answer("--case", "-", stdin=json.dumps(last))
        assert said == json.loads(runner().diagnose(evidence).to_json())
        check_shape(last, version)
        assert broken(last, version) == []
