"""Write pages as HTML: templates that escape whatever they are given."""

from functools import cache
from importlib.resources import files
from typing import Any

from bayesnet import MissingExtraError
from bayesnet.diagnosis.report.percentages import percent
from lbp_service.web.assets import address
from lbp_service.web.pages import Page


def written(page: Page) -> bytes:
    """Write a page; raises MissingExtraError without jinja2."""
    template = _environment().get_template(page.template)
    text: str = template.render(title=page.title, **page.holds)
    return text.encode()


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("the page", "service", str(error)) from error
    folder = files("lbp_service.web").joinpath("templates")
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
    )
    environment.globals.update(asset=address)
    environment.filters.update(percent=percent)
    return environment
