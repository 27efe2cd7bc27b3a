"""The files that pages refer to: styles, scripts, an icon; their addresses change with them."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

TYPES: Mapping[str, str] = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""{name: media type} of all that is served."""
ICON = "icon.svg"
"""The one that browsers ask for without being told."""
FOLDER = "/assets"


@cache
def content(name: str) -> bytes:
    """Return the bytes of one of TYPES."""
    return files("lbp_service.web").joinpath("assets", name).read_bytes()


@cache
def address(name: str) -> str:
    """Return the address of one of TYPES, which is another one once the file has changed."""
    return f"{FOLDER}/{name}?v={hashlib.sha256(content(name)).hexdigest()[:12]}"
