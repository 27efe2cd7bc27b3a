"""Copy a model for somebody to change."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from bayesnet.errors import BayesnetError
from bayesnet.model.reading.reader import read_description
from bayesnet.model.shipped import find_model, models_folder

SCHEMA = "model.schema.json"
_SCHEMA_COMMENT = re.compile(rb"\A# yaml-language-server: \$schema=[^\r\n]*")


def copy_model(name: str | os.PathLike[str], target: Path) -> tuple[Path, ...]:
    """Copy a model's main file, its included files and the schema into a folder, made if missing.

    The layout stays, and each file's schema comment leads to the copied schema. Returns the files
    written, main file first. Raises EvidenceError for an unknown name, and BayesnetError when one
    of the files is there already (then nothing is written) or the folder cannot be written.
    """
    main = find_model(name)
    contents = dict(_copies(main.parent, read_description(main).files, target))
    schema = models_folder() / SCHEMA
    if schema.is_file():
        contents[target / SCHEMA] = schema.read_bytes()
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


def _copies(folder: Path, files: tuple[Path, ...], target: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the place of each copied file, and its content with the schema comment set right."""
    for path in files:
        copy = target / os.path.relpath(path, folder)
        schema = os.path.relpath(target / SCHEMA, copy.parent).replace(os.sep, "/")
        comment = f"# yaml-language-server: $schema={schema}".encode()
        yield copy, _SCHEMA_COMMENT.sub(comment.replace(b"\\", b"\\\\"), path.read_bytes())
