"""Advice: own and neutral pathways, what advice is worth, reports that contradict themselves."""

import numpy as np
import pytest
from lbp_validation.advice.contradictions import (
    Ruled,
    among_each,
    among_kinds,
    contradictions,
    pairs_of_answers,
    ruled_out,
    single_answers,
    some_of,
)
from lbp_validation.advice.own_pathways import chosen, neutral_pathways, own_pathways
from lbp_validation.advice.pathways_part import of_the_best, own_chosen
from lbp_validation.simulation.decisions import Decisions, decide
from lbp_validation.simulation.simulation import View
from msgspec import structs
from support.models import gearbox, runner

from bayesnet.diagnosis.report.records import Report
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.lookup.expected_value import worth
from bayesnet.tuning.drawing import draw_many
from bayesnet.tuning.patients import Patients


def view(people: int = 12) -> View:
    model = gearbox()
    codes = draw_many(model.network, np.random.default_rng(2), people)
    return View(Patients(codes, np.ones(people)), decide(model, codes, "self"))


def advised(pathways: list[str]) -> View:
    drawn = view(len(pathways))
    levels, posteriors = drawn.decisions.levels, drawn.decisions.posteriors
    decided = Decisions(posteriors, levels, np.array(pathways, dtype=object))
    return View(drawn.patients, decided)


# --- own and neutral --------------------------------------------------------------------------


@pytest.mark.parametrize("cause", sorted(gearbox().description.causes))
def test_the_own_pathway_acts_on_the_cause_or_is_worth_most(cause: str) -> None:
    model, own = gearbox(), own_pathways(gearbox(), cause)
    values = {name: worth(each, cause) for name, each in model.description.pathways.items()}
    act_by = model.description.causes[cause].act_by
    best = max(values, key=values.__getitem__)
    assert (best in own) == (values[best] > 0)
    assert act_by is None or act_by in own
    assert all(values[name] > 0 for name in own - {act_by})


def test_neutral_care_is_best_for_people_with_no_cause_and_own_goes_before_it() -> None:
    model = runner()
    (neutral,) = neutral_pathways(model)
    assert chosen(model, neutral, ()) == "neutral"
    assert chosen(model, None, ("disc",)) == "other"
    (own, *_) = own_pathways(model, "malignancy")
    assert chosen(model, own, ("disc", "malignancy")) == "own"
    assert chosen(model, own, ("disc",)) == "other"


def test_own_is_that_of_a_cause_which_the_person_has() -> None:
    model = gearbox()
    cause = next(c for c in model.description.causes if own_pathways(model, c))
    (own, *_) = own_pathways(model, cause)
    people = advised([own] * 12)
    having = np.zeros(12, dtype=np.bool_)
    for each in model.description.causes:
        if own in own_pathways(model, each):
            having |= people.patients.having(each)
    assert own_chosen(model, people).tolist() == having.tolist()


def test_the_best_advice_is_worth_all_of_it_and_any_other_less() -> None:
    model, drawn = gearbox(), view()
    names = list(model.description.pathways)
    posteriors = drawn.decisions.posteriors
    values = np.array(
        [
            np.broadcast_to(
                sum(
                    posteriors[cause] * each.value
                    for cause, each in model.description.pathways[name].value.items()
                ),
                12,
            )
            for name in names
        ]
    )
    best, worst = ([names[at] for at in order(values, axis=0)] for order in (np.argmax, np.argmin))
    assert of_the_best(model, advised(best)).share.value == pytest.approx(1.0)
    assert of_the_best(model, advised(worst)).share.value < 1.0


# --- contradictions ---------------------------------------------------------------------------


def report_with(level: str, urgency: str, message: str, *actions: str) -> Report:
    report = runner().diagnose({"leaning_back": True})
    assert report.pathway is not None
    phase = structs.replace(report.pathway.phases[0], actions=actions)
    return structs.replace(
        report,
        triage=structs.replace(report.triage, level=level, message=message),
        pathway=structs.replace(report.pathway, urgency=urgency, phases=(phase,)),
    )


def test_a_less_urgent_pathway_and_advice_that_is_ruled_out_contradict() -> None:
    rules = (Ruled("do not run", "keep running"),)
    assert contradictions(report_with("urgent", "urgent", "Do not run.", "Walk."), rules) == ()
    assert contradictions(report_with("soon", "urgent", "See.", "Keep running."), rules) == ()
    (less,) = contradictions(report_with("urgent", "routine", "", ""), rules)
    assert "urgent" in less
    (ruled,) = contradictions(report_with("soon", "soon", "Do not run!", "Keep running."), rules)
    assert "Keep running" in ruled


def test_what_is_ruled_out_is_found_in_our_words() -> None:
    told = report_with("emergency", "emergency", "Go to an emergency department now.", "Wait weeks")
    assert contradictions(told, ruled_out())


def test_single_answers_and_pairs_are_those_that_are_not_the_least() -> None:
    model = gearbox()
    single = single_answers(model)
    assert all(len(each) == 1 for each in single)
    assert {"whine": "yes"} in single
    assert {"whine": "no"} not in single
    every = pairs_of_answers(model)
    assert {"whine": "yes", "whine_under_load": "yes"} in every
    assert all(len(each) == 2 for each in every)
    drawn = some_of(every, 20, np.random.default_rng(1))
    assert len(drawn) == 20
    assert drawn == some_of(every, 20, np.random.default_rng(1))
    assert some_of(every, len(every) + 1, np.random.default_rng(1)) == every
    found = among_each(model, single[:5])
    assert (found.people, found.reports) == (5, 5)


def test_age_and_sex_are_known_where_a_model_asks_them() -> None:
    assert {"age", "sex", "saddle_numbness"} in [set(each) for each in single_answers(runner())]


def test_one_of_a_kind_stands_for_all_of_it() -> None:
    model = gearbox()
    read = []

    def answers_of(row: int) -> dict[str, str]:
        read.append(row)
        return {"whine": "yes"}

    found = among_kinds(model, [LEVELS[0]] * 4 + [LEVELS[1]], [None] * 5, answers_of, 2)
    assert read == [0, 1, 4]
    assert (found.people, found.reports) == (5, 3)
