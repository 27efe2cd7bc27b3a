"""What questions are worth: read from one study, the same as answering them one by one."""

from itertools import product

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.analysis.posterior_draws import posterior_draws
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.found import find, standing_of
from bayesnet.diagnosis.interview import left as left_module
from bayesnet.diagnosis.interview import prospect as prospect_module
from bayesnet.diagnosis.interview.conduct import Manner, Why, decide
from bayesnet.diagnosis.interview.left import _gains, _Imagined, _judged
from bayesnet.diagnosis.interview.outlook import Outlook, outlook_of
from bayesnet.diagnosis.interview.question_sets import best_shares
from bayesnet.diagnosis.interview.separating import separation_of
from bayesnet.diagnosis.interview.worth import value_of_information, worth_of
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import states_of

PEOPLE = (
    {"hours": 4000, "drive": "manual", "whine": True, "knock": False},
    {"squeal_cold": True, "oil_puddle": True, "felt": True},
    {"recent_repair": True, "rattle_idle": True, "smoke": False},
)

GATES = gearbox().description.interview.gates.values()
SCREENED = {
    **{"hours": 4000, "drive": "automatic", "getting_worse": None},
    **dict.fromkeys((line for gate in GATES for line in gate.lines), False),
}


def studied(person):
    model = gearbox()
    found = find(model.policy, model.engine.inference, person, "clinician")
    outlook = outlook_of(model.engine.inference, found.study, found.probabilities)
    return found, outlook


def posterior(person):
    """P(cause), and of none of them, in the order of the model."""
    found, _ = studied(person)
    return np.array(list(found.probabilities.values()))


def answers_to(name):
    askable = gearbox().known[name]
    return [
        {"yes": True, "no": False}[s] if askable.is_yes_no else s for s in states_of(askable.answer)
    ]


@pytest.mark.parametrize("person", PEOPLE)
def test_each_answer_leaves_what_diagnosing_it_would(person):
    found, outlook = studied(person)
    policy = gearbox().policy
    worth = worth_of(policy, found.people, outlook)
    now = (policy.values @ outlook.now).max()
    for at in range(0, len(outlook.ids), 5):
        name, rows, value = outlook.ids[at], outlook.rows_of(at), 0.0
        for row, answer in zip(range(rows.start, rows.stop), answers_to(name), strict=True):
            if outlook.chances[row] == 0:
                continue
            after, _ = studied({**person, name: answer})
            told = np.array(list(after.probabilities.values()))
            assert outlook.posteriors[:, row] == pytest.approx(told, abs=1e-9), (name, answer)
            value += outlook.chances[row] * (policy.values @ told).max()
            if after.fit.conflict == found.fit.conflict:
                urgency = after.urgency
                level = max(urgency.by_rules.levels[0], urgency.by_causes.likely[0])
                assert worth.levels[row] == level, (name, answer)
        assert worth.value[at] == pytest.approx(value - now, abs=1e-9), name


def test_no_question_has_a_value_below_nothing_and_the_score_is_their_sum():
    found, outlook = studied(PEOPLE[0])
    policy, settings = gearbox().policy, gearbox().description.interview
    worth = worth_of(policy, found.people, outlook)
    parts = worth.value + worth.sets + settings.per_bit * worth.bits
    cost = np.array([policy.known[name].asked.cost for name in outlook.ids])
    expected = (parts + settings.per_level * worth.rise) / cost
    assert (worth.value >= 0).all()
    assert (worth.sets >= 0).all()
    assert worth.scores == pytest.approx(expected, abs=0.0005001)
    assert (np.abs(worth.scores * 1000 - np.round(worth.scores * 1000)) < 1e-9).all()


def test_a_set_is_worth_something_where_no_answer_alone_is():
    policy = gearbox().policy
    found = []
    for person in (*PEOPLE, {"hours": 4000}, {"getting_worse": True}):
        _, outlook = studied(person)
        alone, together = value_of_information(policy, outlook), best_shares(policy, outlook)
        found.append(((alone < 1e-12) & (together > 0.001)).any())
    assert any(found)


OPEN = ("whine", "squeal_cold", "creak_turning")


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_left_is_near_what_every_answer_would_bring(person):
    """Against the exact sum over all answers to the few questions that are open."""
    model = gearbox()
    rest = [n for n in model.known if n not in OPEN and not model.known[n].derived_from]
    whole = {**dict.fromkeys(rest), **person}
    names = [name for name in OPEN if name not in whole]
    found, outlook = studied(whole)
    assert set(outlook.ids) == set(names)
    worth = worth_of(model.policy, found.people, outlook)
    left = found.prospect.left
    exact = -(model.policy.values @ outlook.now).max()
    for told in product(*(answers_to(name) for name in names)):
        answers = dict(zip(names, told, strict=True))
        evidence = {n: "yes" if v else "no" for n, v in answers.items()}
        given = found.intake.evidence
        log_p = model.engine.log_probability({**given, **evidence})
        chance = np.exp(log_p - model.engine.log_probability(given))
        exact += chance * (model.policy.values @ posterior({**whole, **answers})).max()
    assert left.gain == pytest.approx(exact, abs=5 * left.error + 0.1 * exact + 0.01)
    assert left.gain >= worth.value.max() - 5 * left.error - 0.01
    assert 0 <= left.stays <= 1
    assert 0 <= left.changes <= 1


COMPLETED = 200


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_left_is_what_people_who_answer_everything_gain(person):
    """Answers that one finding shows, and causes that stand in for each other, are told once."""
    model, (found, outlook) = gearbox(), studied(person)
    policy, inference = model.policy, model.engine.inference
    left = found.prospect.left
    places = [inference.network.position(name) for name in outlook.ids]
    rng = np.random.default_rng(5)
    drawn = posterior_draws(inference.planner, found.study.case, places, COMPLETED, rng).states
    cases = [
        found.study.case.with_states(dict(zip(places, told, strict=True)))
        for told in drawn.T.tolist()
    ]
    names = [inference.network.position(name) for name in model.causes]
    marginals, log_p = inference.posteriors(cases, names)
    none = inference.log_probabilities([c.with_states(dict.fromkeys(names, 0)) for c in cases])
    p = np.array([*(marginals[v][:, 1] for v in names), np.exp(none - log_p)])
    values = policy.values @ p
    gains = values.max(axis=0) - values[(policy.values @ outlook.now).argmax()]
    error = gains.std() / np.sqrt(COMPLETED)
    assert left.gain == pytest.approx(gains.mean(), abs=3 * (left.error + error))


@pytest.mark.parametrize("person", [{"drive": "manual"}, *PEOPLE])
def test_every_step_of_the_urgency_counts_the_lowest_too(person):
    found, outlook = studied(person)
    worth = worth_of(gearbox().policy, found.people, outlook)
    expected = np.zeros(len(outlook.ids))
    for at in range(len(expected)):
        rows = outlook.rows_of(at)
        up = np.maximum(worth.levels[rows] - worth.now, 0)
        expected[at] = outlook.chances[rows] @ up
    assert worth.rise == pytest.approx(expected)
    if len(person) == 1:
        assert worth.now == LEVELS.index("self_care")
        assert (worth.levels == LEVELS.index("routine")).any()


def test_what_is_left_is_worth_at_least_what_the_best_question_is(monkeypatch):
    """However few of the people imagined gain by it."""
    nobody = np.zeros(left_module.PEOPLE)
    monkeypatch.setattr(left_module, "_gains", lambda *_: (nobody, nobody))
    model, (found, outlook) = gearbox(), studied(PEOPLE[1])
    worth = worth_of(model.policy, found.people, outlook)
    left = found.prospect.left
    assert left.gain == worth.value.max() > 0


def test_what_is_left_is_not_worked_out_where_the_urgency_would_move(monkeypatch):
    """That is known sooner, and keeps the interview from stopping by itself."""
    monkeypatch.setattr(prospect_module, "urgency_stays", lambda *_: 1.0)
    standing = standing_of(studied(SCREENED)[0], Manner(most=1000))
    assert decide(standing).left is not None
    monkeypatch.setattr(prospect_module, "urgency_stays", lambda *_: 0.0)
    monkeypatch.setattr(prospect_module, "what_is_left", None)
    decision = decide(standing_of(studied(SCREENED)[0], Manner(most=1000)))
    assert (decision.why, decision.left) == (Why.WORTH, None)


def test_what_is_left_is_the_same_for_the_same_evidence():
    found = [studied(PEOPLE[0])[0] for _ in range(2)]
    assert found[0].prospect.left == found[1].prospect.left
    assert NONE in found[0].probabilities


def test_a_question_names_the_two_causes_it_tells_apart_as_diagnosing_its_answers_would():
    model, session = gearbox(), gearbox().interview({"hours": 4000, "drive": "manual"})
    seen = 0
    while (question := session.next_question) is not None:
        if question.separates is not None:
            seen += 1
            apart = question.separates
            for answer in apart.answers:
                after = model.diagnose({**session.given, question.id: answer.value})
                assert answer.probability == pytest.approx(after.cause(apart.cause).probability)
                if apart.other:
                    other = after.cause(apart.other).probability
                    assert answer.other_probability == pytest.approx(other)
            high, low = apart.answers
            assert high.probability > low.probability
            assert apart.label in question.reason
            assert f"'{low.label}'" in question.reason
        session = session.answer(question.id, "none" if question.items else None)
    assert seen


def test_a_question_that_confirms_a_cause_speaks_of_that_cause():
    session = gearbox().interview(policy="confirm:dry_bushing")
    while (question := session.next_question) is not None and question.separates is None:
        session = session.answer(question.id, "none" if question.items else None)
    assert question is not None
    assert question.separates.cause == "dry_bushing"


def test_of_imagined_people_nobody_is_judged_by_himself():
    """One has the cause and is the only one of his kind; three others have nothing."""
    has = np.array([[1.0, 0.0], [0.0, 1.0]])
    kind, weights = np.array([0, 1, 1, 1]), np.full(4, 0.25)
    imagined = _Imagined(kind, weights, has, np.zeros((2, 0)))
    likelihoods = np.array([[1.0, 0.01], [0.01, 1.0]])
    judged, by_all = _judged(imagined, likelihoods, kind)
    assert judged[0] == pytest.approx([0.0, 1.0], abs=1e-9)
    others = 0.01 * 0.25, 1.0 * 0.5
    assert judged[1:, 0] == pytest.approx([others[0] / sum(others)] * 3)
    everybody = 1.0 * 0.25, 0.01 * 0.75
    assert by_all[0] == pytest.approx([each / sum(everybody) for each in everybody])


def test_imagined_people_whom_no_other_resembles_are_taken_as_everybody_is():
    has = np.array([[1.0, 0.0], [0.0, 1.0]])
    imagined = _Imagined(np.array([0, 1]), np.array([0.4, 0.6]), has, np.zeros((2, 0)))
    judged, by_all = _judged(imagined, np.array([[1.0, 0.0]]), np.array([0, 0]))
    assert judged[0] == pytest.approx([0.4, 0.6])
    assert by_all[0] == pytest.approx([1.0, 0.0])


def test_two_rare_answers_far_apart_are_not_named_before_two_common_ones():
    """Chances weigh how far two answers are apart: few people would differ in the rare one."""
    model = gearbox()
    found = find(model.policy, model.engine.inference, PEOPLE[0], "clinician")
    askable = next(each for each in model.known.values() if len(states_of(each.answer)) == 3)
    chances, causes = np.array([0.5, 0.49, 0.01]), len(model.causes)
    posteriors = np.full((causes + 1, 3), 0.1)
    posteriors[0], posteriors[1] = [0.6, 0.3, 0.05], [0.1, 0.3, 0.9]
    one = np.zeros(1, dtype=np.intp)
    now, bits = posteriors @ chances, np.zeros((causes, 1))
    outlook = Outlook((askable.id,), one, chances, posteriors * chances, now, bits)
    apart = separation_of(standing_of(found, Manner()), outlook, askable)
    assert {round(each.probability, 6) for each in apart.answers} == {0.6, 0.3}


def test_imagined_people_gain_what_all_say_by_the_pathway_that_the_others_choose():
    """Posteriors that are a little off make some pathway seem better than all of them are."""
    policy, causes = gearbox().policy, list(gearbox().causes)
    _, outlook = studied(PEOPLE[0])
    sure, nothing = np.zeros((2, len(causes) + 1))
    sure[causes.index("burning_clutch")] = nothing[-1] = 1.0
    by_others, by_all = np.array([outlook.now, sure]), np.array([nothing, nothing])
    gains, changed = _gains(policy, outlook, by_others, by_all)
    values = policy.values[:, -1]
    best, present = (policy.values @ sure).argmax(), (policy.values @ outlook.now).argmax()
    assert gains.tolist() == [0.0, values[best] - values[present]]
    assert gains[1] < 0
    assert changed.tolist() == [False, True]
