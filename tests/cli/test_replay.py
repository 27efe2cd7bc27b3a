"""`lbp-infer replay`: a record's lines diagnosed again, bit by bit."""

import msgspec
import pytest
from lbp_infer.files.record import recorder
from support.cli import refused, run
from support.models import GEARBOX_FILE
from support.records import line

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "record.jsonl")


def replayed(path, code, *args):
    result = run("replay", path, *args)
    assert result.exit_code == code, result.output
    assert result.stderr == ""
    *named, tally = result.stdout.splitlines()
    return named, tally


def test_an_interview_replays_to_the_same_bits(path, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    typed = "hours=4000\nwhine=yes\nback\nsmoke=unknown\nwhine=no\nstop\n"
    assert run("ask", "--record", path, stdin=typed).exit_code == 0
    named, tally = replayed(path, 0)
    assert named == []
    assert tally == "6 the same, 0 different, 0 not compared, 0 not readable"
    assert replayed(path, 0, "--model", str(GEARBOX_FILE)) == (named, tally)


def test_each_difference_is_named_by_its_line(path):
    note = recorder(path)
    beside = {**line().posteriors, "gone": 0.5}
    nearly = {name: p * (1 + 1e-15) for name, p in line().posteriors.items()}
    note(line())
    note(line(posteriors={**line().posteriors, "worn_bearing": 0.5}))
    note(line(triage="urgent", pathway="none"))
    note(line(posteriors=beside))
    note(line(evidence={"hours": 9}, said={"gone": True}))
    note(line(posteriors=nearly))
    named, tally = replayed(path, 1)
    assert [each.partition(": ")[0] for each in named] == [f"{path}:{at}" for at in (2, 3, 4, 6)]
    assert named[0].endswith("differs: worn_bearing")
    assert "triage (urgent, now " in named[1]
    assert "pathway (none, now " in named[1]
    assert named[2].endswith("differs: gone")
    assert tally == "2 the same, 4 different, 0 not compared, 0 not readable"


def test_evidence_that_the_model_refuses_is_a_difference(path):
    recorder(path)(msgspec.structs.replace(line(), evidence={"whin": True}))
    named, _ = replayed(path, 1)
    assert "refuses its evidence now" in named[0]
    assert "'whine'" in named[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"program": "0.0"}, "of lbp-infer 0.0, and this is"),
        ({"sha256": "f" * 64}, "with the checksum ffffffff"),
        ({"model_version": "0.9"}, "of gearbox 0.9, and this is"),
        ({"model": "knee"}, "of the model knee, not of gearbox; name it with --model"),
    ],
)
def test_what_is_of_another_model_or_program_is_not_compared(path, changed, said):
    note = recorder(path)
    note(line(posteriors={}, **changed))
    note(line())
    named, tally = replayed(path, 5)
    assert len(named) == 1
    assert named[0].startswith(f"{path}:1: not compared: it is ")
    assert said in named[0]
    assert tally == "1 the same, 0 different, 1 not compared, 0 not readable"


def test_a_damaged_line_is_named_and_the_rest_is_compared(path):
    note = recorder(path)
    note(line())
    with open(path, "ab") as stream:
        stream.write(b'{"version": 1, "ti\x1b[31m\n\xff\xfe\n')
    note(line())
    note(line(version=2))
    named, tally = replayed(path, 5)
    assert [each.split(" ")[0] for each in named] == [f"{path}:{at}:" for at in (2, 3, 5)]
    assert all("cannot be read" in each for each in named)
    assert "newer lbp-infer" in named[2]
    assert "\x1b" not in "".join(named)
    assert tally == "2 the same, 0 different, 0 not compared, 3 not readable"


def test_a_file_that_is_no_record_is_refused(path, tmp_path):
    for content, said in (("", "has no line"), ("Dear Sir\n", "cannot be read"), ("{}\n", ":1:")):
        (tmp_path / "record.jsonl").write_text(content)
        assert said in refused("replay", path)
        assert "ask --record" in refused("replay", path)
    assert "No such file" in refused("replay", str(tmp_path / "gone"))
    assert "directory" in refused("replay", str(tmp_path))
    assert "missing" in refused("replay")
