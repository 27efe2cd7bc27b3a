"""The models that come with the package, found by name."""

import os
from pathlib import Path

from bayesnet.errors import EvidenceError, nearest_names, quoted

SUFFIXES = (".yaml", ".yml")


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

    >>> {"lbp-runner", "lbp-runner+primary-care"} <= set(shipped_models())
    True
    """
    found = models_folder().glob(f"*{SUFFIXES[0]}")
    return tuple(sorted(path.stem.replace("_", "-") for path in found))


def is_shipped(name: str) -> bool:
    """Tell whether a name is that of a shipped model, with `-` or `_`."""
    return name.replace("_", "-") in shipped_models()


def find_model(name_or_path: str | os.PathLike[str], folder: Path = Path()) -> Path:
    """Return the main file of a shipped model, or of a model file given by its path.

    A name without folder or suffix that is shipped means the shipped model. folder: where a
    relative path starts. Raises EvidenceError, which names the nearest models, when there is no
    such file.

    >>> find_model("lbp-runner").name
    'lbp_runner.yaml'
    """
    name = os.fspath(name_or_path)
    if is_shipped(name):
        return models_folder() / f"{name.replace('-', '_')}{SUFFIXES[0]}"
    path = folder / name
    try:
        if path.is_dir():
            raise EvidenceError(f"'{name}' is a folder; name the model's main YAML file in it")
        if path.exists():
            return path
    except (OSError, ValueError):
        raise EvidenceError(f"'{name}' cannot be a file name; correct it") from None
    if path.suffix in SUFFIXES or len(Path(name).parts) > 1:
        raise EvidenceError(f"there is no model file '{name}'; {_advice(name, path)}")
    raise EvidenceError(f"unknown model '{name}'; {_advice(name, path)}")


def _advice(name: str, path: Path) -> str:
    """Say which names are nearest, shipped or beside the path; else list all that are shipped."""
    try:
        beside = [each.name for each in path.parent.iterdir() if each.suffix in SUFFIXES]
    except OSError:
        beside = []
    known = [*shipped_models(), *(str(Path(name).with_name(each)) for each in beside)]
    if near := nearest_names(name, known):
        return f"did you mean {quoted(near)}?"
    return f"shipped: {', '.join(shipped_models())}; or give the path of a model file"
