"""The page that an interview begins with: what this is, who answers, and which model is asked."""

from lbp_service.shelf.shelf import Shelf
from lbp_service.web.pages import Page


def start_page(shelf: Shelf) -> Page:
    """Make the page; nothing is said yet."""
    about = shelf.model(None).description.model
    return Page(
        "start.html.jinja",
        about.title,
        {
            "about": about,
            "models": shelf.listed().models,
            "caution": next(m.identity.caution for m in shelf.listed().models if m.is_default),
        },
    )
