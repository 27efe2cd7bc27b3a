"""Set one number of a model file: `lbp-infer model set`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayesnet.errors import EvidenceError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesnet.model.editing.setting import SetNumber


def set_command() -> click.Command:
    """Make the command `model set`."""
    return click.Command(
        "set",
        params=[
            click.Argument(["file"], metavar="FILE"),
            click.Argument(["assignment"], metavar="ID.FIELD=VALUE"),
            click.Option(["--source"], metavar="TEXT", help="Where the number comes from."),
            click.Option(["--why"], default="", metavar="TEXT", help="The reason, in words."),
            click.Option(
                ["--interval"],
                metavar="LOW,HIGH",
                help="95 % interval; without it the one there is moves along with the number.",
            ),
            click.Option(
                ["--sample-size"],
                type=click.FloatRange(min=0, min_open=True),
                metavar="N",
                help="How many cases the number is worth, instead of an interval.",
            ),
            click.Option(["--yes"], is_flag=True, help="Write it without asking."),
        ],
        callback=_set,
        help="Set one number of a model file, such as facet_joint.prevalence=0.22, and touch "
        "nothing else in it. Fields: CAUSE.prevalence, CAUSE.FACTOR[.STATE] (relative risk), "
        "FINDING.CAUSE, FINDING.background, FACTOR.frequency, PATHWAY.CAUSE; a number with states "
        "as state:number,... What follows from it is shown first.",
        short_help="Set a number in a model file, after showing what follows.",
    )


def _set(
    file: str,
    assignment: str,
    source: str | None,
    why: str,
    interval: str | None,
    sample_size: float | None,
    yes: bool,
) -> None:
    from bayesnet.model.editing.new_number import NewNumber
    from bayesnet.model.editing.setting import set_number
    from lbp_infer.screen.page import print_page

    name, value = _assigned(assignment)
    main = _own_file(file)
    new = NewNumber(
        value=value,
        source=_sourced(source, why),
        why=why,
        interval=_interval(interval, sample_size),
        sample_size=sample_size,
    )
    done = set_number(main, name, new)
    print_page(_page(name, done))
    if not yes and not _agreed(file):
        click.echo("Nothing is written.")
        return
    _write(done.file, done.content, done.changed)
    click.echo(f"Written: {done.file}:{done.line}")


def _assigned(assignment: str) -> tuple[str, str]:
    name, equals, value = assignment.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise click.UsageError(
            f"'{assignment}' is no ID.FIELD=VALUE; write it as in facet_joint.prevalence=0.22"
        )
    return name.strip(), value.strip()


def _own_file(name: str) -> Path:
    """Return a model's main file; raises EvidenceError for one that comes with the program."""
    from bayesnet.model.shipped import find_model, models_folder

    main = find_model(name)
    if models_folder().resolve() in main.resolve().parents:
        shipped = main.stem.replace("_", "-")
        raise EvidenceError(
            f"'{name}' comes with the program and stays as it is; set the number in an overlay, a "
            f"file with the line 'extends: {shipped}', or in your own copy: lbp-infer model copy "
            f"{shipped} FOLDER"
        )
    return main


def _sourced(source: str | None, why: str) -> str:
    from bayesnet.model.format.numbers import JUDGEMENT

    if not (source or "").strip():
        raise click.UsageError(
            'a number needs its source; add --source "clinic audit 2026, n=212", or --source '
            f'"{JUDGEMENT}" with --why'
        )
    if source == JUDGEMENT and not why.strip():
        raise click.UsageError(f"'{JUDGEMENT}' needs its reason; add --why TEXT")
    return str(source).strip()


def _interval(given: str | None, sample_size: float | None) -> tuple[float, float] | None:
    if given is None:
        return None
    if sample_size is not None:
        raise click.UsageError("'--interval' and '--sample-size': give one of them")
    ends = given.strip("[] ").replace(" to ", ",").split(",")
    try:
        low, high = (float(end) for end in ends)
    except ValueError:
        raise click.UsageError(
            f"--interval '{given}' is not two numbers; write it as in --interval 0.17,0.28"
        ) from None
    return low, high


def _page(name: str, done: "SetNumber") -> "list[RenderableType]":
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.tuning.compared_people import textbooks
    from bayesnet.tuning.conclusions import conclude_both
    from bayesnet.tuning.consequences import implied
    from lbp_infer.screen.progress import progress
    from lbp_infer.screen.render_set import set_page

    before, after = DiagnosticModel(done.before), DiagnosticModel(done.after)
    with progress() as tell:
        shown = conclude_both(before, after, list(textbooks(before, after)), tell)
    return set_page(name, done, implied(before, after, done.path), shown)


def _agreed(file: str) -> bool:
    """Ask on a terminal; raises click.UsageError where nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("nothing is written without '--yes', since nobody can be asked here")
    return click.confirm(f"Write this to {file}?")


def _write(path: Path, content: bytes, changed: bytes) -> None:
    from lbp_infer.files.replacing import replacing

    if path.read_bytes() != content:
        raise EvidenceError(f"'{path}' was changed by somebody else meanwhile; run this again")
    with replacing(str(path)) as stream:
        stream.write(changed)
