"""`lbp-infer serve`: the models over HTTP, as a page for people and for other programs."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import NAME_OR_PATH, model_option
from lbp_infer.screen.messages import PREFIX

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
    ) -> None:
        from lbp_service.http.keys import read_keys
        from lbp_service.http.serving import serve as run
        from lbp_service.http.settings import Settings

        digests = read_keys(keys) if keys else ()
        warn_if_open(host, digests)
        number = _telephone(telephone)
        settings = Settings(
            invocation.reference,
            more,
            folder,
            digests,
            queue,
            seconds,
            telephone=number,
            executor=executor,
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
                ["--telephone"],
                default="",
                metavar="NUMBER",
                help="The number to call, which the page offers in an emergency.",
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
