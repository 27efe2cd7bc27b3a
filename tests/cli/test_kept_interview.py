"""The file in which an interview is kept: whole, private, and held by one program."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from lbp_infer.commands.vocabulary import vocabulary
from lbp_infer.files.case_file import read_case
from lbp_infer.files.kept_interview import About, content_of, kept_in, new_path, read_about
from support.cli import child_environment
from support.models import gearbox

from bayesnet.diagnosis.interview.plain_session import read_plain
from bayesnet.errors import EvidenceError

ABOUT = About(
    version=1,
    saved=datetime(2026, 11, 29, tzinfo=UTC),
    session=read_plain(gearbox().interview({"hours": 4}).to_dict()),
)
CONTENT = content_of(ABOUT, {"whine": True, "hours": 4000, "felt_at": "floor", "smoke": None})


def test_it_is_a_case_file(tmp_path):
    path = tmp_path / "kept.json"
    path.write_bytes(CONTENT)
    read = read_case(str(path), vocabulary(gearbox().description), gearbox())
    said = {statement.id: statement.value for statement in read}
    assert said == {"whine": True, "hours": 4000, "felt_at": "floor", "smoke": None}
    assert read_about(str(path)) == ABOUT


def test_it_is_for_its_owner_alone(tmp_path):
    path = new_path(str(tmp_path / "state" / "interviews"), ABOUT.saved)
    with kept_in(path) as keep:
        assert not os.path.exists(path)
        keep(CONTENT)
        keep(CONTENT)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "kept.json"
    path.write_bytes(CONTENT)
    with kept_in(str(path)) as keep:
        monkeypatch.setattr("os.replace", _full)
        with pytest.raises(EvidenceError, match=r"cannot keep answers .* No space left"):
            keep(b"new")
    assert path.read_bytes() == CONTENT
    assert os.listdir(tmp_path) == ["kept.json"]


def _full(*_args):
    raise OSError(28, "No space left on device")


def test_a_second_program_is_told_that_it_is_open(tmp_path):
    path = tmp_path / "kept.json"
    path.write_bytes(CONTENT)
    script = f"""
from lbp_infer.files.kept_interview import kept_in
with kept_in({str(path)!r}) as keep:
    keep(b"other")
"""

    def other():
        command = [sys.executable, "-c", script]
        return subprocess.run(command, env=child_environment(), capture_output=True, text=True)

    with kept_in(str(path)) as keep:
        assert "is open in another terminal" in other().stderr
        keep(CONTENT)
        assert "is open in another terminal" in other().stderr
    assert path.read_bytes() == CONTENT
    assert other().returncode == 0
    assert path.read_bytes() == b"other"


def test_links_folders_and_pipes_are_refused(tmp_path):
    (tmp_path / "kept.json").write_bytes(CONTENT)
    (tmp_path / "link").symlink_to("kept.json")
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, said in {
        "link": "is a symbolic link; give the file itself",
        "nowhere": "is a symbolic link",
        "folder": "is not a file",
        "pipe": "is not a file",
    }.items():
        with pytest.raises(EvidenceError, match=said), kept_in(str(tmp_path / name)):
            pass


def test_what_cannot_be_written_is_refused_before_anything_is_asked(tmp_path, monkeypatch):
    path = tmp_path / "kept.json"
    path.write_bytes(CONTENT)
    monkeypatch.setattr("os.access", lambda *_args: False)
    with pytest.raises(EvidenceError, match="write-protected"), kept_in(str(path)):
        pass


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"interview": {"version": 2}, "evidence": {}}, "written by a newer lbp-infer"),
        ({"interview": {"version": 1}, "evidence": {}}, "'interview' was changed by hand"),
        ({"interview": 5, "evidence": {}}, "'interview' was changed by hand"),
    ],
)
def test_a_header_that_cannot_be_gone_on_with_is_explained(tmp_path, content, said):
    path = tmp_path / "kept.json"
    path.write_text(json.dumps(content))
    with pytest.raises(EvidenceError, match=said):
        read_about(str(path))


@pytest.mark.parametrize("content", ["", "whine: yes\n", '{"evidence": {', "[1]", "\0", "7"])
def test_what_has_no_header_is_left_to_the_reader_of_cases(tmp_path, content):
    path = tmp_path / "kept"
    path.write_text(content)
    assert read_about(str(path)) is None
