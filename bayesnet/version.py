"""Which version this is: as its `pyproject.toml` says, installed or run from its source."""

import tomllib
from importlib.metadata import version as installed_version
from pathlib import Path

DISTRIBUTION = "lbp-infer"


def version() -> str:
    """Read the version of the source that runs; of the installed distribution where there is none.

    >>> version().count(".")
    2
    """
    source = Path(__file__).parents[1] / "pyproject.toml"
    if source.is_file():
        project = tomllib.loads(source.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == DISTRIBUTION:
            return str(project["version"])
    return installed_version(DISTRIBUTION)
