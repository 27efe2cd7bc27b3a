"""Equal causes stand in the model's order, whatever the last bits of their probabilities."""

import numpy as np
from support.models import gearbox

from bayesnet.diagnosis.report.differential import differential


def test_equal_causes_keep_the_order_of_the_model():
    description = gearbox().description
    names = list(description.causes)
    probabilities = dict.fromkeys(names, 0.25)
    probabilities[names[-1]] = float(np.nextafter(0.25, 1.0))
    spread = dict.fromkeys(names, (0.1, 0.4))
    assert [cause.id for cause in differential(description, probabilities, spread)] == names
