"""`lbp-infer mcp`: the model as tools for models of language."""

import sys
from pathlib import Path

import click

from bayesnet.errors import MissingExtraError
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import model_option
from lbp_infer.commands.serve import HOME, PORT, keys_option, warn_if_open
from lbp_infer.screen.notices import PREFIX


def mcp_command(invocation: Invocation) -> click.Command:
    """Make the command `mcp`, for the model of the invocation."""

    def mcp(http: bool, host: str | None, port: int | None, keys: Path | None) -> None:
        given = {"--host": host, "--port": port, "--keys": keys}
        for option in (name for name, value in given.items() if value is not None and not http):
            raise click.UsageError(f"'{option}' goes with '--http'; add it")
        _require()
        from lbp_service.mcp.running import serve_http, serve_stdio

        if not http:
            if sys.stdin is not None and sys.stdin.isatty():
                said = "a program is to speak to this, not a person; Ctrl-D ends it"
                click.echo(f"{PREFIX}{said}", err=True)
            serve_stdio(invocation.model)
            return
        from lbp_service.http.keys import read_keys

        where = host or HOME
        digests = read_keys(keys) if keys else ()
        warn_if_open(where, digests)
        serve_http(invocation.model, where, port or PORT, digests)

    return click.Command(
        "mcp",
        params=[
            click.Option(
                ["--http"], is_flag=True, help="Over streamable HTTP, at /mcp, not over stdio."
            ),
            click.Option(
                ["--host"], metavar="H", help=f"Address to listen on; {HOME}, if left out."
            ),
            click.Option(
                ["--port"],
                type=click.IntRange(1, 65535),
                metavar="N",
                help=f"Port to listen on; {PORT}, if left out.",
            ),
            keys_option(),
            model_option(),
        ],
        callback=mcp,
        help="Offer the model as tools to a model of language, by the Model Context Protocol: over "
        "stdin and stdout, as programs start it, or over HTTP. Nothing that is said of a person is "
        "kept or logged.",
        short_help="Be tools for a language model (MCP).",
    )


def _require() -> None:
    """Raise MissingExtraError without the extra."""
    try:
        import mcp.server  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("the MCP server", "mcp", str(error)) from None
