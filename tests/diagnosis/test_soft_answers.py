"""Soft answers are read in every spelling, kept to the bit, and refused in one clear line."""

import math
import pickle

import numpy as np
import pytest
from support.reader import MODEL, loaded

from bayesnet import EvidenceError, ImpossibleEvidenceError, UnknownNameError
from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.interview.session import Session


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return loaded(MODEL, tmp_path_factory.mktemp("model"))


@pytest.mark.parametrize(
    ("soft", "plain"),
    [
        ({"hum": {"yes": 1}}, {"hum": True}),
        ({"hum": {"no": 0.2, "yes": 0}}, {"hum": False}),
        ({"hum": "yes:0"}, {"hum": False}),
        ({"heat": {"hot": 1.0}}, {"heat": "hot"}),
        ({"heat": "hot:7,warm:0,none:0"}, {"heat": "hot"}),
        ({"hours": {"over_1000": 5, "up_to_1000": 0}}, {"hours": "over_1000"}),
        ({"any_heat": {"yes": 1}}, {"any_heat": True}),
    ],
)
def test_all_the_weight_on_one_choice_is_the_plain_answer(small, soft, plain):
    assert small.diagnose(soft) == small.diagnose(plain)


def test_choices_that_are_not_named_share_what_is_left(small):
    named = small.diagnose({"hum": {"yes": 0.7}, "heat": {"hot": 0.5, "warm": 0.1}})
    assert [each.value for each in named.evidence] == [
        {"yes": 0.7, "no": 0.3},
        {"none": 0.4, "warm": 0.1, "hot": 0.5},
    ]
    whole = {each.id: each.value for each in named.evidence}
    assert small.diagnose(whole) == named
    assert [each.label for each in named.evidence] == [
        "Hum: yes with 0.7",
        "Heat: Too hot to touch with 0.5, none with 0.4, warm with 0.1",
    ]


SAME = (
    {"yes": 0.7, "no": 0.3},
    {True: 0.7, False: 0.3},
    {"Yes": "0.7"},
    {np.True_: np.float32(7), 0: np.int64(3)},
    "yes:0.7",
    " no:0.3 , YES:0.7 ",
)


@pytest.mark.parametrize("spelt", SAME)
def test_every_spelling_means_the_same(small, spelt):
    found = small.diagnose({"hum": spelt}).causes
    for mine, other in zip(found, small.diagnose({"hum": SAME[0]}).causes, strict=True):
        assert mine.probability == pytest.approx(other.probability, abs=1e-12)


REFUSED = [
    ("hum", {}, '\'hum\' is an empty mapping; .*"yes": 0.7, "no": 0.3'),
    ("hum", {"yes": 0, "no": 0.0}, "all weights are 0"),
    ("heat", {"none": 0, "warm": 0, "hot": 0}, "all weights are 0"),
    ("hum", {"yes": -0.1}, "the weight of 'yes' is -0.1; give a number, 0 or from"),
    ("hum", {"yes": math.nan}, "the weight of 'yes' is nan"),
    ("hum", {"yes": math.inf}, "the weight of 'yes' is inf"),
    ("hum", {"yes": 1.1e300, "no": 1}, "the weight of 'yes' is 1.1e[+]300"),
    ("hum", {"yes": 10**400, "no": 1}, "the weight of 'yes' is 1000"),
    ("hum", {"yes": 1e-320, "no": 1}, "the weight of 'yes' is 1e-320"),
    ("hum", {"yes": True}, "the weight of 'yes' is True"),
    ("hum", {"yes": None}, "the weight of 'yes' is None"),
    ("hum", {"yes": "much"}, "the weight of 'yes' is 'much'"),
    ("hum", {"yes": [0.7]}, "the weight of 'yes' is .0.7."),
    ("hum", {"yess": 0.7}, "unknown choice of 'hum' .*: 'yess'; did you mean 'yes'"),
    ("heat", {"wram": 0.7}, "did you mean 'warm'; its choices are none, warm, hot"),
    ("hum", {"yes": 0.4, True: 0.4}, "'hum' has 'yes' twice, as yes and True; keep one"),
    ("hum", "yes:0.4,true:0.4", "'hum' has 'yes' twice, as yes and true; keep one"),
    ("hum", {"yes": 1.4}, "add up to 1.4 and leave nothing for 'no'"),
    ("heat", {"hot": 0.8, "warm": 0.4}, "add up to 1.2 and leave nothing for 'none'"),
    ("hum", {"unknown": 0.3}, "unknown choice"),
    ("hours", {1500: 0.7}, "unknown choice of 'hours' .*: '1500'; its choices are up_to_1000"),
    ("hum", 0.7, '\'hum\' is 0.7; it is a yes/no question.*soft answer.*"yes": 0.7, "no": 0.3'),
    ("hum", "0.25", '"yes": 0.25, "no": 0.75'),
    ("hum", [0.7, 0.3], 'a soft answer is given by its weights, such as ."yes": 0.7, "no"'),
    ("heat", (0.1, 0.2, 0.7), 'such as ."none": 0.7, "warm": 0.3'),
    ("hum", "yes:often", "the weight of 'yes' is 'often'"),
]


@pytest.mark.parametrize(("name", "value", "said"), REFUSED)
def test_what_is_no_soft_answer_is_refused_in_a_line_alone_and_in_a_table(small, name, value, said):
    with pytest.raises(EvidenceError, match=said) as raised:
        small.diagnose({name: value})
    assert len(str(raised.value)) < 250
    assert "\n" not in str(raised.value)
    found = small.diagnose_many([{}, {name: value}])
    assert found["error"].tolist() == [None, str(raised.value)]


def test_an_unknown_choice_is_an_unknown_name(small):
    with pytest.raises(UnknownNameError) as raised:
        small.diagnose({"heat": {"hott": 0.5}})
    assert raised.value.nearest == ["hot"]


def test_answers_about_one_thing_are_multiplied_and_contradict_where_nothing_is_left(small):
    both = {"heat": {"none": 0.5, "warm": 0.3, "hot": 0.2}, "any_heat": True}
    whole = small.diagnose({"heat": {"none": 0, "warm": 0.3, "hot": 0.2}})
    for name in small.causes:
        found = small.diagnose(both).cause(name).probability
        assert found == pytest.approx(whole.cause(name).probability, abs=1e-12)
    even = {"heat": {"none": 0.5, "warm": 1, "hot": 1}, "any_heat": {"yes": 0.25, "no": 0.5}}
    assert not take_in(small.known, even).evidence
    hard = small.diagnose({"heat": "none", "any_heat": {"yes": 0.9}})
    assert hard.causes == small.diagnose({"heat": "none"}).causes
    with pytest.raises(EvidenceError, match="'heat' contradict each other"):
        small.diagnose({"heat": {"none": 0, "warm": 0.3, "hot": 0.7}, "any_heat": False})


def test_weights_of_a_case_that_cannot_be_are_told_by_name(tmp_path):
    never = MODEL.replace("none: 0.7, warm: 0.2, hot: 0.1", "none: 0.8, warm: 0.2, hot: 0.0")
    never = never.replace("none: 0.2, warm: 0.3, hot: 0.5", "none: 0.2, warm: 0.8, hot: 0.0")
    model = loaded(never.replace("heat: hot, ", ""), tmp_path)
    answers = {"heat": {"none": 0, "warm": 0, "hot": 1}}
    with pytest.raises(ImpossibleEvidenceError, match="heat"):
        model.diagnose(answers)
    assert "heat" in model.diagnose_many([answers])["error"][0]


def test_an_interview_hears_them_and_is_kept_to_the_bit(small):
    weights = {"yes": 0.1 + 0.2, "no": 1 / 3}
    session = small.interview({"hum": weights}).answer("heat", {"hot": 0.7}).answer("hours", 42)
    again = Session.from_dict(small, session.to_dict())
    assert (again, hash(again)) == (session, hash(session))
    assert pickle.loads(pickle.dumps(session)).report == session.report
    assert again.report == small.diagnose({**session.given})
    assert (
        again.report.causes
        == small.diagnose({"hum": weights, "heat": "hot:0.7", "hours": 42}).causes
    )
    assert session.given["hum"] == weights
    assert "hum" not in {each.id for each in session.report.questions}
    sharper = session.answer("hum", True)
    assert sharper.report == small.diagnose({"hum": True, "heat": {"hot": 0.7}, "hours": 42})


def test_all_else_that_reads_answers_reads_soft_ones(small):
    answers = {"hum": {"yes": 0.6}, "hours": {"over_1000": 0.4}}
    report = small.diagnose(answers)
    told = small.sensitivity(answers, "worn_bearing")
    assert told.probability == pytest.approx(report.cause("worn_bearing").probability, abs=1e-12)
    assert told.interval == pytest.approx(report.cause("worn_bearing").interval, abs=1e-9)
    assert small.parts(answers, ["evidence"])["evidence"] == report.to_dict()["evidence"]
    assert {each.conclusion for each in small.pivotal_answers(answers)}
    page = report.to_html()
    assert "Hum: yes with 0.6" in page
