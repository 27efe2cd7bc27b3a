"""The record of interviews: a line each, whole with several writers, replayed bit by bit."""

import json
import os
import subprocess
import sys

import msgspec
import pytest
from lbp_infer.files.record import read_record, recorder
from support.cli import child_environment
from support.records import line

from bayesnet.errors import EvidenceError


def test_lines_are_appended_and_read_again(tmp_path):
    path = str(tmp_path / "record.jsonl")
    recorder(path)(line())
    recorder(path)(line({"hours": 9}))
    record = read_record(path)
    assert [number for number, _ in record.lines] == [1, 2]
    assert record.lines[0][1] == line()
    assert record.damaged == {}
    assert os.stat(path).st_mode & 0o777 == 0o600


def test_damaged_lines_are_named_and_the_rest_is_used(tmp_path):
    path = tmp_path / "record.jsonl"
    recorder(str(path))(line())
    with open(path, "ab") as stream:
        stream.write(b'{"version": 1, "time": \n\xff\xfe\n\n{"version":1}\n')
        stream.write(b'{"deep":' + b"[" * 20_000 + b'\n{"version":1,"cut')
    recorder(str(path))(line())
    record = read_record(str(path))
    assert [number for number, _ in record.lines] == [1, 8]
    assert list(record.damaged) == [2, 3, 5, 6, 7]
    assert record.damaged[2].startswith(f"{path}:2: cannot be read")


def test_two_writers_leave_whole_lines(tmp_path):
    path = tmp_path / "record.jsonl"
    path.write_bytes(msgspec.json.encode(line(interview="none")) + b"\n")
    script = f"""
import sys, msgspec
from lbp_infer.files.record import Recorded, read_record, recorder
note = recorder({str(path)!r})
first = read_record({str(path)!r}).lines[0][1]
for at in range(200):
    note(msgspec.structs.replace(first, interview=sys.argv[1]))
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", script, name], env=child_environment())
        for name in ("a", "b")
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    record = read_record(str(path))
    assert record.damaged == {}
    names = [each.interview for _, each in record.lines]
    assert (names.count("a"), names.count("b")) == (200, 200)


def test_another_file_is_not_written_into(tmp_path):
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir\n")
    (tmp_path / "case.json").write_text(json.dumps({"evidence": {}}))
    os.mkfifo(tmp_path / "pipe")
    for name in ("letter.txt", "case.json", "pipe", ".", "no/such/folder"):
        with pytest.raises(EvidenceError):
            recorder(str(tmp_path / name))
    assert other.read_text() == "Dear Sir\n"


def test_a_record_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(EvidenceError, match="cannot read"):
        read_record(str(tmp_path / "gone.jsonl"))


def test_a_line_of_a_newer_program_is_not_read_as_if_it_were_of_this_one(tmp_path):
    path = str(tmp_path / "record.jsonl")
    note = recorder(path)
    note(line())
    note(line(version=2))
    record = read_record(path)
    assert [number for number, _ in record.lines] == [1]
    assert "written by a newer lbp-infer" in record.damaged[2]
