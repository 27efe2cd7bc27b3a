"""The cache of compiled models: fast when it can be used, and never a different answer."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from support.paths import ROOT

from bayesnet.errors import ModelFileError
from bayesnet.model import store
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.reading.reader import read_description
from bayesnet.model.solving.parameter_uncertainty import uncertainty_of
from bayesnet.model.store import MOST_ENTRIES, SUFFIX, cache_folder, load_compiled

CAUSES = """\
causes:
  worn:
    label: Worn
    about: Worn out.
    prevalence: {value: 0.2, interval: [0.1, 0.3], source: ["Smith 2019, J Gears"]}
"""
MAIN = """\
model: {id: tiny, version: "1", title: Tiny, setting: A test, disclaimer: None.}
include: [causes.yaml]
findings:
  hum:
    label: Hum
    asked: {question: "Does it hum?", group: aggravating}
    background: {value: 0.1, interval: [0.05, 0.2], source: ["Smith 2019, J Gears"]}
    causes:
      worn: {value: 0.7, interval: [0.5, 0.9], source: ["Smith 2019, J Gears"]}
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "causes.yaml").write_text(CAUSES)
    (tmp_path / "main.yaml").write_text(MAIN)
    return tmp_path / "main.yaml"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(store.CACHE_VARIABLE, str(folder))
    return folder


def entries(cache: Path) -> list[Path]:
    return sorted(cache.glob(f"*{SUFFIX}")) if cache.is_dir() else []


def fresh(model: Path) -> CompiledModel:
    read = read_description(model)
    uncertainty = uncertainty_of(read.description, read.nodes)
    return CompiledModel(read.description, read.sha256, read.nodes, uncertainty, read.origin)


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise AssertionError("the files were read afresh")

    monkeypatch.setattr("bayesnet.model.reading.reader.read_description", fail)


def test_second_load_is_the_first(
    model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_compiled(model)
    assert first == fresh(model)
    assert len(entries(cache)) == 1
    forbid_reading(monkeypatch)
    assert load_compiled(model) == first


def test_a_hit_imports_no_yaml_and_no_checks(model: Path, cache: Path) -> None:
    code = (
        "import sys, pathlib; from bayesnet.model.store import load_compiled; "
        "load_compiled(pathlib.Path(sys.argv[1])); "
        "print(sorted({'yaml', 'jsonschema', 'platformdirs', 'bayesnet.model.checks.all_checks', "
        "'importlib.resources', 'tempfile'} & set(sys.modules)))"
    )

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, str(model)],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        return done.stdout.strip()

    assert "yaml" in run()
    assert run() == "[]"


@pytest.mark.parametrize("name", ["main.yaml", "causes.yaml"])
def test_a_changed_file_is_seen(model: Path, cache: Path, name: str) -> None:
    before = load_compiled(model)
    path = model.with_name(name)
    path.write_text(path.read_text().replace("interval: [0.", "interval: [0.0", 1))
    after = load_compiled(model)
    assert after == fresh(model)
    assert after.sha256 != before.sha256


def test_a_missing_part_is_the_readers_error(model: Path, cache: Path) -> None:
    load_compiled(model)
    model.with_name("causes.yaml").unlink()
    with pytest.raises(ModelFileError, match=r"there is no file"):
        load_compiled(model)


def test_mistakes_are_not_kept(model: Path, cache: Path) -> None:
    model.with_name("causes.yaml").write_text(CAUSES.replace("0.2,", "2,"))
    for _ in range(2):
        with pytest.raises(ModelFileError, match="must be at least 0 and at most 1"):
            load_compiled(model)
    assert entries(cache) == []


@pytest.mark.parametrize("main", ["gone.yaml", ".", "/dev/zero"])
def test_no_such_model(main: str, cache: Path) -> None:
    with pytest.raises(ModelFileError):
        load_compiled(Path(main))


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: content[:-1],
        lambda content: content[:100] + bytes([content[100] ^ 1]) + content[101:],
        lambda content: content + b"x",
        lambda content: os.urandom(500),
    ],
    ids=["empty", "header", "cut", "bit", "longer", "noise"],
)
def test_a_damaged_entry_is_read_afresh_and_mended(model: Path, cache: Path, damage) -> None:
    expected = load_compiled(model)
    (entry,) = entries(cache)
    whole = entry.read_bytes()
    entry.write_bytes(damage(whole))
    assert load_compiled(model) == expected
    assert entry.read_bytes() == whole


def test_an_entry_that_is_a_folder(model: Path, cache: Path) -> None:
    expected = load_compiled(model)
    (entry,) = entries(cache)
    entry.unlink()
    entry.mkdir()
    assert load_compiled(model) == expected
    assert [each.name for each in cache.iterdir()] == [entry.name]


def test_other_code_does_not_take_the_entry(
    model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_compiled(model)
    monkeypatch.setattr(store, "_code_digest", lambda: "other")
    load_compiled(model)
    assert len(entries(cache)) == 2


def test_code_of_every_class_of_a_model_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "bayesnet", tmp_path / "bayesnet")
    monkeypatch.setattr(store, "__file__", str(tmp_path / "bayesnet/model/store.py"))
    before = store._code_digest()
    modules = modules_of(msgspec.inspect.type_info(CompiledModel))
    assert len(modules) > 1
    for module in modules:
        source = (tmp_path / module.replace(".", "/")).with_suffix(".py")
        content = source.read_bytes()
        source.write_bytes(content + b"\n")
        assert store._code_digest() != before, module
        source.write_bytes(content)
    assert store._code_digest() == before


def modules_of(whole: msgspec.inspect.Type) -> set[str]:
    """Where the classes are written that a type is made of."""
    classes: set[type] = set()
    waiting: list[object] = [whole]
    while waiting:
        match waiting.pop():
            case msgspec.inspect.StructType(cls=cls, fields=fields) if cls not in classes:
                classes.add(cls)
                waiting.extend(field.type for field in fields)
            case msgspec.inspect.DictType(value_type=value):
                waiting.append(value)
            case msgspec.inspect.VarTupleType(item_type=item):
                waiting.append(item)
            case msgspec.inspect.UnionType(types=types):
                waiting.extend(types)
            case msgspec.inspect.Metadata(type=inner):
                waiting.append(inner)
    return {cls.__module__ for cls in classes}


def test_code_that_cannot_be_read_means_no_cache(
    model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_code_digest", lambda: None)
    assert load_compiled(model) == fresh(model)
    assert not cache.exists()


def test_two_copies_of_a_main_file_do_not_mix(tmp_path: Path, model: Path, cache: Path) -> None:
    other = tmp_path / "other" / "main.yaml"
    other.parent.mkdir()
    other.write_text(MAIN)
    other.with_name("causes.yaml").write_text(CAUSES.replace("value: 0.2", "value: 0.25"))
    for _ in range(2):
        assert load_compiled(model).description.causes["worn"].prevalence.value == 0.2
        assert load_compiled(other).description.causes["worn"].prevalence.value == 0.25
    assert len(entries(cache)) == 2


def test_a_folder_that_cannot_be_made(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(store.CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    assert load_compiled(model) == load_compiled(model) == fresh(model)


def test_an_empty_name_turns_it_off(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.CACHE_VARIABLE, "")
    assert cache_folder() is None
    assert load_compiled(model) == fresh(model)


@pytest.mark.parametrize("base", [None, "", "relative", "/some/where"])
def test_the_usual_folder(base: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.delenv(store.CACHE_VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if base is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", base)
    expected = platformdirs.user_cache_path("lbp-infer", appauthor=False)
    assert cache_folder() == expected
    monkeypatch.setattr(sys, "platform", "other")
    assert cache_folder() == expected


def test_old_entries_and_abandoned_parts_go(model: Path, cache: Path) -> None:
    cache.mkdir()
    for age in range(MOST_ENTRIES + 5):
        old = cache / f"{age:02}{SUFFIX}"
        old.write_bytes(b"x")
        os.utime(old, (1e9 - age, 1e9 - age))
    for name, modified in (("old.part", 1e9), ("new.part", None), ("note.txt", 1e9)):
        (cache / name).write_bytes(b"x")
        if modified:
            os.utime(cache / name, (modified, modified))
    load_compiled(model)
    names = {each.name for each in entries(cache)}
    assert len(names) == MOST_ENTRIES
    assert {f"{age:02}{SUFFIX}" for age in range(MOST_ENTRIES - 1)} < names
    assert {"new.part", "note.txt"} <= {each.name for each in cache.iterdir()}
    assert not (cache / "old.part").exists()


def test_processes_and_threads_at_once(model: Path, cache: Path) -> None:
    code = (
        "import sys, pathlib; from bayesnet.model.store import load_compiled; "
        "print(load_compiled(pathlib.Path(sys.argv[1])).sha256)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(model)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(4)
    ]
    expected = fresh(model)
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(load_compiled, [model] * 16))
    printed = [process.communicate()[0].strip() for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert printed == [expected.sha256] * 4
    assert loaded == [expected] * 16
    assert [each.suffix for each in cache.iterdir()] == [SUFFIX]


def test_plain_numbers_come_back(model: Path, cache: Path) -> None:
    load_compiled(model)
    again = load_compiled(model)
    assert msgspec.to_builtins(again) == msgspec.to_builtins(fresh(model), enc_hook=float)
    assert {type(x) for node in again.nodes for x in (*node.leak, *node.table)} == {float}
