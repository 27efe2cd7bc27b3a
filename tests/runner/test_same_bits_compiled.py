"""A report is the same to the last byte, by numpy and by compiled passes."""

import json

import pytest

import bayesnet
from bayesnet import DiagnosticModel

pytest.importorskip("numba")

SAID = (
    {},
    {"age": 24, "sex": "female", "leaning_back": True, "coughing": True},
    {"age": 71, "sex": "male", "leaning_back": False, "saddle_numbness": False, "coughing": None},
)


def test_compiled_reports_are_those_of_numpy(model: DiagnosticModel) -> None:
    compiled = bayesnet.load_model(model.description.model.id, executor="compiled")
    for said in SAID:
        one, other = (json.dumps(each.diagnose(said).to_dict()) for each in (model, compiled))
        assert one == other
