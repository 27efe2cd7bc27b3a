"""Put the tools, resources and the prompt behind the Model Context Protocol.

The SDK's low-level `Server` is used, not its `MCPServer`, which makes schemas of the signatures of
functions: ours are made once, of the records, for whoever else takes them.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    Prompt,
    PromptMessage,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)
from msgspec import json

from bayesnet import BayesnetError, DiagnosticModel, UnknownNameError, __version__
from lbp_service.http.compute import Compute
from lbp_service.http.problems import ProblemError
from lbp_service.tools.guidance import INTERVIEW, instructions, interview_words
from lbp_service.tools.resources import MEDIA_TYPE, patterns, read, resources
from lbp_service.tools.tools import TOOLS, call, tool

LOG = logging.getLogger("lbp_service")
FAULT = "this is a fault of the server, not of the call; its log says where"
"""What is said of an unexpected error: nothing of it, since it may name answers."""


def server(model: DiagnosticModel, compute: Compute) -> Server[Any]:
    """Make the server of one model; compute: what works answers out beside the event loop."""
    made: Server[Any] = Server(
        "lbp-infer",
        version=__version__,
        title=model.description.model.title,
        instructions=instructions(model),
        on_list_tools=_always(ListToolsResult(tools=[_listed(name) for name in TOOLS])),
        on_call_tool=_calling(model, compute),
        on_list_resources=_always(ListResourcesResult(resources=_resources(model))),
        on_list_resource_templates=_always(
            ListResourceTemplatesResult(resource_templates=_templates(model))
        ),
        on_read_resource=_reading(model),
        on_list_prompts=_always(ListPromptsResult(prompts=[_prompt(model)])),
        on_get_prompt=_prompting(model),
    )
    # The SDK would make spans of requests, for whatever collects them on this machine.
    made.middleware = []
    return made


def _always(result: Any) -> Callable[[Any, Any], Awaitable[Any]]:
    async def answer(_context: Any, _params: Any) -> Any:
        return result

    return answer


def _listed(name: str) -> Tool:
    found = TOOLS[name]
    return Tool(
        name=name,
        title=found.title,
        description=found.description,
        input_schema=found.input_schema,
        output_schema=found.output_schema,
        annotations=ToolAnnotations(
            title=found.title, read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )


def _calling(
    model: DiagnosticModel, compute: Compute
) -> Callable[[Any, CallToolRequestParams], Awaitable[CallToolResult]]:
    async def answer(_context: Any, params: CallToolRequestParams) -> CallToolResult:
        began = time.perf_counter()
        name = _known_tool(params.name)
        try:
            answered = await compute.run(
                lambda: call(model, name, params.arguments), asyncio.Event().wait
            )
        except BayesnetError as error:
            return _refused(name, began, error, str(error))
        except ProblemError as error:
            return _refused(name, began, error, error.detail)
        except Exception as error:
            return _refused(name, began, error, FAULT, _places(error))
        _note(name, began)
        return CallToolResult(
            content=[TextContent(text=answered.text)], structured_content=answered.document
        )

    return answer


def _known_tool(name: str) -> str:
    """Return the name, or refuse it as the protocol has it: there is nothing to call."""
    try:
        return tool(name).name
    except UnknownNameError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from None


def _refused(
    name: str, began: float, error: Exception, said: str, places: tuple[str, ...] = ()
) -> CallToolResult:
    """Answer with what is wrong, for the model of language to mend; the log has no word of it."""
    _note(name, began, type(error).__name__, places)
    return CallToolResult(content=[TextContent(text=said)], is_error=True)


def _note(name: str, began: float, error: str = "", places: tuple[str, ...] = ()) -> None:
    """Write a line into the log: nothing that was said of a person."""
    line = {"tool": name, "ms": round(1000 * (time.perf_counter() - began), 1)}
    wrong = {"error": error, "at": places} if error else {}
    LOG.info("%s", json.encode({**line, **wrong}).decode())


def _places(error: Exception) -> tuple[str, ...]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return tuple(f"{each.filename.rpartition('/')[2]}:{each.lineno}" for each in frames)


def _resources(model: DiagnosticModel) -> list[Resource]:
    return [
        Resource(
            uri=each.address,
            name=each.title,
            description=each.description,
            mime_type=MEDIA_TYPE,
        )
        for each in resources(model)
    ]


def _templates(model: DiagnosticModel) -> list[ResourceTemplate]:
    return [
        ResourceTemplate(
            uri_template=each.address,
            name=each.title,
            description=each.description,
            mime_type=MEDIA_TYPE,
        )
        for each in patterns(model)
    ]


def _reading(
    model: DiagnosticModel,
) -> Callable[[Any, ReadResourceRequestParams], Awaitable[ReadResourceResult]]:
    async def answer(_context: Any, params: ReadResourceRequestParams) -> ReadResourceResult:
        try:
            text = read(model, params.uri)
        except UnknownNameError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None
        held = TextResourceContents(uri=params.uri, mime_type=MEDIA_TYPE, text=text)
        return ReadResourceResult(contents=[held])

    return answer


def _prompt(model: DiagnosticModel) -> Prompt:
    said = f"Be interviewed, one question at a time. {model.description.model.title}."
    return Prompt(name=INTERVIEW, title="Interview", description=said)


def _prompting(
    model: DiagnosticModel,
) -> Callable[[Any, GetPromptRequestParams], Awaitable[GetPromptResult]]:
    async def answer(_context: Any, params: GetPromptRequestParams) -> GetPromptResult:
        if params.name != INTERVIEW:
            raise MCPError(
                INVALID_PARAMS, str(UnknownNameError("prompt", params.name, [INTERVIEW]))
            )
        if params.arguments:
            raise MCPError(INVALID_PARAMS, f"'{INTERVIEW}' takes no arguments; leave them out")
        said = TextContent(text=interview_words(model))
        return GetPromptResult(messages=[PromptMessage(role="user", content=said)])

    return answer
