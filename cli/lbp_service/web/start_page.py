"""The page that an interview begins with: what this is, who answers, and which model is asked."""

from lbp_service.shelf.shelf import Shelf
from lbp_service.web.pages import Page


def start_page(shelf: Shelf) -> Page:
    """Make the page; nothing is said yet."""
    described = shelf.model(None).description
    about = described.model
    return Page(
        "start.html.jinja",
        about.title,
        {
            "about": about,
            "whole": described.triage is not None and bool(described.pathways),
            "models": shelf.listed().models,
            "caution": next(m.identity.caution for m in shelf.listed().models if m.is_default),
        },
    )
