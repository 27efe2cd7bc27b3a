"""The models that come with the package: found by name, and copied for somebody to change."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from bayesnet.errors import BayesnetError, EvidenceError, nearest_names, quoted

SUFFIXES = (".yaml", ".yml")
SCHEMA = "model.schema.json"
_SCHEMA_COMMENT = re.compile(rb"\A# yaml-language-server: \$schema=[^\r\n]*")


def models_folder() -> Path:
    """Return the folder of the shipped models.

    It lies inside an installed package, or beside the package in a checkout. It is found from the
    package's own path: `importlib.resources` would cost ten milliseconds of every start.
    """
    package = Path(__file__).parents[1]
    installed = package / "models"
    return installed if installed.is_dir() else package.parent / "models"


def shipped_models() -> tuple[str, ...]:
    """List the names of the shipped models.

    >>> "lbp-runner" in shipped_models()
    True
    """
    found = models_folder().glob(f"*{SUFFIXES[0]}")
    return tuple(sorted(path.stem.replace("_", "-") for path in found))


def find_model(name_or_path: str | os.PathLike[str]) -> Path:
    """Return the main file of a shipped model, or of a model file given by its path.

    A name without folder or suffix that is shipped means the shipped model. Raises EvidenceError,
    which names the nearest models, when there is no such file.

    >>> find_model("lbp-runner").name
    'lbp_runner.yaml'
    """
    name = os.fspath(name_or_path)
    if name.replace("_", "-") in shipped_models():
        return models_folder() / f"{name.replace('-', '_')}{SUFFIXES[0]}"
    path = Path(name_or_path)
    try:
        if path.is_dir():
            raise EvidenceError(f"'{name}' is a folder; name the model's main YAML file in it")
        if path.exists():
            return path
    except (OSError, ValueError):
        raise EvidenceError(f"'{name}' cannot be a file name; correct it") from None
    if path.suffix in SUFFIXES or len(path.parts) > 1:
        raise EvidenceError(f"there is no model file '{name}'; {_advice(path)}")
    raise EvidenceError(f"unknown model '{name}'; {_advice(path)}")


def copy_model(name: str | os.PathLike[str], target: Path) -> tuple[Path, ...]:
    """Copy a model's main file, its included files and the schema into a folder, made if missing.

    The layout stays, and each file's schema comment leads to the copied schema. Returns the files
    written, main file first. Raises EvidenceError for an unknown name, and BayesnetError when one
    of the files is there already (then nothing is written) or the folder cannot be written.
    """
    from bayesnet.model.reading.reader import read_description

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


def _advice(path: Path) -> str:
    """Say which names are nearest, shipped or beside the path; else list all that are shipped."""
    try:
        beside = [str(each) for each in path.parent.iterdir() if each.suffix in SUFFIXES]
    except OSError:
        beside = []
    near = nearest_names(str(path), [*shipped_models(), *beside])
    if near:
        return f"did you mean {quoted(near)}?"
    return f"shipped: {', '.join(shipped_models())}; or give the path of a model file"
