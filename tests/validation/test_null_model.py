"""The null model: another number everywhere, and still a model."""

import numpy as np
from lbp_validation.published.null import null_description
from support.models import gearbox

from bayesnet.model.solving.parameters import solve


def test_a_null_model_has_other_numbers_and_the_same_prevalences() -> None:
    description = gearbox().description
    null = null_description(description, np.random.default_rng(1))
    assert not solve(null)[1]
    for name, cause in description.causes.items():
        assert null.causes[name].prevalence.value == cause.prevalence.value
    changed = [
        null.findings[name].background.value != finding.background.value
        for name, finding in description.findings.items()
        if finding.background.value is not None
    ]
    assert sum(changed) > len(changed) / 2


def test_the_generator_decides() -> None:
    description = gearbox().description
    first, again = (null_description(description, np.random.default_rng(4)) for _ in range(2))
    assert first == again
    assert first != null_description(description, np.random.default_rng(5))
