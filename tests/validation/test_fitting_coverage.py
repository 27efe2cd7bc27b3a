"""Fits of cases of known models, as the validation counts them, on a small model."""

from lbp_validation.fitting.coverage import Drawn, against_itself, against_the_truth
from support.paths import ROOT

import bayesnet
from bayesnet.tuning.fitting.fit import Options

LAMP = str(ROOT / "bayesnet" / "model" / "starting" / "model.yaml")
OPTIONS = Options(share=0.0)


def test_a_fit_is_counted_number_by_number() -> None:
    found = against_the_truth(bayesnet.load_model(LAMP), Drawn(60, 0.3), OPTIONS, (1, 0))
    assert len(found.inside) > 12
    assert sum(found.inside) > len(found.inside) / 2
    assert found.steps > 0
    assert found.least >= 0.0


def test_cases_of_the_model_itself_move_nothing_far() -> None:
    found = against_itself(bayesnet.load_model(LAMP), Drawn(50, 0.3), OPTIONS, (1, 0))
    assert found.beyond == 0
