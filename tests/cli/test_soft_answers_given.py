"""Soft answers by flag, case file, table and interview: one answer, whatever the door."""

import json

import pytest
from jsonschema import Draft202012Validator
from lbp_infer.commands.vocabulary import vocabulary
from support.cli import refused, run
from support.interviews import ask, kept
from support.models import gearbox

pytestmark = pytest.mark.usefixtures("gearbox_by_default")

SOFT = {"whine": {"yes": 0.7, "no": 0.3}, "felt_at": {"seat": 0.25, "none": 0.75}}
"""What every door is told; of the states that are not named nothing is left."""
FLAGS = ("--likely", "whine=yes:0.7,no:0.3", "--felt-at", "seat:0.25,none:0.75")
YAML = "whine: {yes: 0.7}\nfelt_at:\n  seat: 0.25\n  'None': 0.75\nhours: 4000\n"


@pytest.fixture(scope="module")
def told():
    """The report, as JSON has it."""
    return gearbox().diagnose({"hours": 4000, **SOFT}).to_dict()


def posteriors(report):
    return {each["id"]: each["probability"] for each in report["causes"]}


@pytest.mark.parametrize(
    ("flags", "case"),
    [
        ((*FLAGS, "--hours", "4000"), None),
        (("--likely", "whine=YES:.7", "--likely", "felt-at=seat:.25,none:.75"), "hours: 4000\n"),
        ((), YAML),
        ((), "evidence: {whine: {yes: 0.7}, hours: 4000, felt_at: {seat: 0.25, none: 0.75}}"),
        ((), json.dumps({"evidence": {**SOFT, "hours": 4000}})),
        ((), "whine: yes:0.7\nfelt_at: 'seat:0.25,none:0.75'\nhours: 4000\n"),
        (FLAGS, "hours: 4000\n"),
    ],
)  # fmt: skip
def test_flags_and_case_files_are_told_the_same(told, flags, case):
    given = (*flags, "--case", "-") if case else flags
    result = run("--json", *given, stdin=case)
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["causes"] == told["causes"]
    assert found["triage"] == told["triage"]
    labels = {each["id"]: each["label"] for each in found["evidence"]}
    assert labels == {each["id"]: each["label"] for each in told["evidence"]}
    (whine,) = (each for each in found["evidence"] if each["id"] == "whine")
    assert whine["value"] == {"yes": 0.7, "no": 0.3}
    assert whine["label"].endswith(": yes with 0.7")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("whine: {}\n", ("stdin:1: 'whine' is an empty mapping", '{"yes": 0.7, "no": 0.3}')),
        ("hours: 9\nwhine: {yes: -1}\n", ("stdin:2: 'whine'", "the weight of 'yes' is -1")),
        ("whine: {yes: .nan}\n", ("stdin:1: ", "'.nan'")),
        ("whine: {yes: 1.0e400}\n", ("stdin:1: ", "1.0e400")),
        ("whine: {yes: true}\n", ("stdin:1: ", "the weight of 'yes' is True")),
        ("whine: {yes: 0, no: 0}\n", ("stdin:1: ", "all weights are 0")),
        ("whine: {yess: 0.5}\n", ("stdin:1: ", "did you mean 'yes'")),
        ("whine: {yes: 0.4, true: 0.4}\n", ("stdin:1: ", "'yes' twice, as yes and true")),
        ("whine: {yes: 0.4, yes: 0.4}\n", ("stdin:1: 'whine' has 'yes' twice",)),
        ('{"whine": {"yes": 0.4, "yes": 0.4}}', ("stdin: 'whine' has 'yes' twice",)),
        ('{"whine": {"yes": NaN}}', ("stdin", "NaN")),
        ("whine: [0.7, 0.3]\n", ("stdin:1: 'whine' holds a list", '{"yes": 0.7, "no": 0.3}')),
        ("whine: 0.7\n", ("stdin:1: 'whine' is 0.7", '{"yes": 0.7, "no": 0.3}')),
        ("whine: {yes: [0.7]}\n", ("stdin:1: 'whine' holds a mapping with a list",)),
        ("whine: {[yes]: 0.7}\n", ("stdin:1: ", "its choices are yes, no")),
        ("hours: {4000: 0.7}\n", ("stdin:1: ", "'4000'; its choices are ")),
    ],
)
def test_a_case_that_is_wrong_is_refused_with_its_place(text, words):
    said = refused("--case", "-", stdin=text)
    for each in words:
        assert each in said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("whine", "--likely whine: give ID=CHOICE:WEIGHT"),
        ("whine=yes", "--likely whine=yes: give ID=CHOICE:WEIGHT"),
        ("=yes:0.7", "give ID=CHOICE:WEIGHT"),
        ("whin=yes:0.7", "unknown evidence 'whin'; did you mean 'whine'"),
        ("worn_bearing=yes:0.7", "'worn_bearing' is inferred by the model, never given"),
        ("whine=yes:often", "--likely whine=yes:often: 'whine': the weight of 'yes' is 'often'"),
        ("whine=yes:7", "leave nothing for 'no'"),
    ],
)
def test_a_flag_that_is_wrong_is_refused_with_what_was_typed(typed, words):
    assert words in refused("--likely", typed)


def test_two_answers_to_one_question_contradict_each_other():
    said = refused("--likely", "whine=yes:0.7", "--whine")
    assert "'--likely whine=yes:0.7' and --whine; keep one" in said
    twice = ("--likely", "whine=yes:0.7", "--likely", "whine=no:0.3,yes:0.7")
    assert run(*twice).exit_code == 0


def test_explain_and_what_if_take_them(told):
    explained = json.loads(run("explain", "--json", *FLAGS, "--hours", "4000").stdout)
    assert explained["causes"] == told["causes"]
    shown = run("explain", "--audience", "clinician", "--likely", "whine=yes:0.9").stdout
    assert "yes with 0.9" in " ".join(shown.split())
    change = ("--change", "whine=yes:0.7", "--change", "felt_at=seat:0.25,none:0.75")
    both = json.loads(run("what-if", "--json", "--hours", "4000", "--whine", *change).stdout)
    assert posteriors(both["after"]) == posteriors(told)
    changes = {each["id"]: (each["before"], each["after"]) for each in both["changes"]}
    assert changes["whine"] == (True, {"yes": 0.7, "no": 0.3})
    shown = run("what-if", "--whine", "--change", "whine=yes:0.7").stdout
    assert "yes with 0.7 (now: " in " ".join(shown.split())
    assert run("--sensitivity", *FLAGS).exit_code == 0


def test_what_to_type_gives_the_answer_back():
    words = vocabulary(gearbox().description)
    answers = gearbox().interview(SOFT).given
    typed = [word for name, each in answers.items() for word in words.typed(name, each).split(" ")]
    found = json.loads(run("--json", *typed).stdout)
    assert posteriors(found) == posteriors(gearbox().diagnose(SOFT).to_dict())


def test_rows_of_every_kind_of_table_say_what_a_person_is_told(told, tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    pa = pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    plain = {"hours": "4000", "whine": "yes:0.7", "felt_at": "seat:0.25,none:0.75"}
    rows = [
        {**SOFT, "hours": 4000},
        {"whine": {"yes": 1.5}, "hours": 4000},
        {"whine": {"no": 1}, "hours": 4000},
        {"whine": [0.7, 0.3]},
    ]
    lines = [json.dumps(row) for row in rows]
    lines.append('{"whine": {"yes": 0.7, "yes": 0.3}}')
    (tmp_path / "in.ndjson").write_text("\n".join(lines), encoding="utf-8")
    quoted = ",".join(f'"{cell}"' for cell in plain.values())
    (tmp_path / "in.csv").write_text(f"{','.join(plain)}\n{quoted}\n", encoding="utf-8")
    parquet.write_table(pa.table({name: [cell] for name, cell in plain.items()}), "in.parquet")
    firsts = []
    for name, code in (("in.ndjson", 5), ("in.csv", 0), ("in.parquet", 0)):
        result = run("batch", name, "-o", "out.ndjson")
        assert result.exit_code == code, result.output
        out = (tmp_path / "out.ndjson").read_text(encoding="utf-8").splitlines()
        firsts.append(out[0])
        if code:
            _, over, no, listed, twice = map(json.loads, out)
    assert firsts[1] == firsts[2] == firsts[0]
    first = json.loads(firsts[0])
    for cause, probability in posteriors(told).items():
        assert first[cause] == pytest.approx(probability, abs=1e-12)
    assert "leave nothing for 'no'" in over["error"]
    assert '{"yes": 0.7, "no": 0.3}' in listed["error"]
    assert "'yes' twice" in twice["error"]
    denied = posteriors(gearbox().diagnose({"whine": False, "hours": 4000}).to_dict())
    assert {name: no[name] for name in denied} == pytest.approx(denied, abs=1e-12)


def test_a_table_of_structures_is_refused_by_its_column(tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    pa = pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    parquet.write_table(pa.table({"whine": [{"yes": 0.7}]}), "in.parquet")
    said = refused("batch", "in.parquet", "-o", "out.csv")
    assert "'whine' holds struct" in said
    assert "yes:0.7,no:0.3" in said


def test_an_interview_is_kept_recorded_and_replayed_to_the_same_bits(tmp_path, state):
    record = str(tmp_path / "record.jsonl")
    held = ask("--record", record, *FLAGS, "--json", stdin="hours=over_6000:0.4\nknock=no:0.9\n")
    path = kept(state)
    evidence = json.loads(path.read_text(encoding="utf-8"))["evidence"]
    assert evidence["whine"] == SOFT["whine"]
    assert evidence["knock"] == {"yes": 0.1, "no": 0.9}
    schema = json.loads(run("schema", "case").stdout)
    Draft202012Validator(schema).validate({"evidence": evidence})
    assert not Draft202012Validator(schema).is_valid({"whine": {"maybe": 0.5}})
    again = ask("--resume", str(path), "--json", stdin="")
    assert again.stdout == held.stdout
    assert run("--json", "--case", str(path)).stdout == held.stdout
    replayed = run("replay", record)
    assert replayed.exit_code == 0, replayed.output
    assert "0 different, 0 not compared, 0 not readable" in replayed.stdout


def test_a_red_flag_that_is_doubted_is_named_with_what_settles_it():
    flag = next(name for name, each in gearbox().known.items() if each.asked.mandatory)
    spelt = flag.replace("_", "-")
    named = f"! Not certain, and needed before anything is ruled out: --{spelt} or --no-{spelt}"
    for how in ((), ("--full",)):
        shown = run("--no-red-flags", "--likely", f"{flag}=no:0.9", *how).stdout
        assert named in " ".join(shown.split())
        shown = run("--no-red-flags", "--likely", f"{flag}=no:1", *how).stdout
        assert "Not certain" not in shown
