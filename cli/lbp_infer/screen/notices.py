"""Say something on stderr, beside what stdout holds."""

import click

PREFIX = "lbp-infer: "


def tell(message: str) -> None:
    """Say something on stderr, in one line."""
    click.echo(printable(f"{PREFIX}{message}"), err=True)


def printable(text: str) -> str:
    """Return the text with control characters written out, so that it cannot act on a terminal."""
    return "".join(
        each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in text
    )
