"""Write the tools as function definitions, the way that interfaces of language models take them."""

from collections.abc import Callable, Mapping
from typing import Any

from lbp_service.tools.tools import TOOLS


def openai_tools() -> list[dict[str, Any]]:
    """Write the tools as OpenAI's chat completions take them, and what follows their form.

    >>> openai_tools()[0]["function"]["name"]
    'start_interview'
    """
    return [
        {
            "type": "function",
            "function": {
                "name": each.name,
                "description": each.description,
                "parameters": each.input_schema,
            },
        }
        for each in TOOLS.values()
    ]


def anthropic_tools() -> list[dict[str, Any]]:
    """Write the tools as Anthropic's messages take them.

    >>> sorted(anthropic_tools()[0])
    ['description', 'input_schema', 'name']
    """
    return [
        {
            "name": each.name,
            "description": each.description,
            "input_schema": each.input_schema,
        }
        for each in TOOLS.values()
    ]


DEFINITIONS: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
    "openai": openai_tools,
    "anthropic": anthropic_tools,
}
"""{whose form it is: what writes the tools in it}."""
