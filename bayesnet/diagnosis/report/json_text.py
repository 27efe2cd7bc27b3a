"""Write a document as JSON text, the same bytes through every door."""

from typing import Any

from msgspec import json


def json_text(document: Any) -> bytes:
    r"""Encode plain data or records as indented JSON in UTF-8, with a line's end.

    A number that is not finite becomes null.

    >>> json_text({"a": [1, float("nan")]})
    b'{\n  "a": [\n    1,\n    null\n  ]\n}\n'
    """
    return json.format(json.encode(document), indent=2) + b"\n"
