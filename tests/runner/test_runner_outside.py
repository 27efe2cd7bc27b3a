"""People whose pain comes from what the runner model does not hold."""

import numpy as np
import pytest
from lbp_validation.cases.outside import asked_of, network_without
from lbp_validation.paths import OUTSIDE
from support.models import runner

import bayesnet
from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.errors import NetworkError
from bayesnet.tuning.published_cases import load_cases

OUTSIDE_CASES = load_cases(OUTSIDE)


@pytest.mark.parametrize("case", OUTSIDE_CASES, ids=lambda case: case.id)
def test_a_case_outside_the_model_speaks_its_language(case):
    assert set(case.evidence) <= set(runner().known)
    assert not case.inside_model
    assert case.confirmed not in runner().description.causes
    assert case.url.startswith("http")


def test_emergencies_outside_the_model_are_urgent_at_least():
    for case in OUTSIDE_CASES:
        if case.triage == "emergency":
            level = runner().diagnose(case.evidence, audience="clinician").triage.level
            assert rank(level) >= rank("urgent"), case.id


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"pulsating_abdomen": True}, "emergency"),
        ({"urinary_symptoms": True, "fever": True}, "urgent"),
        ({"loin_to_groin_colic": True, "systemically_unwell": True}, "emergency"),
        ({"loin_to_groin_colic": True}, "urgent"),
        ({"walking_pain_eased_by_standing": True, "age": 66}, "routine"),
        ({"rash_on_trunk": True}, "urgent"),
    ],
)
def test_signs_from_beyond_the_back_raise_the_urgency(answers, level):
    assert rank(runner().diagnose(answers).triage.level) >= rank(level)


@pytest.mark.parametrize("sign", ["abdominal_pain", "chest_pain", "pregnancy_danger"])
def test_signs_of_what_no_cause_holds_point_elsewhere(sign):
    assert [each.id for each in runner().diagnose({sign: True}).fit.points_elsewhere] == [sign]


def test_a_cause_can_be_taken_out_of_the_network_but_not_out_of_a_table():
    asked = asked_of(runner())
    left = network_without(runner().network, asked.causes[0])
    assert len(left.names) == len(runner().network.names) - 1
    assert left.compile().log_probability({asked.findings[0]: "yes"}) < 0
    yes_no = ("no", "yes")
    table = bayesnet.Table("cough", ("cause",), np.array([[0.9, 0.1], [0.2, 0.8]]))
    given = bayesnet.Network(
        (bayesnet.Variable("cause", yes_no), bayesnet.Variable("cough", yes_no)),
        (bayesnet.Table("cause", (), np.array([0.9, 0.1])), table),
    )
    with pytest.raises(NetworkError, match="table"):
        network_without(given, "cause")
