"""Load the templates of pages, for which jinja2 is needed."""

from importlib.resources import files
from typing import Any

from bayesnet.errors import MissingExtraError


def template(package: str, name: str, filters: dict[str, Any]) -> Any:
    """Return the template of that name in a package; filters: what it calls, by name.

    Raises MissingExtraError where jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("the HTML page", "html", str(error)) from error
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(filters)
    return environment.from_string(files(package).joinpath(name).read_text(encoding="utf-8"))
