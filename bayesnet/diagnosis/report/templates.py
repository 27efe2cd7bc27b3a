"""Load the templates of pages, for which jinja2 is needed."""

from importlib.resources import files
from typing import Any

from bayesnet.errors import MissingExtraError


def require_jinja2() -> Any:
    """Import jinja2; raises MissingExtraError where it is not installed."""
    try:
        import jinja2
    except ImportError as error:
        raise MissingExtraError("the HTML page", "html", str(error)) from error
    return jinja2


def template(package: str, name: str, filters: dict[str, Any]) -> Any:
    """Return the template of that name in a package; filters: what it calls, by name.

    Raises MissingExtraError where jinja2 is not installed.
    """
    jinja2 = require_jinja2()
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(filters)
    return environment.from_string(files(package).joinpath(name).read_text(encoding="utf-8"))
