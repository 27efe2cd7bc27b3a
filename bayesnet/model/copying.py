"""Copy a model for somebody to change."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from bayesnet.errors import BayesnetError
from bayesnet.model.overlays.stack import Layer, Stack, read_stack
from bayesnet.model.reading.reader import read_description
from bayesnet.model.shipped import find_model, is_shipped, models_folder

SCHEMA, OVERLAY_SCHEMA = "model.schema.json", "overlay.schema.json"
"""That of a model file, and that of the files of an overlay."""
_SCHEMA_COMMENT = re.compile(rb"\A# yaml-language-server: \$schema=[^\r\n]*")


def copy_model(name: str | os.PathLike[str], target: Path) -> tuple[Path, ...]:
    """Copy a model's files and their schemas into a folder, made if missing.

    What an overlay extends by a path of its own is copied along; a shipped base is found by its
    name wherever the copy is. The layout stays, and each file's schema comment leads to the copied
    schema. Returns the files written, main file first. Raises EvidenceError for an unknown name,
    and BayesnetError when one of the files is there already (then nothing is written) or the folder
    cannot be written.
    """
    main = find_model(name)
    read_description(main)
    layers = list(_copied(read_stack(main)))
    folder = os.path.commonpath([os.path.abspath(layer.main.path.parent) for layer in layers])
    contents = dict(part for layer in layers for part in _copies(folder, layer, target))
    schemas = {_schema_of(layer) for layer in layers}
    for schema in sorted(schemas):
        if (models_folder() / schema).is_file():
            contents[target / schema] = (models_folder() / schema).read_bytes()
    there = [path for path in contents if os.path.lexists(path)]
    if there:
        listed = ", ".join(str(path) for path in there)
        raise BayesnetError(f"already there: {listed}; choose another folder or move them away")
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise BayesnetError(
            f"'{target}' cannot be written ({error.strerror}); choose another folder"
        ) from None
    return tuple(contents)


def _copied(stack: Stack) -> Iterator[Layer]:
    """Yield a model, and what it extends in turn as long as that is by a relative path."""
    for layer in reversed(stack.layers):
        yield layer
        base = layer.extends.name if layer.extends else ""
        if is_shipped(base) or os.path.isabs(base):
            return


def _copies(folder: str, layer: Layer, target: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the place of each copied file, and its content with the schema comment set right."""
    for file in layer.files.files:
        copy = target / os.path.relpath(os.path.abspath(file.path), folder)
        schema = os.path.relpath(target / _schema_of(layer), copy.parent).replace(os.sep, "/")
        comment = f"# yaml-language-server: $schema={schema}".encode()
        yield copy, _SCHEMA_COMMENT.sub(comment.replace(b"\\", b"\\\\"), file.content)


def _schema_of(layer: Layer) -> str:
    return SCHEMA if layer.extends is None else OVERLAY_SCHEMA
