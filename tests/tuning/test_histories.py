"""People with full histories: what they are asked, that they come as the model says, and again."""

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.errors import EvidenceError
from bayesnet.tuning.histories import AT_ONCE, Table, columns_of, draw_histories


def drawn(people: int, seed: int = 7, audience: str = "self") -> Table:
    parts = list(draw_histories(gearbox(), people, seed, audience))
    return {name: np.concatenate([each[name] for each in parts]) for name in parts[0]}


def test_each_askable_and_each_cause_has_its_column() -> None:
    model = gearbox()
    table = drawn(3, audience="clinician")
    causes = [f"true_{name}" for name in model.description.causes]
    assert list(table) == [*model.known, *causes] == list(columns_of(model, "clinician"))
    assert all(len(column) == 3 for column in table.values())


def test_only_a_clinician_has_tests() -> None:
    alone, examined = (set(columns_of(gearbox(), who)) for who in ("self", "clinician"))
    assert alone < examined
    assert {gearbox().known[name].asked.asked_of for name in examined - alone} == {"clinician"}
    with pytest.raises(EvidenceError):
        columns_of(gearbox(), "nobody")


def test_the_seed_decides_who_comes_and_more_people_begin_with_the_same() -> None:
    few, again, many, others = drawn(20), drawn(20), drawn(AT_ONCE + 5), drawn(20, seed=8)
    assert all((few[name] == again[name]).all() for name in few)
    assert all((few[name] == many[name][:20]).all() for name in few)
    assert any((few[name] != others[name]).any() for name in few)
    assert len(many["true_worn_bearing"]) == AT_ONCE + 5


def test_causes_come_as_often_as_their_prevalence() -> None:
    table = drawn(12_000)
    for name, cause in gearbox().description.causes.items():
        found = (table[f"true_{name}"] == "yes").mean()
        assert found == pytest.approx(cause.prevalence.value, abs=0.012), name


def test_what_was_drawn_can_be_diagnosed_and_fits_itself() -> None:
    model = gearbox()
    table = drawn(40)
    truth = [name for name in table if name.startswith("true_")]
    found = model.diagnose_many(table, keep=truth)
    assert not len(found.failed)
    assert found["true_worn_bearing"].tolist() == table["true_worn_bearing"].tolist()
