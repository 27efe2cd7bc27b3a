"""`lbp-infer serve`: the models over HTTP, as a page for people and for other programs."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import NAME_OR_PATH, model_option
from lbp_infer.screen.notices import PREFIX

if TYPE_CHECKING:
    from lbp_service.http.clients import Client

HOME = "127.0.0.1"
PORT = 8000
EXECUTORS = ("numpy", "compiled")
TELEPHONE = re.compile(r"\+?[0-9][0-9 ]{1,24}")


def serve_command(invocation: Invocation) -> click.Command:
    """Make the command `serve`; the model of the invocation is asked where a request names none."""

    def serve(
        host: str,
        port: int,
        workers: int | None,
        more: tuple[str, ...],
        folder: Path | None,
        keys: Path | None,
        queue: int,
        seconds: float,
        executor: str,
        telephone: str,
        public: str,
        page: str | None,
        clients: Path | None,
    ) -> None:
        from lbp_service.http.keys import read_keys
        from lbp_service.http.serving import serve as run
        from lbp_service.http.settings import Settings

        digests = read_keys(keys) if keys else ()
        warn_if_open(host, digests)
        settings = Settings(
            default=invocation.reference,
            more=more,
            folder=folder,
            key_digests=digests,
            queue=queue,
            seconds=seconds,
            telephone=_telephone(telephone),
            public=_public(public),
            executor=executor,
            page=is_open(page, digests),
            clients=_clients(clients, public),
        )
        run(settings, host, port, workers or _processors())

    return click.Command(
        "serve",
        params=[
            *_address_options(),
            click.Option(
                ["--also", "more"],
                multiple=True,
                metavar=NAME_OR_PATH,
                help="Serve this model too; may be repeated.",
            ),
            click.Option(
                ["--models", "folder"],
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                metavar="DIR",
                help="Serve the model files and overlays of this folder too, and read them again "
                "when they change.",
            ),
            keys_option(),
            *_limit_options(),
            click.Option(
                ["--executor"],
                type=click.Choice(EXECUTORS),
                default=EXECUTORS[0],
                show_default=True,
                help="What runs the model: `compiled` (extra `fast`) gives the same numbers sooner;"
                " its first start takes half a minute.",
            ),
            click.Option(
                ["--page"],
                type=click.Choice(["open", "off"]),
                help="The page at /: open to everybody who reaches the address, keys or not, or "
                "not served. Open by default; off with --keys, until it is said to be open.",
            ),
            click.Option(
                ["--telephone"],
                default="",
                metavar="NUMBER",
                help="The number to call, which the page offers in an emergency.",
            ),
            click.Option(
                ["--public"],
                default="",
                metavar="URL",
                help="The address at which others reach the service, for links that it gives; the "
                "one that a request names, if left out.",
            ),
            click.Option(
                ["--cds-clients", "clients"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="Answer CDS Hooks only with a JSON Web Token of one of these clients, "
                "{issuer: JWK Set}, in place of a key; needs --public.",
            ),
            model_option(),
        ],
        callback=serve,
        help="Answer over HTTP: a page to be asked by at /, and JSON under /v1, described at "
        "/openapi.json. Stateless; nothing that is said of a person is kept or logged.",
        short_help="Answer people on a page, and other programs, over HTTP.",
    )


def _telephone(given: str) -> str:
    if given and not TELEPHONE.fullmatch(given):
        raise click.UsageError(
            f"'--telephone {given}': give digits, such as 999 or +44 20 7946 0000"
        )
    return given


def _public(given: str) -> str:
    parts = urlsplit(given)
    if given and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query):
        raise click.UsageError(f"'--public {given}': give an address such as https://lbp.example")
    return given.rstrip("/")


def is_open(page: str | None, digests: Sequence[bytes]) -> bool:
    """Tell whether the page is served: as was said, else where no key is asked for.

    A browser cannot send a key, so a page beside keys is one that anybody may use: whoever guards
    the rest has to say so.
    """
    return page == "open" if page else not digests


def _clients(path: Path | None, public: str) -> "tuple[Client, ...]":
    from lbp_service.http.clients import read_clients

    if path is None:
        return ()
    if not public:
        raise click.UsageError("'--cds-clients' needs '--public': tokens are for an address of it")
    return read_clients(path)


def _processors() -> int:
    """Count the processors that this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def keys_option() -> click.Option:
    """Make `--keys`, the file of those that are accepted."""
    return click.Option(
        ["--keys"],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Answer only with one of these keys, one on a line, as a bearer token.",
    )


def warn_if_open(host: str, digests: Sequence[bytes]) -> None:
    """Say so where others may reach the address and no key is asked for."""
    if host not in (HOME, "localhost", "::1") and not digests:
        said = f"{PREFIX}warning: {host} may be reached by others, and no --keys are asked for"
        click.echo(said, err=True)


def _address_options() -> list[click.Option]:
    return [
        click.Option(
            ["--host"], default=HOME, show_default=True, metavar="H", help="Address to listen on."
        ),
        click.Option(
            ["--port"],
            type=click.IntRange(1, 65535),
            default=PORT,
            show_default=True,
            metavar="N",
            help="Port to listen on.",
        ),
        click.Option(
            ["--workers"],
            type=click.IntRange(min=1),
            metavar="N",
            help="Processes; as many as there are processors, if left out.",
        ),
    ]


def _limit_options() -> list[click.Option]:
    return [
        click.Option(
            ["--queue"],
            type=click.IntRange(min=1),
            default=32,
            show_default=True,
            metavar="N",
            help="Answers that may wait in each process; beyond them it says 503.",
        ),
        click.Option(
            ["--seconds"],
            type=click.FloatRange(min=0.1),
            default=30.0,
            show_default=True,
            metavar="S",
            help="Time after which an answer is given up.",
        ),
    ]
