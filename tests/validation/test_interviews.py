"""Interviews: who is asked, by which policies, and what is said of where they end."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lbp_validation.interviews.cases import Turns, case_interview, differing, lower, paused
from lbp_validation.interviews.figures import (
    MEASURES,
    SERIOUS,
    closed,
    curve_grid,
    end_grid,
    groups,
)
from lbp_validation.interviews.goals import goals_of
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.kept import Kept
from lbp_validation.interviews.limits import (
    GAINS,
    asked,
    ends,
    left_grid,
    limit_grids,
    limits_picture,
    lost,
)
from lbp_validation.interviews.people import HALVES, NATURAL, RARE, Person, mixed, people
from lbp_validation.interviews.plan import plan_of
from lbp_validation.interviews.plot import curves_picture
from lbp_validation.interviews.policies import (
    INFORMATION,
    RANDOM,
    USUAL,
    VALUE,
    by_worth,
    policies,
)
from lbp_validation.interviews.pool import Pool
from lbp_validation.interviews.record import ALL, CALM, END, MARKS, record, sampled
from lbp_validation.interviews.report import Interviews, sections
from lbp_validation.interviews.sample_part import interviews_part
from lbp_validation.interviews.textbook import textbook_interview
from lbp_validation.interviews.walk import steps, to_the_end
from lbp_validation.report.document import Document, Grid, as_markdown
from support.cases import made_up
from support.models import BEARING, gearbox

from bayesnet.diagnosis.interview.conduct import Manner
from bayesnet.model.format.triage_rules import LEVELS

GATES = gearbox().description.interview.gates


@pytest.fixture(scope="module")
def everybody() -> tuple[Person, ...]:
    return people(gearbox(), 6)


@pytest.fixture(scope="module")
def found(everybody: tuple[Person, ...]) -> Group:
    return Group(
        gearbox(),
        tuple(
            record(gearbox(), each, policies(gearbox(), at)) for at, each in enumerate(everybody)
        ),
    )


def test_two_thirds_come_as_they_are_and_the_others_have_a_serious_cause(
    everybody: tuple[Person, ...],
) -> None:
    causes = gearbox().description.causes
    assert [each.group for each in everybody].count(NATURAL) == 4
    rare = [each for each in everybody if each.group == RARE]
    assert rare
    assert all(any(causes[name].serious for name in each.causes) for each in rare)
    assert {each.half for each in everybody} == set(HALVES)
    assert people(gearbox(), 6) == everybody


def test_people_are_interviewed_in_an_order_in_which_the_first_are_like_all() -> None:
    everybody = people(gearbox(), 60)
    order = mixed(everybody)
    assert order == mixed(everybody) != everybody
    assert sorted(map(id, order)) == sorted(map(id, everybody))
    for kind in (NATURAL, RARE):
        first = sum(each.group == kind for each in order[:30])
        assert first >= 5, kind


def test_people_can_be_drawn_with_another_cause_besides() -> None:
    common = next(n for n, each in gearbox().description.causes.items() if not each.serious)
    before = sum(common in each.causes for each in people(gearbox(), 6) if each.group == RARE)
    more = people(gearbox(), 6, (common,))
    assert sum(common in each.causes for each in more if each.group == RARE) > before


@pytest.mark.parametrize("name", list(policies(gearbox(), 0)))
def test_every_policy_asks_everything_once(name: str, everybody: tuple[Person, ...]) -> None:
    walk = list(steps(gearbox(), everybody[0].answers, policies(gearbox(), 1)[name]))
    asked = [step.following.id for step in walk[:-1]]
    assert len(set(asked)) == len(asked)
    assert not set(walk[-1].given.items()) - set(everybody[0].answers.items())
    assert walk[-1].following.id is None


def test_policies_differ_and_a_random_order_is_the_person_s_own(
    everybody: tuple[Person, ...],
) -> None:
    def asked(name: str, seed: int) -> list[str | None]:
        walk = steps(gearbox(), everybody[0].answers, policies(gearbox(), seed)[name])
        return [step.following.id for step in walk]

    assert asked(RANDOM, 1) == asked(RANDOM, 1) != asked(RANDOM, 2)
    assert asked(USUAL, 1) == asked(USUAL, 2) != asked(INFORMATION, 1)


def test_the_own_policy_asks_as_a_session_does_and_ends_where_it_ends(
    everybody: tuple[Person, ...],
) -> None:
    for each in everybody:
        walk = to_the_end(steps(gearbox(), each.answers, policies(gearbox(), 0)[VALUE]))
        session = gearbox().interview()
        for step in walk[:-1]:
            question = session.next_question
            assert question is not None
            assert question.id == step.following.id
            for line in [item.id for item in question.items] or [question.id]:
                session = session.answer(line, each.answers[line])
        assert session.should_stop
        assert session.report.triage.level == "emergency" or walk[-1].following.stops


def test_the_own_policy_asks_first_what_the_urgency_hangs_on() -> None:
    interview = gearbox().description.interview
    screens = [line for gate in interview.gates.values() for line in gate.lines]
    given = {**dict.fromkeys([*interview.first, *screens]), "knock": True}
    asked = gearbox().interview(given)
    assert asked.report.triage.ask_first
    assert asked.next_question is not None
    own = policies(gearbox(), 0)[VALUE](given, Manner())
    assert own.id == asked.next_question.id == asked.report.triage.ask_first[0].id


def test_what_all_answers_say_loses_nothing_and_more_answers_come_nearer(found: Group) -> None:
    assert not found.lost(ALL).any()
    assert not found.lost_as_told(ALL).any()
    assert (found.lost((VALUE, MARKS[0])) >= -1e-12).all()
    assert found.lost((VALUE, MARKS[-1])).mean() <= found.lost((VALUE, MARKS[0])).mean()
    assert found.same_urgency(ALL).value == 1.0
    for each in found.records:
        assert each.questions <= gearbox().description.interview.most_questions
        assert each.early
        assert (each.sent is None) or each.sent == each.questions


def test_what_the_care_told_loses_is_counted_against_the_care_of_all_answers(found: Group) -> None:
    policy, values = gearbox().policy, found.lost_as_told((VALUE, MARKS[0]))
    for each, lost_by in zip(found.records, values, strict=True):
        whole = each.said.p[each.said.places.index(ALL)] @ policy.values.T
        told = [
            whole[policy.pathways.index(each.said.pathways[each.said.places.index(place)])]
            for place in (ALL, (VALUE, MARKS[0]))
        ]
        assert lost_by == pytest.approx(told[0] - told[1])


def test_an_emergency_ends_an_interview_and_is_gone_past_for_comparison(found: Group) -> None:
    sent = found.having(lambda each: each.sent is not None)
    assert len(sent)
    assert sent.emergencies(END).value == sent.emergencies(CALM).value == 1.0
    others = found.having(lambda each: each.sent is None)
    assert np.array_equal(others.lost(END), others.lost(CALM))


def test_the_way_ends_by_the_limits_of_the_model_where_the_interview_did(found: Group) -> None:
    described = gearbox().description.interview
    own = ends(found, described.stop_below_gain, described.urgency_stays)
    assert asked(found, own).tolist() == [each.questions for each in found.records]
    assert lost(found, own).tolist() == found.lost(CALM).tolist()
    wider = asked(found, ends(found, 10 * described.stop_below_gain, 0.0))
    assert (wider <= asked(found, own)).all()
    assert wider.sum() < asked(found, own).sum()
    named = groups(found)
    assert all(
        len(grid.rows) == len(GAINS) for grid in limit_grids(named) if isinstance(grid, Grid)
    )
    assert limits_picture(named) == limits_picture(named)


def test_what_was_said_to_be_left_stands_beside_what_was_lost(found: Group) -> None:
    rows = left_grid(found).rows
    said = sum(int(np.isfinite(each.way.gain).sum()) for each in found.records)
    assert sum(int(row[1]) for row in rows) == said > 0
    assert all(float(row[3]) >= 0 for row in rows)
    first = found.records[0]
    last = len(first.way.gain) - 1
    gain = np.where(np.arange(last + 1) == last, 0.25, np.inf)
    one = Group(gearbox(), (replace(first, way=replace(first.way, gain=gain)),))
    expected = lost(one, np.array([last]))[0]
    assert left_grid(one).rows == (("0.2 to 0.3", "1", "0.25", f"{expected:.2f}"),)
    assert left_grid(Group(gearbox(), ())).rows == ()


def test_a_sample_ends_as_the_whole_interview_does(found: Group) -> None:
    first = found.records[0]
    brief = sampled(gearbox(), first.person)
    assert (brief.questions, brief.lines, brief.sent, brief.early) == (
        first.questions,
        first.lines,
        first.sent,
        first.early,
    )
    one, other = (Group(gearbox(), (each,)) for each in (brief, first))
    assert np.array_equal(one.lost(END), other.lost(END))
    assert closed(one, END).value == pytest.approx(closed(other, END).value, nan_ok=True)


def test_a_few_people_of_the_validation_are_judged_as_the_whole_is() -> None:
    part = interviews_part(gearbox(), 2)
    whole = goals_of(groups(Group(gearbox(), ())), {}, (), ())
    assert {goal.asked for goal in part.goals} < {goal.asked for goal in whole}
    assert part.sections


def test_what_is_said_of_nobody_is_not_missed() -> None:
    goals = list(goals_of(groups(Group(gearbox(), ())), {}, (), ()))
    assert {goal.verdict for goal in goals} == {"no such person"}


def test_a_case_is_asked_and_answers_only_what_its_source_states() -> None:
    calm = case_interview(gearbox(), made_up("G-1", {**BEARING}, "worn_bearing"))
    assert set(calm.unasked) <= set(BEARING)
    fire = case_interview(gearbox(), made_up("G-1", {"smoke": True, **BEARING}, "burning_clutch"))
    assert fire.level == "emergency"
    assert fire.same
    assert lower([fire]) == []
    assert fire.unasked
    assert differing([fire]).rows == ()
    walk = to_the_end(steps(gearbox(), BEARING, by_worth(gearbox(), "clinician"), "clinician"))
    assert calm.questions == len(walk) - 1 < len(calm.turns.known)
    assert len(calm.turns.known) == len(calm.turns.ranks) - 1


def test_a_pause_after_answers_not_known_in_a_row_ends_a_case_there() -> None:
    whole = case_interview(gearbox(), made_up("G-1", {}, "worn_bearing"))
    soon, urgent = LEVELS.index("soon"), LEVELS.index("urgent")
    turns = Turns((True, *[False] * 12, True), (*[soon] * 14, urgent), (True,) * 15)
    stops = replace(whole, at_once="urgent", turns=turns)
    ten, *others = paused([stops]).rows
    assert (ten[0], ten[1].split()[0]) == ("10", "11")
    assert ten[2].startswith("0.0%")
    assert ten[3] == "1"
    assert all(row[1].split()[0] == "14" and row[3] == "0" for row in others)
    may = (*[False] * 12, *[True] * 3)
    assert replace(turns, may=may).end(10) == 12


def test_a_fact_that_follows_from_an_answer_is_told_where_that_is_asked() -> None:
    derived = next(name for name, each in gearbox().known.items() if each.derived_from)
    walk = to_the_end(steps(gearbox(), {derived: True}, policies(gearbox(), 0)[VALUE]))
    source = gearbox().known[derived].derived_from
    asked = [step.following.id for step in walk[:-1]]
    assert (source in asked) == (derived in walk[-1].given)


def test_textbook_persons_answer_no_to_what_their_textbook_leaves_out() -> None:
    found = textbook_interview(gearbox(), "burning_clutch")
    assert found.level == found.at_once == "emergency"
    assert found.right == found.listed


def test_the_plan_holds_what_a_model_holds() -> None:
    plan = plan_of(gearbox())
    assert set(plan.order) <= {*gearbox().known, *GATES}
    assert not plan.outside
    assert not plan.textbook


def test_the_report_has_a_row_for_each_goal_and_a_curve_for_each_policy(found: Group) -> None:
    names = tuple(policies(gearbox(), 0))
    done = Interviews(plan_of(gearbox()), names, found, (), ())
    text = as_markdown(Document("Interviews", tuple(sections(done))))
    for goal in done.goals:
        assert f"| {goal.asked} |" in text
    assert len({goal.asked for goal in done.goals}) == len(done.goals)
    named = groups(found)
    assert [row[0] for row in curve_grid(MEASURES[0], named[SERIOUS], names).rows] == list(names)
    assert str(len(named[SERIOUS])) in end_grid(named).rows[0]
    assert {row[1] for row in curve_grid(MEASURES[0], named[SERIOUS], names).rows} == {
        str(len(named[SERIOUS]))
    }
    picture = curves_picture(named, names)
    assert all(name in picture.svg for name in names)
    assert picture == curves_picture(named, names)


def test_a_policy_is_judged_on_those_whom_it_asked(found: Group) -> None:
    """Of some people there may be the interview's own policy alone, after the same first places."""
    first, *others = found.records
    own = record(gearbox(), first.person, {VALUE: policies(gearbox(), 0)[VALUE]})
    assert first.said.places[: len(own.said.places)] == own.said.places
    some = Group(gearbox(), (own, *others))
    assert len(some.met(VALUE)) == len(found)
    assert some.met(USUAL).records == tuple(others)
    assert np.array_equal(some.lost((VALUE, MARKS[2])), found.lost((VALUE, MARKS[2])))
    names = (VALUE, USUAL)
    done = Interviews(plan_of(gearbox()), names, some, (), ())
    assert as_markdown(Document("Interviews", tuple(sections(done))))
    assert curves_picture(groups(some), names).svg


def test_a_run_that_was_cut_goes_on_with_what_it_kept(
    tmp_path: Path, everybody: tuple[Person, ...], found: Group
) -> None:
    kept = Kept(tmp_path / "kept", "one model")
    for at in (1, 0):
        kept.add("people", at, found.records[at])
    Kept(kept.path, "another model").add("people", 2, found.records[2])
    kept.add("published cases", 0, "a case")
    with (tmp_path / "kept").open("ab") as file:
        file.write(b"\x80\x04cut")
    assert list(kept.found("people")) == [0, 1]
    assert [each.person for each in kept.found("people").values()] == list(everybody[:2])
    pool = Pool("no such model", 1, (), kept, print)
    assert [each.person for each in pool.people(everybody, 0, minutes=0)] == list(everybody[:2])
    assert Kept(None, "").found("people") == {}
