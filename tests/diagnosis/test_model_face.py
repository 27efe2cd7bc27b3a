"""A model, a report and a cohort's result in a line, in plain data, in copies, in other tables."""

import copy
import json
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas
import pytest
from support.reader import MODEL

import bayesnet
from bayesnet import EvidenceError, UnknownNameError

PERSON = {"hum": True, "hours": 1500}
PEOPLE = [
    {"id": "b", "hum": True, "hours": 1500},
    {"hours": None, "id": "a"},
    {},
    {"id": None, "hum": "perhaps"},
]


def every_report(model):
    return [model.diagnose(person).to_dict() for person in (PERSON, {}, {"heat": "hot"})]


@pytest.fixture(scope="module")
def gearbox(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "gearbox.yaml"
    file.write_text(MODEL, encoding="utf-8")
    return bayesnet.load_model(file)


def test_the_other_executor_says_the_same(gearbox, tmp_path):
    pytest.importorskip("numba")
    file = tmp_path / "gearbox.yaml"
    file.write_text(MODEL, encoding="utf-8")
    compiled = bayesnet.load_model(file, executor="numba")
    for person in (PERSON, {}):
        for one, other in zip(
            gearbox.diagnose(person).causes, compiled.diagnose(person).causes, strict=True
        ):
            assert one.id == other.id
            assert other.probability == pytest.approx(one.probability, abs=1e-12)
            assert other.interval == pytest.approx(one.interval, abs=1e-9)
    with pytest.raises(UnknownNameError, match="executor"):
        bayesnet.load_model(file, executor="abacus")


def test_all_print_in_a_line_or_two(gearbox):
    report, people = gearbox.diagnose(PERSON), gearbox.diagnose_many([PERSON, {"hum": 3}])
    model = (gearbox, gearbox.network, gearbox.engine, gearbox.cohort_engine, gearbox.compiled)
    parts = (gearbox.description, gearbox.causes, gearbox.findings, report, people)
    for each in (*model, *parts):
        assert len(repr(each)) < 200
        assert "\n" not in repr(each)
    assert repr(gearbox) == "DiagnosticModel(gearbox 1: 2 causes, 2 findings, 2 risk factors)"
    assert repr(report).startswith(f"Report(gearbox: {report.triage.level}; worn_bearing ")
    assert repr(people) == "CohortResult(2 cases, 1 error)"


def test_a_notebook_shows_small_escaped_tables(tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(MODEL.replace("label: Worn bearing", 'label: "<b>Worn</b> & old"'))
    model = bayesnet.load_model(file)
    for each in (model.diagnose(), model.causes):
        shown = each._repr_html_()
        assert "&lt;b&gt;Worn&lt;/b&gt; &amp; old" in shown
        assert "<b>" not in shown
        assert len(shown) < 2000


def test_causes_and_findings_are_read_by_id(gearbox):
    assert list(gearbox.causes) == ["worn_bearing", "cracked_gear"]
    assert gearbox.causes["worn_bearing"].label == "Worn bearing"
    assert set(gearbox.findings) == {"hum", "heat", "any_heat", "hours", "old_oil"}
    assert gearbox.findings["heat"].asked.question == "How warm?"
    values = [choice.value for choice in gearbox.findings["heat"].choices()]
    assert values == ["none", "warm", "hot"]
    with pytest.raises(KeyError):
        gearbox.findings["worn_bearing"]


def test_a_report_gives_a_cause_by_its_id(gearbox):
    report = gearbox.diagnose(PERSON)
    assert report.cause("cracked_gear") in report.causes
    with pytest.raises(UnknownNameError, match="did you mean 'worn_bearing'"):
        report.cause("worn_bearin")


def again_by_pickle(value):
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, again_by_pickle])
def test_a_copied_model_keeps_its_executor(gearbox, again):
    assert again(bayesnet.DiagnosticModel(gearbox.compiled, "numba")).executor == "numba"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, again_by_pickle])
def test_a_used_model_copies_and_says_the_same_to_the_bit(gearbox, again):
    model = again(gearbox)
    first = every_report(model)
    for _ in range(2):
        every_report(model)
        model.diagnose_many(PEOPLE[:3], keep=["id"])
        model.sensitivity(PERSON, "worn_bearing")
    assert every_report(again(model)) == first
    report = model.diagnose(PERSON)
    assert again(report) == report
    result = again(model.diagnose_many([PERSON, {}]))
    expected = model.diagnose_many([PERSON, {}])["worn_bearing"]
    np.testing.assert_allclose(result["worn_bearing"], expected, atol=1e-12)


def test_a_used_model_says_the_same_to_the_bit_in_another_process(gearbox):
    model = copy.copy(gearbox)
    first = every_report(model)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        reports = [pool.submit(model.diagnose, p) for p in (PERSON, {}, {"heat": "hot"})]
        assert [each.result(timeout=120).to_dict() for each in reports] == first
        wrong = pool.submit(model.diagnose, {"humm": True})
        with pytest.raises(UnknownNameError, match="did you mean 'hum'"):
            wrong.result(timeout=120)


def test_threads_share_a_model(gearbox):
    model = copy.copy(gearbox)
    people = [{"hum": bool(i % 2), "hours": 100 * i} for i in range(24)]
    alone = [gearbox.diagnose(person).cause("worn_bearing").probability for person in people]
    with ThreadPoolExecutor(8) as pool:
        shared = list(pool.map(model.diagnose, people))
    found = [report.cause("worn_bearing").probability for report in shared]
    assert found == pytest.approx(alone, abs=1e-12)


def test_a_list_of_people_says_of_each_what_diagnose_says(gearbox):
    people = [PERSON, {"hum": None, "heat": "Warm"}, {}, {"old_oil": 1}]
    found = gearbox.diagnose_many(people)
    for row, person in enumerate(people):
        report = gearbox.diagnose(person)
        for cause in report.causes:
            assert found[cause.id][row] == pytest.approx(cause.probability, abs=1e-12)
        assert found["triage"][row] == report.triage.level
        question = report.next_question
        assert found["next_question"][row] == (question.id if question else None)
    assert len(gearbox.diagnose_many([{}, {}])) == 2
    assert len(gearbox.diagnose_many([])) == 0


def test_what_is_kept_comes_through_in_order_whatever_becomes_of_the_row(gearbox):
    found = gearbox.diagnose_many(PEOPLE, keep=["id", "hours"])
    assert list(found.columns)[:2] == ["id", "hours"]
    assert found["id"].tolist() == ["b", "a", None, None]
    assert found["hours"].tolist() == [1500, None, None, None]
    assert found.failed.tolist() == [3]
    one = gearbox.diagnose_many([{"hum": True, "hours": 1500}])
    assert found["worn_bearing"][0] == one["worn_bearing"][0]
    frame = found.to_pandas()
    assert list(frame.columns) == list(found.columns)
    assert frame["id"].tolist()[:2] == ["b", "a"]
    assert len(pandas.DataFrame(found.columns)) == 4


def test_every_form_of_a_table_keeps_and_says_the_same(gearbox):
    pa = pytest.importorskip("pyarrow")
    table = {"id": [7, 8, 9], "hum": [True, None, False], "heat": ["hot", "", None]}
    rows = [{"id": 7, "hum": True, "heat": "hot"}, {"id": 8}, {"id": 9, "hum": False}]
    arrow = pa.table({**table, "heat": ["hot", None, None]})
    expected = gearbox.diagnose_many(table, keep=["id"]).to_arrow()
    assert expected["id"].to_pylist() == [7, 8, 9]
    assert expected["id"].type == pa.int64()
    for form in (rows, tuple(rows), pandas.DataFrame(table), arrow, arrow.to_batches()[0]):
        found = gearbox.diagnose_many(form, keep=["id"])
        assert found.to_arrow().equals(expected)
        assert found.to_arrow().column_names[0] == "id"
    assert gearbox.diagnose_many(pandas.DataFrame(index=range(3))).to_arrow().num_rows == 3


@pytest.mark.parametrize(
    ("table", "keep", "said"),
    [
        ([{"id": 1}], [], "unknown evidence: 'id'; or pass .* keep=.'id'."),
        ({"hun": [1]}, [], "did you mean 'hum'"),
        ([{"id": 1}], ["idd"], "unknown column: 'idd'; did you mean 'id'"),
        ([{"triage": 1}], ["triage"], "the result has a column of that name"),
        ([{0: 1}], [], "unknown evidence: '0'"),
        ({"hum": {True, False}}, [], "one value a case"),
    ],
)
def test_columns_that_cannot_be_used_are_refused_with_a_remedy(gearbox, table, keep, said):
    with pytest.raises(EvidenceError, match=said):
        gearbox.diagnose_many(table, keep=keep)


def test_kept_values_that_no_arrow_type_holds_are_named(gearbox):
    pytest.importorskip("pyarrow")
    found = gearbox.diagnose_many([{"id": 1}, {"id": "x"}], keep="id")
    assert found["id"].tolist() == [1, "x"]
    with pytest.raises(EvidenceError, match="column 'id' has no Arrow type"):
        found.to_arrow()


def test_everything_a_report_holds_serialises(gearbox):
    answers = {
        "hum": np.bool_(True),
        "heat": np.array(["hot"])[0],
        "hours": np.array([1500])[0],
        "old_oil": np.array(["no"])[0],
    }
    report = gearbox.diagnose(answers)
    assert report == gearbox.diagnose({"hum": True, "heat": "hot", "hours": 1500, "old_oil": False})
    json.dumps(report.to_dict())
    assert all(type(item.value) in (bool, str, int) for item in report.evidence)


def test_the_network_of_a_model_is_asked_by_states_or_by_true_and_false(gearbox):
    assert gearbox.network.states("hum") == ("no", "yes")
    by_state = gearbox.engine.marginals({"hum": "yes", "hours": "over_1000"})["worn_bearing"]
    by_bool = gearbox.engine.marginals({"hum": True, "hours": "over_1000"})["worn_bearing"]
    assert by_state["yes"] == by_bool["yes"]
    found = gearbox.diagnose({"hum": True, "hours": 1500}).cause("worn_bearing").probability
    assert found == pytest.approx(by_state["yes"], abs=1e-12)
