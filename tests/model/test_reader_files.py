"""The files of a model: those that cannot be opened, and those that include others."""

import os
from pathlib import Path

import pytest
from support.reader import MODEL, problems, read

from bayesnet.errors import ModelFileError
from bayesnet.model.reading.files import LARGEST_FILE
from bayesnet.model.reading.reader import read_description

pytestmark = pytest.mark.usefixtures("in_folder")

PARTS = {
    "m.yaml": "include: [parts/a.yaml, parts/b.yaml]\n" + MODEL[: MODEL.index("shared:")],
    "parts/a.yaml": MODEL[MODEL.index("shared:") : MODEL.index("triage:")],
    "parts/b.yaml": MODEL[MODEL.index("triage:") :],
}


def test_too_large_file() -> None:
    with Path("m.yaml").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert Path("m.yaml").stat().st_size > LARGEST_FILE
    with pytest.raises(ModelFileError, match=r"m.yaml:1:1: .*has 50.0 MiB, over the 8.0 MiB"):
        read_description(Path("m.yaml"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".", "is a folder; name the YAML file"),
        ("gone.yaml", "there is no file 'gone.yaml'"),
        ("/dev/zero", "is not a regular file"),
        ("a\0b", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("m.yaml/x.yaml", "cannot be read"),
    ],
)
def test_no_such_file(name: str, words: str) -> None:
    Path("m.yaml").write_text(MODEL)
    with pytest.raises(ModelFileError) as caught:
        read_description(Path(name))
    (found,) = caught.value.problems
    assert words in found


def test_parts_are_one_model() -> None:
    whole, parts = read(MODEL), read({"main.yaml": PARTS["m.yaml"], **PARTS})
    assert parts.nodes == whole.nodes
    assert parts.description.pathways == whole.description.pathways
    assert [str(path) for path in parts.files] == ["main.yaml", "parts/a.yaml", "parts/b.yaml"]


def test_mistake_in_a_part_has_the_parts_place() -> None:
    part = PARTS["parts/a.yaml"].replace("{value: 0.7, interval", "{value: 7, interval", 1)
    (found,) = problems({**PARTS, "parts/a.yaml": part})
    line = part[: part.index("value: 7,")].count("\n") + 1
    assert found.startswith(f"parts/a.yaml:{line}:")


def test_id_in_two_files() -> None:
    part = PARTS["parts/a.yaml"] + "causes:\n  cracked_gear: {label: x}\n"
    found = problems({**PARTS, "parts/a.yaml": part})
    twice = [
        each for each in found if "'cracked_gear' is already in causes, at m.yaml:23:3" in each
    ]
    assert len(twice) == 1
    assert twice[0].startswith(f"parts/a.yaml:{part.count(chr(10))}:3: ")


def test_section_that_may_stand_once() -> None:
    part = PARTS["parts/a.yaml"] + "triage: {}\n"
    assert any(
        "'triage' is already given at" in each for each in problems({**PARTS, "parts/a.yaml": part})
    )


def test_syntax_error_in_one_part_leaves_the_others_reported() -> None:
    found = problems(
        {
            **PARTS,
            "m.yaml": PARTS["m.yaml"].replace("title: Gearbox", "title: 7"),
            "parts/a.yaml": "a: [",
        }
    )
    assert len(found) == 2
    assert "title" in found[0]
    assert found[1].startswith("parts/a.yaml:1:")


def test_main_file_needs_model() -> None:
    text = MODEL[MODEL.index("causes:") :]
    (found,) = problems(text)
    assert found.startswith("m.yaml:1:1: 'model' is missing")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.yaml", "there is no file 'gone.yaml'"),
        ("parts/aa.yaml", "did you mean 'a.yaml'"),
        ("m.yaml", "includes itself"),
        ("../outside.yaml", "is outside the model's folder"),
        ("/etc/passwd", "is outside the model's folder"),
        ("link.yaml", "is outside the model's folder"),
        ("parts", "is a folder"),
        ("parts/b.yaml", "is included twice"),
        ('"a\\0b"', "cannot be a file name"),
    ],
)
def test_include_that_cannot_be(name: str, words: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    os.chdir(inside)
    (tmp_path / "outside.yaml").write_text("causes: {}\n")
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    text = PARTS["m.yaml"].replace("parts/b.yaml]", f"parts/b.yaml, {name}]")
    (found,) = problems({**PARTS, "m.yaml": text})
    assert words in found
    assert found.startswith("m.yaml:1:39: ")


def test_circle_of_includes() -> None:
    files = {**PARTS, "parts/a.yaml": "include: [b.yaml]\n", "parts/b.yaml": "include: [a.yaml]\n"}
    found = problems({**files, "m.yaml": PARTS["m.yaml"].replace(", parts/b.yaml", "")})
    assert found[0].startswith("parts/b.yaml:1:11: 'a.yaml' includes itself")
