"""`lbp-infer batch`: formats in and out, bad rows in their places, all of the output or none."""

import csv
import json
import os
import signal
import subprocess
import sys

import pytest
from lbp_infer.files import cohort_output, replacing
from lbp_infer.files.answer_columns import evidence_of
from support.cli import COMMAND, GEARBOX, child_environment, refused, run

import bayesnet

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.usefixtures("in_folder")

PERSONS = (
    {"id": "p1", "leaning_back": True, "age": 42, "referral": "foot"},
    {"id": "p2", "leaning_back": False, "age": 17, "coughing": "unknown"},
    {"id": "p3, the third", "age": 400},
    {"id": 'p4 "quoted"\nin two lines', "referral": "buttock"},
    {"id": "p5", "leaning_back": "maybe"},
    {"id": "p6"},
)
FORMATS = ("csv", "ndjson", "parquet")


def columns_of(persons):
    names = dict.fromkeys(name for person in persons for name in person)
    return {name: [person.get(name) for person in persons] for name in names}


def write(path, persons=PERSONS):
    columns = columns_of(persons)
    if path.endswith(".csv"):
        with open(path, "w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    elif path.endswith(".ndjson"):
        with open(path, "w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(person) + "\n" for person in persons)
    else:
        texts = {n: [v if v is None else str(v) for v in cells] for n, cells in columns.items()}
        parquet.write_table(pa.table({**texts, "age": columns["age"]}), path)


def read(path):
    """Rows as dicts, numbers as numbers, what is empty as None."""
    if path.endswith(".parquet"):
        return parquet.read_table(path).to_pylist()
    with open(path, newline="", encoding="utf-8") as stream:
        if path.endswith((".ndjson", ".jsonl")):
            return [json.loads(line) for line in stream]
        words = ("id", "triage", "next_question", "pathway", "error")
        return [
            {n: (v or None) if n in words or not v else float(v) for n, v in row.items()}
            for row in csv.DictReader(stream)
        ]


def batch(cohort, out, *more, code=5):
    result = run("batch", cohort, "-o", out, *more)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize("given", FORMATS)
@pytest.mark.parametrize("wanted", FORMATS)
def test_from_any_format_to_any_other(given, wanted, model):
    write(f"cohort.{given}")
    said = batch(f"cohort.{given}", f"out.{wanted}", "--keep", "id")
    assert said.startswith("lbp-infer: 6 rows, 2 with errors (first: row 3: 'age' is ")
    rows = read(f"out.{wanted}")
    assert list(rows[0]) == [
        "id", *model.description.causes,
        "no_identified_cause", "triage", "next_question", "pathway", "error",
    ]  # fmt: skip
    assert [row["id"] for row in rows] == [person["id"] for person in PERSONS]
    assert [bool(row["error"]) for row in rows] == [False, False, True, False, True, False]
    assert rows[2]["disc"] is rows[2]["triage"] is None
    report = model.diagnose({"leaning_back": False, "age": 17, "coughing": None})
    for cause in report.causes:
        assert rows[1][cause.id] == pytest.approx(cause.probability, abs=1e-9)
    assert rows[1]["triage"] == report.triage.level
    assert rows[1]["next_question"] == report.next_question.id
    assert rows[1]["pathway"] == report.pathway.id
    assert sorted(os.listdir()) == sorted({f"cohort.{given}", f"out.{wanted}"})


def test_a_sound_cohort_ends_with_0_and_says_so():
    write("cohort.csv", PERSONS[:2])
    assert batch("cohort.csv", "out.csv", "--keep=id", code=0) == (
        "lbp-infer: 2 rows, none with an error\n"
    )


def test_rows_of_a_csv_with_too_few_or_too_many_fields_keep_their_places(monkeypatch):
    lines = ["id,coughing,age"]
    for number in range(400):
        short = number in (0, 1, 57, 200, 201, 398, 399)
        long = number == 300
        lines.append(f"{number}{'' if short else ',yes,42'}{',3' if long else ''}")
    with open("cohort.csv", "w") as stream:
        stream.write("\n".join([*lines[:50], "", *lines[50:]]) + "\n")
    for size in (512, 1 << 20):
        monkeypatch.setattr("lbp_infer.files.cohort_csv.BLOCK_BYTES", size)
        said = batch("cohort.csv", "out.ndjson", "--keep", "id")
        assert said == (
            "lbp-infer: 400 rows, 8 with errors "
            "(first: row 1: has 1 fields where the header has 3)\n"
        )
        rows = read("out.ndjson")
        bad = {number for number, row in enumerate(rows) if row["error"]}
        assert bad == {0, 1, 57, 200, 201, 300, 398, 399}
        assert rows[300]["error"] == "has 4 fields where the header has 3"
        assert all(row["id"] == (None if n in bad else str(n)) for n, row in enumerate(rows))


def test_a_quotation_mark_left_open_is_said():
    with open("cohort.csv", "w") as stream:
        stream.write('coughing,age\nyes,42\n"no,17\nyes,20\n')
    assert "is a quotation mark left open?" in batch("cohort.csv", "out.csv")


def test_a_csv_in_another_encoding_has_errors_in_its_rows():
    with open("cohort.csv", "wb") as stream:
        stream.write(b"\xef\xbb\xbfid,coughing\r\nM\xfcller,yes\r\nMeyer,n\xf6\r\n")
    batch("cohort.csv", "out.csv", "--keep", "id")
    with open("out.csv", encoding="latin-1") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == ["M\xfcller", "Meyer"]
    assert [bool(row["error"]) for row in rows] == [False, True]


BROKEN = '{"coughing": tru', "[1]", "{}x", "\xff", "[" * 100_000, '{"coughing": [1]}'


def test_lines_of_an_ndjson_that_are_no_objects_keep_their_places(monkeypatch):
    good = ['{"id": 1, "coughing": true}', '{"age": 42, "id": {"a": null}}', "  ", '{"id": null}']
    with open("cohort.jsonl", "w", encoding="latin-1") as stream:
        stream.write("\n".join([*good, *BROKEN, '{"coughing": "unknown", "age": null}']))
    for rows_at_once in (2, 1000):
        monkeypatch.setattr("lbp_infer.files.cohort_ndjson.ROWS", rows_at_once)
        said = batch("cohort.jsonl", "out.jsonl", "--keep", "id")
        assert said.startswith("lbp-infer: 10 rows, 6 with errors (first: row 4: is not a JSON ")
        rows = read("out.jsonl")
        assert [bool(row["error"]) for row in rows] == [False] * 3 + [True] * 6 + [False]
        assert [row["id"] for row in rows[:3]] == [1, {"a": None}, None]


def test_a_key_that_turns_up_later_and_is_no_evidence_is_an_error_of_its_row():
    with open("cohort.ndjson", "w") as stream:
        stream.write('{"coughing": true}\n{"cough": true}\n{"cough": null}\n{"age": 42}\n')
    said = batch("cohort.ndjson", "out.ndjson")
    assert "4 rows, 2 with errors (first: row 2: unknown evidence: 'cough'; did you mean" in said


def test_null_is_asked_and_not_known_and_is_not_asked_again():
    def asked_next(*lines):
        with open("cohort.ndjson", "w") as stream:
            stream.write("\n".join(lines))
        batch("cohort.ndjson", "out.ndjson", code=0)
        return [row["next_question"] for row in read("out.ndjson")]

    [asked] = asked_next('{"age": 42}')
    null, unknown = asked_next(*(f'{{"age": 42, "{asked}": {it}}}' for it in ("null", '"unknown"')))
    assert null == unknown != asked


def test_a_key_that_a_row_has_twice_is_an_error_of_its_row():
    with open("cohort.ndjson", "w") as stream:
        stream.write('{"age": 42, "coughing": true, "age": 61}\n{"age": 42}\n')
    said = batch("cohort.ndjson", "out.ndjson")
    assert "2 rows, 1 with errors (first: row 1: has 'age' twice; keep one" in said


def test_every_strange_column_is_named_before_anything_is_run():
    write("cohort.csv", [{"patient": 1, "leaning_bak": True, "age": 42}])
    said = refused("batch", "cohort.csv", "-o", "out.csv")
    assert "'patient'" in said
    assert "'leaning_bak' (did you mean 'leaning_back'" in said
    assert "--keep" in said
    assert os.listdir() == ["cohort.csv"]


def test_a_kept_column_that_is_evidence_stays_evidence():
    write("cohort.parquet", [{"age": 42}, {"age": 17}])
    batch("cohort.parquet", "kept.parquet", "--keep", "age", "--keep", "age", code=0)
    batch("cohort.parquet", "plain.parquet", code=0)
    kept, plain = read("kept.parquet"), read("plain.parquet")
    assert kept == [{"age": age, **row} for age, row in zip((42, 17), plain, strict=True)]
    assert plain[0]["disc"] != plain[1]["disc"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cohort.csv", "-o", "out.xlsx"], "use .csv, .ndjson (.jsonl) or .parquet"),
        (["cohort.xls", "-o", "out.csv"], "use .csv, .ndjson (.jsonl) or .parquet"),
        (["missing.csv", "-o", "out.csv"], "No such file"),
        (["cohort.csv", "-o", "none/out.csv"], "No such file"),
        (["cohort.csv", "-o", "./cohort.csv"], "is the cohort itself"),
        (["cohort.csv", "-o", "folder.csv"], "it is not a file"),
        (["folder.csv", "-o", "out.csv"], "it is not a file"),
        (["cohort.csv", "-o", "out.csv", "--keep", "ages"], "did you mean 'age'"),
        (["wide.csv", "-o", "out.csv", "--keep", "triage"], "has a column of that name"),
        (["twice.csv", "-o", "out.csv"], "more than one column 'age'"),
        (["empty.csv", "-o", "out.csv"], "Empty CSV"),
        (["broken.parquet", "-o", "out.csv"], "cannot read the cohort 'broken.parquet'"),
        (["torn.parquet", "-o", "out.csv"], "cannot read the cohort 'torn.parquet'"),
        (["cohort.csv"], "missing option"),
    ],
)
def test_what_cannot_be_read_or_written_is_said_and_leaves_nothing(arguments, said):
    write("cohort.csv", [{"age": 42}])
    write("wide.csv", [{"triage": 1, "age": 42}])
    os.mkdir("folder.csv")
    open("empty.csv", "w").close()
    with open("twice.csv", "w") as stream:
        stream.write("age,age\n1,2\n")
    parquet.write_table(pa.table({"age": list(range(5, 100)) * 99}), "torn.parquet")
    with open("torn.parquet", "rb") as stream:
        content = stream.read()
    with open("torn.parquet", "wb") as stream:
        stream.write(content[:4] + bytes(200) + content[204:])
    with open("broken.parquet", "wb") as stream:
        stream.write(content[:-20])
    before = set(os.listdir())
    assert said in refused("batch", *arguments)
    assert set(os.listdir()) == before


def test_evidence_flags_and_json_are_not_for_a_cohort():
    assert "does not take --coughing" in refused("--coughing", "batch", "a.csv", "-o", "b.csv")
    assert "does not take --json" in refused("--json", "batch", "a.csv", "-o", "b.csv")


def test_a_run_that_fails_leaves_the_former_output_as_it_was(monkeypatch):
    write("cohort.csv", PERSONS[:1] * 300)
    with open("out.csv", "w") as stream:
        stream.write("before")
    monkeypatch.setattr("lbp_infer.files.cohort_csv.BLOCK_BYTES", 1024)
    seen = []

    def broken(*args):
        seen.append(os.listdir())
        if len(seen) == 3:
            raise OSError(28, "No space left on device")
        return evidence_of(*args)

    monkeypatch.setattr("lbp_infer.commands.batch.evidence_of", broken)
    assert "No space left" in refused("batch", "cohort.csv", "-o", "out.csv", "--keep=id", code=1)
    assert len(seen[0]) == 3, "written beside"
    assert sorted(os.listdir()) == ["cohort.csv", "out.csv"]
    with open("out.csv") as stream:
        assert stream.read() == "before"


STOPPED = """\
import signal, sys
from lbp_infer.commands import batch
from lbp_infer.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
batch.evidence_of = lambda *_: signal.raise_signal(int(sys.argv[1]))
sys.exit(main(["batch", "cohort.csv", "-o", "out.csv", "--keep=id"]))
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(stop):
    write("cohort.csv", PERSONS[:1])
    done = subprocess.run(
        [COMMAND[0], "-c", STOPPED, str(int(stop))],
        env=child_environment(),
        capture_output=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
    assert os.listdir() == ["cohort.csv"]


@pytest.mark.parametrize(("module", "name"), [(replacing, "open"), (os, "replace")])
def test_an_interrupt_just_behind_a_call_of_the_system_leaves_no_part(module, name, monkeypatch):
    call = getattr(module, name, open)

    def interrupted(*arguments, **more):
        result = call(*arguments, **more)
        if result is not None:
            result.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(module, name, interrupted, raising=False)
    with pytest.raises(KeyboardInterrupt), cohort_output.table_writer("out.csv", pa.schema([])):
        pass
    assert [each for each in os.listdir() if each.endswith(".part")] == []


def test_the_output_has_the_rights_of_any_new_file():
    write("cohort.csv", PERSONS[:1])
    batch("cohort.csv", "out.csv", "--keep=id", code=0)
    assert os.stat("out.csv").st_mode == os.stat("cohort.csv").st_mode


def test_a_link_stays_a_link():
    write("cohort.csv", PERSONS[:1])
    os.mkdir("there")
    os.symlink("there/out.csv", "out.csv")
    batch("cohort.csv", "out.csv", "--keep=id", code=0)
    assert os.path.islink("out.csv")
    assert read("there/out.csv")[0]["id"] == "p1"


def test_a_model_without_triage_and_pathways():
    with open("gearbox.yaml", "w") as stream:
        stream.write(GEARBOX)
    with open("cohort.ndjson", "w") as stream:
        stream.write('{"whine": true}\n{}\n{"whine": "unknown", "case": false}\n')
    batch("cohort.ndjson", "out.ndjson", "--model", "gearbox.yaml", code=0)
    model = bayesnet.load_model("gearbox.yaml")
    for row, person in zip(
        read("out.ndjson"), ({"whine": True}, {}, {"whine": None, "case": False}), strict=True
    ):
        report = model.diagnose(person)
        assert row["worn_bearing"] == pytest.approx(report.causes[0].probability, abs=1e-9)
        assert (row["triage"], row["pathway"]) == (report.triage.level, None)
        asked = report.next_question.id if report.next_question else None
        assert row["next_question"] == asked


@pytest.mark.parametrize("empty", ["", "{}\n"])
def test_rows_that_say_nothing(empty):
    with open("cohort.ndjson", "w") as stream:
        stream.write(empty)
    batch("cohort.ndjson", "out.csv", code=0)
    assert len(read("out.csv")) == len(empty.split())


def test_without_pyarrow_it_says_what_to_install(monkeypatch):
    write("cohort.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = refused("batch", "cohort.csv", "-o", "out.csv")
    assert "pip install 'lbp-infer[cohort]'" in said


def test_other_commands_do_not_load_pyarrow():
    script = (
        "import sys, lbp_infer.main as m; m.main(['--json', '--coughing']); "
        "m.main(['--help']); print('pyarrow' in sys.modules, file=sys.stderr)"
    )
    result = subprocess.run(
        [COMMAND[0], "-c", script], capture_output=True, env=child_environment(), timeout=30
    )
    assert result.stderr == b"False\n"


def test_a_bar_on_a_terminal_only():
    import pty

    write("cohort.csv", PERSONS[:1])
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "batch", "cohort.csv", "-o", "out.csv", "--keep=id"],
        stderr=follower,
        env=child_environment(TERM="xterm-256color"),
    )
    os.close(follower)
    said = b""
    try:
        while chunk := os.read(leader, 65536):
            said += chunk
    except OSError:  # Linux says EIO when the other end is closed.
        pass
    finally:
        os.close(leader)
        process.wait(timeout=30)
    assert process.returncode == 0
    assert b"%" in said
    assert "%" not in batch("cohort.csv", "out.csv", "--keep=id", code=0)
