"""What the command refuses: one line that says what is wrong, where, and the nearest names."""

import pytest
from support.cli import refused, run


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


def test_derived_finding_must_agree_with_its_source():
    assert "leg_pain" in refused("--referral", "foot", "--no-leg-pain")


def test_impossible_evidence_has_its_own_exit_code():
    said = refused("--sex", "male", "--recent-childbirth", code=4)
    assert "impossible" in said
    assert "recent_childbirth" in said


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
        (("--coughing=3",), ("--coughing", "a yes/no question")),
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


def test_commands_without_their_word_show_their_help():
    result = run("model")
    assert result.exit_code == 2
    assert "check" in result.stderr
    assert "'check'" in refused("model", "chek")
    assert run("--help", "model").stdout == run("--help").stdout


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
        (b'{"coughing": 3}', ("coughing", "give yes, no or unknown")),
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
    assert "5 MB" in refused("--case", str(large))
    assert "5 MB" in refused("--case", "/dev/zero")
