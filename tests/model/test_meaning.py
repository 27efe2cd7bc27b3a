"""Every number of every shipped model, and of the gearbox, means what the file says."""

from pathlib import Path

import numpy as np
import pytest
from support.models import gearbox
from support.reader import changed

import bayesnet
from bayesnet.diagnosis.implied import implied_number
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.lookup.scope import frequencies
from bayesnet.model.shipped import shipped_models


def misread(model: DiagnosticModel) -> dict:
    """{path: (said, implied)} of the numbers that the network makes something else of."""
    description = model.description
    said = {
        path: np.array(
            [number.values[state] for state in states]
            if number.values
            else [1 - number.value, number.value]
        )
        for path, number, states in frequencies(description)
    }
    for name, cause in description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            assert isinstance(row, RiskRow)
            said["causes", name, "risk_factors", at] = np.array([row.relative_risk])
    found = {path: implied_number(description, model.engine, path) for path in said}
    return {
        path: (number, found[path])
        for path, number in said.items()
        if not np.allclose(number, found[path], rtol=1e-9, atol=1e-9)
    }


@pytest.mark.parametrize("name", shipped_models())
def test_every_number_of_a_shipped_model_means_what_it_says(name: str) -> None:
    assert misread(bayesnet.load_model(name)) == {}


def test_every_number_of_the_gearbox_means_what_it_says() -> None:
    assert misread(gearbox()) == {}


def test_a_ratio_for_each_of_several_groups_of_people_means_what_it_says(tmp_path: Path) -> None:
    row = "{factor: old_oil, relative_risk: 2.0,"
    first = row.replace(
        "2.0,", "3.0, sample_size: 9, source: [fig-1], among: {hours: [up_to_1000]}}"
    )
    path = tmp_path / "m.yaml"
    path.write_text(changed((row, f"{first}\n      - {row} among: {{hours: [over_1000]}},")))
    assert misread(bayesnet.load_model(path)) == {}
