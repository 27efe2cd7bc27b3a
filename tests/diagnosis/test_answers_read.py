"""An answer means the same in every spelling and at every door."""

import json

import numpy as np
import pandas
import pytest
from lbp_infer.commands.vocabulary import answer_at
from support.cli import run
from support.reader import MODEL

import bayesnet
from bayesnet import EvidenceError, UnknownNameError
from bayesnet.diagnosis.answers.reading import read_answer
from bayesnet.model.format.variables import Choices


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "gearbox.yaml"
    file.write_text(MODEL, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def gearbox(path):
    return bayesnet.load_model(path)


YES = (True, np.True_, "yes", "Yes", " YES ", "true", "True", "y", "1", 1, 1.0, np.int8(1), "1.0")
NO = (False, np.False_, "no", "No", "false", "FALSE", "n", "0", 0, 0.0, np.float64(0))
HOT = ("hot", "Hot", " HOT ", np.str_("hot"))
HOURS = (1500, 1500.0, "1500", "1500.0", " 1500", "+1500", np.int64(1500), np.float32(1500))
BAND = ("over_1000", "Over-1000", "OVER 1000")
UNKNOWN = (None, "unknown", "Unknown", " UNKNOWN ")
SPELT = [
    *(("hum", value, True) for value in YES),
    *(("hum", value, False) for value in NO),
    *(("heat", value, "hot") for value in HOT),
    *(("hours", value, 1500) for value in HOURS),
    *(("hours", value, "over_1000") for value in BAND),
    *((name, value, None) for name in ("hum", "heat", "hours") for value in UNKNOWN),
    ("any_heat", "YES", True),
]


@pytest.mark.parametrize(("name", "value", "meant"), SPELT)
def test_every_spelling_means_the_same_for_one_person(gearbox, name, value, meant):
    found = gearbox.diagnose({name: value})
    assert found.evidence[0].value == meant
    assert type(found.evidence[0].value) is type(meant)
    assert found == gearbox.diagnose({name: meant})
    json.dumps(found.to_dict())


@pytest.mark.parametrize("name", ["hum", "heat", "hours"])
def test_every_spelling_means_the_same_in_a_table(gearbox, name):
    spelt = [(value, meant) for each, value, meant in SPELT if each == name]
    people = gearbox.diagnose_many([{name: value} for value, _ in spelt])
    cells = ["unknown" if value is None else value for value, _ in spelt]
    column = gearbox.diagnose_many({name: cells})
    assert not len(people.failed)
    assert not len(column.failed)
    for row, (_, meant) in enumerate(spelt):
        report = gearbox.diagnose({name: meant})
        question = report.next_question.id if report.next_question else None
        for result in (people, column):
            found = result["worn_bearing"][row]
            assert found == pytest.approx(report.cause("worn_bearing").probability, abs=1e-12)
            assert result["next_question"][row] == question


@pytest.mark.parametrize(("name", "value", "meant"), SPELT)
def test_every_spelling_means_the_same_in_a_flag_and_in_a_case(gearbox, name, value, meant):
    found = answer_at("here", gearbox.known[name], value)
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    ("case", "flags"),
    [
        ("hum: 'Yes'\nheat: Hot\nhours: '1500'\n", ("--hum", "--heat", "HOT", "--hours", "1500")),
        ("hum: unknown\nheat: UNKNOWN\n", ("--unknown", "hum", "--heat", "unknown")),
        ('{"hum": 1, "heat": "unknown", "hours": "unknown"}', ("--hum", "--hours", "Unknown")),
        ('{"hum": "n", "old_oil": 0.0}', ("--no-hum", "--absent", "old_oil")),
    ],
)
def test_the_command_takes_what_python_takes(path, case, flags):
    model = ("--model", str(path), "--json")
    told = run(*model, "--case", "-", stdin=case)
    flagged = run(*model, *flags)
    assert (told.exit_code, flagged.exit_code) == (0, 0), (told.stderr, flagged.stderr)
    assert json.loads(told.stdout)["causes"] == json.loads(flagged.stdout)["causes"]


WRONG = [
    ("hum", "sometimes", "'hum' is 'sometimes'; it is a yes/no question: give yes, no or unknown"),
    ("hum", 3, "'hum' is 3; it is a yes/no question"),
    ("hum", 0.5, "'hum' is 0.5; it is a yes/no question"),
    ("hum", "2", "it is a yes/no question"),
    ("heat", "F", "unknown value of 'heat': 'F'; give one of none, warm, hot, or unknown"),
    ("heat", "wram", "did you mean 'warm'; give one of none, warm, hot, or unknown"),
    ("heat", 1, "'heat' is 1; give one of none, warm, hot, or unknown"),
    ("heat", True, "'heat' is True; give one of none, warm, hot, or unknown"),
    ("hours", "many", "'hours' is 'many'; give a whole number from 0 to 9000 .hours., or unknown"),
    ("hours", 9001, "'hours' is 9001; give a whole number from 0 to 9000"),
    ("hours", np.int64(-1), "'hours' is -1; give a whole number"),
    ("hours", 3.5, "give a whole number"),
    ("hours", True, "give a whole number"),
    ("hours", float("inf"), "give a whole number"),
    ("hours", 10**30, "give a whole number"),
    ("hum", b"\xff", "it is a yes/no question"),
    ("hum", ["yes"], "it is a yes/no question"),
    ("hum", {"maybe": 1}, "unknown choice of 'hum' .*: 'maybe'; its choices are yes, no"),
    ("hum", np.ones(2), "it is a yes/no question"),
    ("heat", object(), "give one of none, warm, hot, or unknown"),
    ("heat", "x" * 5000, "give one of none, warm, hot, or unknown"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_what_is_no_answer_is_refused_with_what_to_give_at_every_door(gearbox, name, value, said):
    with pytest.raises(EvidenceError, match=said) as raised:
        gearbox.diagnose({name: value})
    assert len(str(raised.value)) < 300
    found = gearbox.diagnose_many([{}, {name: value}, {}])
    assert found.failed.tolist() == [1]
    if not isinstance(value, bytes):
        assert found["error"][1] == str(raised.value)
    with pytest.raises(EvidenceError, match=said) as raised:
        answer_at("--flag", gearbox.known[name], value)
    assert str(raised.value).startswith("--flag: ")


def test_a_misspelt_state_is_an_unknown_name_with_the_nearest():
    with pytest.raises(UnknownNameError) as raised:
        read_answer("heat", Choices(states=("none", "warm", "hot")), "warmm")
    assert raised.value.nearest == ["warm"]


def test_states_that_are_numbers_or_yes_and_no_or_unknown_are_named_as_states():
    count = Choices(states=("0", "1", "2"))
    for value in (1, 1.0, "1", "1.0", np.int64(1)):
        assert read_answer("count", count, value) == "1"
    for value in (True, 3, 0.5, "3"):
        with pytest.raises(EvidenceError, match="give one of 0, 1, 2"):
            read_answer("count", count, value)
    often = Choices(states=("no", "sometimes", "yes"))
    for value in (True, "true", "YES"):
        assert read_answer("often", often, value) == "yes"
    told = Choices(states=("known", "unknown"))
    assert read_answer("told", told, "Unknown") == "unknown"
    assert read_answer("told", told, None) is None
    assert read_answer("both", Choices(states=("A", "a")), "a") == "a"


def test_nothing_in_a_row_is_not_asked_and_none_is_asked_and_not_known(gearbox):
    nothing = gearbox.diagnose()
    assert gearbox.diagnose(None) == gearbox.diagnose({}) == nothing
    for empty in (float("nan"), np.float32("nan"), pandas.NA, pandas.NaT, "", " "):
        assert gearbox.diagnose({"hum": empty}) == nothing
    row = pandas.DataFrame({"hum": [None, True], "hours": [1500, None]}).loc[1]
    assert gearbox.diagnose(row) == gearbox.diagnose({"hum": True})
    assert gearbox.diagnose({"hum": None}).evidence[0].value is None


def test_an_id_may_be_of_a_numpy_type(gearbox):
    found = gearbox.diagnose({np.str_("hum"): np.str_("yes"), np.str_("heat"): np.str_("warm")})
    json.dumps(found.to_dict())
    assert all(type(item.id) is str for item in found.evidence)
