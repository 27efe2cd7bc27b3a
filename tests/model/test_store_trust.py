"""Which entries of the cache are taken: whole ones of this place that nobody else can write."""

import os
from pathlib import Path

import msgspec
import pytest
from support.cli import GEARBOX

from bayesnet.model import store
from bayesnet.model.store import SUFFIX, load_compiled


@pytest.fixture
def main(tmp_path: Path) -> Path:
    (tmp_path / "main.yaml").write_text(GEARBOX)
    return tmp_path / "main.yaml"


@pytest.fixture
def entry(main: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one entry of a cache."""
    monkeypatch.setenv(store.CACHE_VARIABLE, str(tmp_path / "cache"))
    load_compiled(main)
    (found,) = (tmp_path / "cache").glob(f"*{SUFFIX}")
    return found


def was_read_afresh(main: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a load reads the files; the model is the same in any case."""
    from bayesnet.model.reading import reader

    real, read = reader.read_description, []

    def noted(path: Path) -> object:
        read.append(path)
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(reader, "read_description", noted)
        loaded = load_compiled(main)
    assert {node.name for node in loaded.nodes} >= {"worn_bearing", "whine", "no_whine", "case"}
    assert loaded.nodes[0].table or loaded.nodes[0].leak
    return bool(read)


def forged(entry: Path, **changes: object) -> None:
    """Change an entry and seal it again."""
    held = msgspec.msgpack.decode(entry.read_bytes()[32:], type=store._Entry)
    model = msgspec.structs.replace(
        held.model, **{k: v for k, v in changes.items() if k != "files"}
    )
    packed = msgspec.msgpack.encode(store._Entry(changes.get("files", held.files), model))
    entry.write_bytes(store._seal(entry, packed) + packed)


def test_an_entry_is_taken_and_is_private(
    main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not was_read_afresh(main, monkeypatch)
    assert entry.stat().st_mode & 0o777 == 0o600


def test_an_entry_that_is_a_pipe(main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry.unlink()
    os.mkfifo(entry)
    assert was_read_afresh(main, monkeypatch)
    assert not was_read_afresh(main, monkeypatch), "it is replaced"


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_an_entry_that_others_may_write(
    mode: int, main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry.chmod(mode)
    assert was_read_afresh(main, monkeypatch)
    assert not was_read_afresh(main, monkeypatch)


def test_an_entry_of_somebody_else(
    main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = entry.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner)
    assert not was_read_afresh(main, monkeypatch)
    if owner:
        monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    else:
        os.chown(entry, 12345, -1)
    assert was_read_afresh(main, monkeypatch)


def test_an_entry_of_another_place(
    main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of other code, say: the same files, and perhaps another model."""
    monkeypatch.setattr(store, "_code_digest", lambda: "other")
    assert was_read_afresh(main, monkeypatch)
    (other,) = set(entry.parent.glob(f"*{SUFFIX}")) - {entry}
    other.write_bytes(entry.read_bytes())
    assert was_read_afresh(main, monkeypatch)


def test_an_entry_with_nodes_cut_out(
    main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = load_compiled(main).nodes
    for left in range(len(nodes)):
        forged(entry, nodes=(*nodes[:left], *nodes[left + 1 :]))
        assert was_read_afresh(main, monkeypatch)


def test_an_entry_without_files(main: Path, entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forged(entry)
    assert not was_read_afresh(main, monkeypatch), "nothing is changed"
    forged(entry, files=())
    assert was_read_afresh(main, monkeypatch)
