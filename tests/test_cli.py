"""The command line's promises, one test each."""

import json
import os
import re
import signal
import subprocess
import threading
import time

import pytest
from cli_support import (
    COMMAND,
    GEARBOX,
    child_environment,
    in_shell,
    on_terminal,
    run,
    spawn,
)
from lbp_infer.page import bar, percent
from lbp_infer.render_report import report_page
from lbp_infer.vocabulary import vocabulary
from msgspec.structs import replace

import bayesnet
from bayesnet.diagnosis.report import MustNotMiss

FLAGS = (
    "--leaning-back",
    "--downhill-running",
    "--prolonged-standing",
    "--no-coughing",
    *("--referral", "buttock", "--age", "42"),
)
SAME = {
    "leaning_back": True,
    "downhill_running": True,
    "prolonged_standing": True,
    "coughing": False,
    "referral": "buttock",
    "age": 42,
}


def answer(*args, **settings):
    result = run("--json", *args, **settings)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*args, code=2, stdin=None):
    """The one line that a refusal says."""
    result = run(*args, stdin=stdin)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


@pytest.fixture(scope="module")
def model():
    return bayesnet.load_model("lbp-runner")


@pytest.fixture
def gearbox(tmp_path):
    path = tmp_path / "gearbox.yaml"
    path.write_text(GEARBOX)
    return str(path)


def text_of(report, model, capsys):
    from lbp_infer.page import print_page

    print_page(report_page(report, vocabulary(model.description), model.description.evidence))
    return capsys.readouterr().out


# ---- Evidence ---------------------------------------------------------------------------


def test_flags_are_the_evidence_whatever_their_order():
    first = answer(*FLAGS)
    assert {item["id"]: item["value"] for item in first["evidence"]} == SAME
    turned = ("--age", "42", "--referral", "buttock", *FLAGS[3::-1])
    assert answer(*turned) == first


def test_json_is_the_report_of_the_python_interface(model):
    expected = json.loads(json.dumps(model.diagnose(SAME).to_dict()))
    found = answer(*FLAGS)
    for each in ("causes", "triage", "pathway", "explanation", "next_question"):
        assert found[each] == expected[each], each


def test_without_evidence_the_prevalences_and_a_first_question(model):
    found = answer()
    assert found["evidence"] == []
    assert found["next_question"]["text"]
    for cause in found["causes"]:
        assert cause["probability"] == pytest.approx(cause["prior"], abs=1e-6)


def test_by_id_and_by_case_file_say_the_same_as_flags(tmp_path):
    expected = answer("--coughing", "--no-twisting", "--unknown", "spasm")
    by_id = ("--present", "coughing", "--absent", "twisting", "--unknown", "spasm")
    assert answer(*by_id) == expected
    case = {"coughing": True, "twisting": False, "spasm": None}
    for name, text in {
        "case.json": json.dumps(case),
        "nested.json": json.dumps({"note": ["any"], "evidence": case}),
        "case.yaml": "coughing: true\ntwisting: no\nspasm: null\n",
        "nested.yaml": "id: x\nevidence:\n  coughing: yes\n  twisting: false\n  spasm: ~\n",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        assert answer("--case", str(path)) == expected, name
        assert answer("--case", "-", stdin=text) == expected, name


def test_flags_and_case_file_combine(tmp_path):
    found = answer("--case", "-", "--coughing", stdin='{"age": 42, "referral": "foot"}')
    assert {item["id"] for item in found["evidence"]} == {"age", "referral", "coughing"}


def test_unknown_is_not_absent_and_is_not_asked_again():
    first = answer()
    asked = first["next_question"]["id"]
    found = answer("--unknown", asked)
    assert found["causes"] == first["causes"]
    assert asked not in {each["id"] for each in found["questions"]}
    assert found["evidence"][0]["value"] is None


@pytest.mark.parametrize(
    ("args", "stdin", "both"),
    [
        (("--coughing", "--no-coughing"), None, ("--coughing", "--no-coughing")),
        (("--no-coughing", "--coughing"), None, ("--coughing", "--no-coughing")),
        (
            ("--present", "coughing", "--absent", "coughing"),
            None,
            ("--present coughing", "--absent coughing"),
        ),
        (
            ("--referral", "foot", "--referral", "buttock"),
            None,
            ("--referral foot", "--referral buttock"),
        ),
        (("--age", "30", "--age", "31"), None, ("--age 30", "--age 31")),
        (("--coughing", "--absent", "coughing"), None, ("--coughing", "--absent coughing")),
        (("--coughing", "--unknown", "coughing"), None, ("--coughing", "--unknown coughing")),
        (("--coughing", "explain", "--no-coughing"), None, ("--coughing", "--no-coughing")),
        (("--case", "-", "--coughing"), '{"coughing": false}', ("coughing: false", "--coughing")),
        (
            ("--case", "-"),
            "coughing: yes\ncoughing: no\n",
            ("coughing: true' in stdin:1", "coughing: false' in stdin:2"),
        ),
        (("--case", "-"), '{"coughing": true, "coughing": false}', ("true", "false")),
    ],
)
def test_contradictions_are_refused_and_both_sides_named(args, stdin, both):
    said = refused(*args, stdin=stdin)
    assert "contradict" in said
    for each in both:
        assert each in said


def test_saying_the_same_twice_is_no_contradiction():
    once = answer("--coughing")
    assert answer("--coughing", "--coughing", "--present", "coughing") == once


def test_derived_finding_must_agree_with_its_source():
    assert "leg_pain" in refused("--referral", "foot", "--no-leg-pain")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--leaning-bck",), ("--leaning-bck", "--leaning-back")),
        (("leaning-back",), ("leaning-back", "--leaning-back")),
        (("exlpain",), ("exlpain", "explain")),
        (("--present", "cuoghing"), ("cuoghing", "coughing")),
        (("--unknown", "cuoghing"), ("cuoghing", "coughing")),
        (("--present", "facet_joint"), ("facet_joint", "inferred")),
        (("--present", "referral"), ("--referral", "below_knee")),
        (("--referral", "foots"), ("foots", "'foot'", "below_knee")),
        (("--age", "400"), ("400", "5 to 110")),
        (("--age", "x"), ("'x'", "5 to 110")),
        (("--age", "-3"), ("-3", "5 to 110")),
        (("--age",), ("--age", "requires an argument")),
        (("--coughing=3",), ("--coughing", "does not take a value")),
        (("--audience", "nobody"), ("nobody", "clinician")),
        (("--model", "a", "--model", "b"), ("--model a", "--model b")),
        (("--coughing", "model", "show"), ("model", "--coughing")),
        (("--json", "model", "show"), ("model", "--json")),
        (("--present", "a\x1b[31mb"), (r"a\x1b[31mb",)),
    ],
)
def test_usage_errors_are_one_line_with_the_nearest_names(args, words):
    said = refused(*args)
    for each in words:
        assert each in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", ("empty",)),
        (b"# nothing\n", ("empty",)),
        (b"\xff\xfe{", ("UTF-8", ":1:")),
        (b'{"coughing": true', ("JSON", "stdin:1:18")),
        (b"coughing: [\n", ("YAML", "stdin:2:1")),
        (b"a: b: c\n", ("YAML", "stdin:1:5")),
        (b'["coughing"]', ("list", "mapping")),
        (b"- coughing\n", ("list", "mapping")),
        (b"coughing\n", ("mapping",)),
        (b'{"coughing": {"a": true}}', ("coughing", "a mapping")),
        (b"twisting: true\ncoughing: [yes]\n", ("stdin:2", "coughing", "a list")),
        (b"evidence: [coughing]\n", ("evidence", "a list")),
        (b"coughing: true\nevidence: {twisting: true}\n", ("coughing", "evidence")),
        (b"coughing: true\n---\ncoughing: true\n", ("document",)),
        (b"[" * 200_000, ("nested",)),
        (b"a: " + b"[" * 200_000, ("nested",)),
        (b'{"age": NaN}', ("NaN",)),
        (b'{"age": 400}', ("400", "5 to 110")),
        (b'{"age": "old"}', ("5 to 110",)),
        (b'{"coughing": 3}', ("coughing", "true, false or null")),
        (b"twisting: no\ncuoghing: yes\n", ("stdin:2", "cuoghing", "'coughing'")),
        (b'{"referral": "feet"}', ("feet", "below_knee")),
    ],
)
def test_a_bad_case_is_refused_with_what_and_where(text, words):
    said = refused("--case", "-", stdin=text)
    for each in words:
        assert each in said


def test_case_files_that_cannot_be_read(tmp_path):
    assert "No such file" in refused("--case", str(tmp_path / "none.json"))
    assert "directory" in refused("--case", str(tmp_path))
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(50_000_000)
    started = time.perf_counter()
    assert "5 MB" in refused("--case", str(large))
    assert "5 MB" in refused("--case", "/dev/zero")
    assert time.perf_counter() - started < 2


# ---- Other models, other commands -------------------------------------------------------


def test_another_model_makes_the_flags(gearbox):
    found = answer("--model", gearbox, "--whine")
    assert found["model"]["id"] == "gearbox"
    assert found["causes"][0]["probability"] > 0.5
    assert answer("--whine", LBP_INFER_MODEL=gearbox) == found
    assert "--whine" in refused("--whine")


def test_ids_that_clash_with_other_flags_still_have_their_own(gearbox):
    listed = run("--model", gearbox, "--help").stdout
    assert "--answer-case" in listed
    found = answer("--model", gearbox, "--answer-case", "--no-whine", "--no-answer-whine")
    said = {item["id"]: item["value"] for item in found["evidence"]}
    assert said == {"case": True, "no_whine": True, "whine": False}


def test_impossible_evidence_has_its_own_exit_code():
    said = refused("--sex", "male", "--recent-childbirth", code=4)
    assert "impossible" in said
    assert "recent_childbirth" in said


def test_model_check_sums_up_or_lists_every_mistake(gearbox, tmp_path):
    sound = run("model", "check", gearbox)
    assert sound.exit_code == 0
    assert sound.stdout.count("\n") == 1
    assert "1 cause, 3 findings" in sound.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        GEARBOX.replace("value: 0.7", "value: 7").replace("label: Silence", "lable: S")
    )
    bad = run("model", "check", str(broken))
    assert bad.exit_code == 3
    assert bad.stdout == ""
    places = re.findall(r"broken\.yaml:(\d+):\d+: ", bad.stderr)
    assert len(places) >= 2
    assert run("--model", str(broken), "--whine").exit_code == 3
    assert run("model", "check", gearbox, LBP_INFER_MODEL=str(broken)).exit_code == 0


def test_model_show_lists_causes_with_prevalence_and_findings_by_group():
    shown = run("model", "show")
    assert shown.exit_code == 0
    for each in ("lbp-runner", "facet_joint", "10 %", "Aggravating", "coughing", "Red flags"):
        assert each in shown.stdout
    assert run("model", "show", "lbp-runner").stdout == shown.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("facet_joint", ("Prevalence", "5 % to 18 %", "DePalma|Manchikanti", "leaning_back")),
        ("coughing", ("sneezing", "background|none of the causes", "disc", "radiculopathy-025")),
        ("age", ("How old", "worth 60 patients", "facet_joint")),
        ("training_spike", ("12 % to 42 %", "_", r"x \d", "Advice")),
        ("calm_and_neutral", ("Urgency", "no_identified_cause", "Sources")),
        ("neural_tension", ("straight_leg_raise",)),
        ("leg_pain", ("referral",)),
    ],
)
def test_model_show_id_gives_every_number_with_source(name, words):
    shown = run("model", "show", name)
    assert shown.exit_code == 0, shown.stderr
    for each in words:
        assert re.search(each, shown.stdout), each


def test_every_id_can_be_shown(model):
    from lbp_infer.render_entry import entry_page

    described = model.description
    for section in ("causes", "shared", "risk_factors", "findings", "derived", "pathways"):
        for name in getattr(described, section):
            assert entry_page(described, name)


def test_model_show_of_an_unknown_id_names_the_nearest():
    assert "facet_joint" in refused("model", "show", "facet_jont")


def test_model_copy_can_be_checked_and_used(tmp_path):
    copied = run("model", "copy", "lbp-runner", str(tmp_path / "mine"))
    assert copied.exit_code == 0, copied.stderr
    path = re.search(r"--model (\S+)", copied.stdout.replace("\n", " ")).group(1)
    assert run("model", "check", path).exit_code == 0
    assert "check" in copied.stdout


def test_explain_gives_weights_with_sources():
    shown = run("explain", *FLAGS)
    assert shown.exit_code == 0
    assert re.search(r"\+\d+\.\d +Pain on leaning back: yes +facet-019", shown.stdout)
    assert "Against" in shown.stdout
    assert "facet-019: " in shown.stdout
    as_json = json.loads(run("explain", "--json", *FLAGS).stdout)
    assert (
        as_json["explanation"] == json.loads(run("--json", *FLAGS, "explain").stdout)["explanation"]
    )


# ---- Help and output --------------------------------------------------------------------


def test_help_groups_the_flags_within_80_columns(model):
    shown = run("--help").stdout
    assert run("-h").stdout == shown
    assert max(map(len, shown.splitlines())) <= 80
    headings = [line.rstrip(":") for line in shown.splitlines() if re.match(r"\S.*:$", line)]
    groups = ["Aggravating", "Easing", "Referral", "Site", "Onset", "History", "Contributors"]
    assert headings == [*groups, "Red flags", "Tests", "Options", "Commands"]
    for flag in vocabulary(model.description).flags.values():
        assert re.search(rf"^  {flag}( |$)", shown, re.MULTILINE), flag
    assert shown.count("--no-") == 1
    assert "Does coughing or sneezing hurt" in shown


def test_triage_comes_first_and_an_emergency_fills_the_top():
    lines = run("--saddle-numbness", "--age", "42").stdout.splitlines()
    assert "EMERGENCY" in lines[0]
    assert "emergency department" in lines[2]
    shown = "\n".join(lines)
    assert "Pathway" not in shown
    assert "█" not in shown
    assert run(*FLAGS).stdout.split()[0] in ("SELF", "ROUTINE", "SOON")


def test_the_page_holds_the_whole_answer(model):
    shown = " ".join(run(*FLAGS, "--weak-core").stdout.split())
    report = model.diagnose({**SAME, "weak_core": True})
    asked = report.next_question
    assert f"{asked.text} " in shown
    assert f"--unknown {asked.id}" in shown
    for part in (report.pathway.label, report.pathway.avoid[0], report.contributors[0].advice):
        assert part in shown
    for phase in report.pathway.phases:
        for exercise in phase.exercises:
            assert f"{exercise.name}: {exercise.dose}" in shown
    assert report.disclaimer in shown
    assert "downhill: yes (+" in shown
    assert report.warnings[0] in shown
    assert "No identified cause" in shown


def test_must_not_miss_clinicians_questions_and_intervals_are_shown(model, capsys):
    report = model.diagnose({"age": 45})
    missed = MustNotMiss("malignancy", "Spread to bone", 0.031, 4.4, 0.02, "Harm outweighs.")
    question = replace(
        model.diagnose({}).next_question, id="age", choices=(), unit="years", asked_of="clinician"
    )
    first = replace(report.causes[0], interval=(0.2, 0.9))
    triage = replace(report.triage, level="urgent")
    changed = replace(
        report,
        next_question=question,
        causes=(first, *report.causes[1:]),
        triage=triage,
        must_not_miss=(missed,),
    )
    shown = " ".join(text_of(changed, model, capsys).split())
    assert "! Spread to bone 3.1 % (4.4 times its prevalence; acted on from 2.0 %): Harm" in shown
    assert "--age NUMBER" in shown
    assert "on examination" in shown
    assert "(20 % to 90 %)" in shown
    assert "URGENT" in shown
    done = replace(report, next_question=None, stop_reason="all was asked")
    assert "None: all was asked" in text_of(done, model, capsys)


@pytest.mark.parametrize("columns", [20, 60, 80, 120, 400])
def test_the_page_keeps_to_the_width(columns):
    for args in (FLAGS, ("--saddle-numbness",), ("explain", *FLAGS), ("model", "show", "disc")):
        shown = run(*args, COLUMNS=str(columns)).stdout
        assert max(map(len, shown.splitlines())) <= max(60, min(120, columns))


def test_percentages_and_bars():
    numbers = (0, 0.0001, 0.043, 0.0999, 0.38, 0.9999, 1)
    said = [percent(p) for p in numbers]
    assert said == ["0 %", "<0.1 %", "4.3 %", "10 %", "38 %", ">99.9 %", "100 %"]
    assert bar(1.0, 20, True) == "█" * 20
    assert bar(0.5, 4, False) == "##"
    assert bar(0.0, 4, True) == ""


def test_json_is_pure_utf8_with_two_spaces():
    result = spawn("--json", *FLAGS, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert result.returncode == 0
    assert result.stderr == b""
    text = result.stdout.decode("utf-8")
    data = json.loads(text, parse_constant=pytest.fail)
    assert data["schema_version"] == 1
    assert re.search(r'^  "model": \{\n    "id": ', text, re.MULTILINE)
    assert text.endswith("\n}\n")
    assert "\\u" not in text


def test_colour_only_on_a_terminal_and_never_with_no_color():
    assert "\x1b[" in on_terminal(*FLAGS)
    assert "\x1b[" not in on_terminal(*FLAGS, NO_COLOR="1")
    assert "\x1b[" not in on_terminal("--json")
    assert b"\x1b[" not in spawn(*FLAGS, FORCE_COLOR="1").stdout


def test_text_on_a_terminal_that_knows_only_ascii():
    result = spawn(*FLAGS, PYTHONIOENCODING="ascii")
    assert result.returncode == 0, result.stderr
    assert b"####" in result.stdout


@pytest.mark.parametrize(
    "script",
    ["$RUN --help | head -1", "$RUN --json | true", "$RUN | head -1", "$RUN model show | true"],
)
def test_a_closed_pipe_is_quiet(script):
    result = in_shell(script)
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_full_disk_is_said():
    result = in_shell("$RUN --json > /dev/full")
    assert result.returncode == 1
    assert b"No space left" in result.stderr
    assert b"Traceback" not in result.stderr


def test_ctrl_c_is_quiet(tmp_path):
    fifo = tmp_path / "case.yaml"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [*COMMAND, "--case", str(fifo)],
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = opened_by_its_reader(fifo, process)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    os.close(writer)
    assert (process.returncode, stdout, stderr) == (130, b"", b"")


def opened_by_its_reader(fifo, process):
    """The writing end of a pipe, once the program has reached it."""
    while process.poll() is None:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # Nobody reads it yet.
            time.sleep(0.01)
    return pytest.fail(f"ended before it read the case: {process.communicate()}")


def test_no_traceback_even_for_a_bug(monkeypatch):
    def broken(*_args):
        raise KeyError("lost")

    monkeypatch.setattr("lbp_infer.diagnosis._report", broken)
    monkeypatch.delenv("LBP_INFER_DEBUG", raising=False)
    result = run("--json")
    assert result.exit_code == 1
    assert "internal error: KeyError: 'lost'" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("--json", LBP_INFER_DEBUG="1").stderr


def test_commands_without_their_word_show_their_help():
    result = run("model")
    assert result.exit_code == 2
    assert "check" in result.stderr
    assert "'check'" in refused("model", "chek")
    assert run("--help", "model").stdout == run("--help").stdout


def test_version():
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("lbp-infer ")
    assert run("--version", LBP_INFER_MODEL="/nowhere.yaml").exit_code == 0


def test_json_loads_nothing_heavy():
    heavy = ["rich", "pgmpy", "networkx", "jsonschema", "importlib.metadata", "pandas", "scipy"]
    script = (
        "import sys, lbp_infer.main as m; m.main(['--json', '--coughing']); "
        f"print([n for n in {heavy!r} if n in sys.modules], file=sys.stderr)"
    )
    run("--json")  # Leaves the model in the cache.
    command = [COMMAND[0], "-c", script]
    result = subprocess.run(command, capture_output=True, env=child_environment(), timeout=30)
    assert result.stderr == b"[]\n"


def test_threads_do_not_share_evidence():
    found = {}

    def one(name, *args):
        found[name] = vocabulary_run(*args)

    threads = [threading.Thread(target=one, args=(n, f"--{n}")) for n in ("coughing", "twisting")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"coughing": ["coughing"], "twisting": ["twisting"]}


def vocabulary_run(*args):
    from lbp_infer.options import stated
    from lbp_infer.program import program

    with program(args).make_context("lbp-infer", list(args)) as context:
        return [each.id for each in stated(context)]
