"""Fit a model's numbers to cases with confirmed causes: `lbp-infer model fit`."""

import os
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayesnet.errors import BayesnetError, EvidenceError, counted
from lbp_infer.commands.options import NAME_OR_PATH
from lbp_infer.files.new_overlay import check_target, write_new
from lbp_infer.screen.notices import PREFIX, printable

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.tuning.fitting.evidence import Confirmed
    from bayesnet.tuning.fitting.fit import Fitted, Options

SOME_ROWS_IN_ERROR = 5
"""Exit code where rows were left out."""
MOST_TOLD = 5
"""Rows that cannot be used and are told one by one."""
USUAL_PASSES = 12
"""Passes over the cases that a fit takes, to say about how far it is."""


@dataclass(frozen=True)
class Wish:
    """What is to be fitted, and where it goes.

    minutes: after which nothing is written; even_if_worse: write it where it foretells worse;
    as_json: what came of it as JSON.
    """

    name: str
    cases: str
    out: Path
    source: str
    options: "Options"
    even_if_worse: bool
    minutes: float | None
    as_json: bool


def fit_command() -> click.Command:
    """Make the command `model fit`."""
    return click.Command(
        "fit",
        params=[
            click.Argument(["name"], metavar=NAME_OR_PATH),
            click.Argument(["cases"], metavar="CASES"),
            click.Option(
                ["-o", "--out"],
                required=True,
                metavar="OVERLAY.yaml",
                help="Where to write the overlay; a file that is there is never touched.",
            ),
            click.Option(
                ["--source"],
                default="",
                metavar="TEXT",
                help="Where the cases come from, with the year: 'clinic audit 2026'; by default "
                "the file's name and today.",
            ),
            click.Option(
                ["--prevalences-only"],
                is_flag=True,
                help="How common the causes are, and nothing else: the first thing to fit.",
            ),
            click.Option(
                ["--prior-weight", "weight"],
                type=click.FloatRange(min=0, min_open=True),
                default=1.0,
                show_default=True,
                metavar="W",
                help="How much the model's own numbers count: 1 as sure as their intervals say, "
                "0.5 half of that.",
            ),
            click.Option(
                ["--held-out", "share"],
                type=click.FloatRange(min=0, max=0.5),
                default=0.2,
                show_default=True,
                metavar="SHARE",
                help="Share of the cases that both models are scored on, before all are fitted to; "
                "0 for none.",
            ),
            click.Option(
                ["--even-if-worse"],
                is_flag=True,
                help="Write it although it foretells the causes of the held-out cases worse.",
            ),
            click.Option(
                ["--json", "as_json"], is_flag=True, help="What it did as JSON, to stdout."
            ),
            click.Option(
                ["--max-minutes", "minutes"],
                type=click.FloatRange(min=0, min_open=True),
                default=None,
                metavar="M",
                help="Give up after so long; then nothing is written.",
            ),
        ],
        callback=_fit,
        help="Fit the numbers of a model to your own cases and write an overlay with those that "
        "moved. CASES: CSV, NDJSON or Parquet, with evidence as for 'batch' and a column "
        "`true_<cause>` for each cause that was looked for: yes, no, or nothing where it is not "
        "known. What is missing in a case is reckoned with. Numbers that the cases say nothing "
        "of stay, and so do those of causes that no case has.",
        short_help="Fit a model's numbers to your own cases, as an overlay.",
    )


@click.pass_context
def _fit(
    ctx: click.Context,
    name: str,
    cases: str,
    out: str,
    source: str,
    prevalences_only: bool,
    weight: float,
    share: float,
    even_if_worse: bool,
    as_json: bool,
    minutes: float | None,
) -> None:
    from bayesnet.model.checks.sources import is_citation
    from bayesnet.tuning.fitting.fit import Options

    # Said now and not when the overlay is read, after minutes of work.
    if source.strip() and not is_citation(f"cases of {source}"):
        raise click.UsageError(f"--source '{source}': add its year or a link, '{source} 2026'")
    options = Options(weight, prevalences_only, share)
    wish = Wish(name, cases, Path(out), source.strip(), options, even_if_worse, minutes, as_json)
    left_out = fit_and_write(wish)
    if left_out:
        ctx.exit(SOME_ROWS_IN_ERROR)


def fit_and_write(wish: Wish) -> int:
    """Fit, write the overlay and show what came of it; returns how many rows were left out.

    Raises EvidenceError for cases that nothing can be fitted to, for an output that cannot be
    written, and where the fit foretells worse; BayesnetError where it takes too long.
    """
    import bayesnet
    from bayesnet.tuning.fitting.fit import check_fittable, fit

    check_target(wish.out)
    model = bayesnet.load_model(wish.name)
    check_fittable(model.description)
    found = _read(wish.cases, model)
    _check_cases(model, found)
    with _passes(len(found.cases), wish.minutes) as tell:
        done = fit(model.description, found.cases, found.truth, wish.options, tell)
    content = _overlay(wish, model, done)
    if wish.as_json:
        _check_held_out(wish, done)
        write_new(wish.out, content)
        _write_json(wish, model, done, found.errors)
    else:
        _show(wish, model, done, len(found.errors))
        _check_held_out(wish, done)
        write_new(wish.out, content)
        _show_next(wish)
    return len(found.errors)


def _show(wish: Wish, model: "DiagnosticModel", done: "Fitted", left_out: int) -> None:
    from lbp_infer.screen.page import print_page
    from lbp_infer.screen.render_fit import fit_page

    print_page(fit_page(model.description, done, left_out))


def _show_next(wish: Wish) -> None:
    name = shlex.quote(str(wish.out))
    click.echo(
        f"\nWritten: {wish.out}\nNext:\n"
        f"  1. check    lbp-infer model check {name}\n"
        f"  2. compare  lbp-infer model diff {shlex.quote(wish.name)} {name}\n"
        f"  3. use      lbp-infer --model {name}"
    )


def _write_json(
    wish: Wish, model: "DiagnosticModel", done: "Fitted", errors: Mapping[int, str]
) -> None:
    from msgspec import to_builtins

    from bayesnet.diagnosis.report.identity import identity_of
    from bayesnet.tuning.fitting.records import fit_told
    from lbp_infer.screen.output import write_json

    told = fit_told(identity_of(model.compiled), model.description, done, errors, str(wish.out))
    write_json(to_builtins(told))


def _read(path: str, model: "DiagnosticModel") -> "Confirmed":
    """Read all cases, and tell of rows that cannot be used."""
    from bayesnet.tuning.fitting.evidence import confirmed, joined
    from lbp_infer.files.confirmed_cases import confirmed_cases

    with confirmed_cases(path, model) as cases:
        parts = [confirmed(model, part.evidence, part.truth, part.errors) for part in cases.parts()]
    found = joined(parts, model.network.names)
    told = sorted(found.errors.items())
    for row, message in told[:MOST_TOLD]:
        click.echo(printable(f"{PREFIX}case {row + 1} is left out: {message}"), err=True)
    if len(told) > MOST_TOLD:
        click.echo(f"{PREFIX}and {len(told) - MOST_TOLD:,} more are left out", err=True)
    return found


def _check_cases(model: "DiagnosticModel", found: "Confirmed") -> None:
    """Raise EvidenceError for cases that nothing can be fitted to."""
    from bayesnet.tuning.fitting.chosen import seen

    if not len(found.cases):
        raise EvidenceError("no case can be used; correct the rows above")
    who = seen(model.description, found.truth)
    if len(who.never) == len(model.description.causes):
        raise EvidenceError(
            "no case has a confirmed cause: no `true_<cause>` says yes; nothing can be learned"
        )
    if who.always:
        raise EvidenceError(
            f"every case has '{who.always[0]}': people chosen for a cause do not say how common "
            "causes are; add those who came with the same complaint and had something else"
        )


@contextmanager
def _passes(
    cases: int, minutes: float | None
) -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Yield what `fit` tells of its passes to: shows progress, and ends what takes too long."""
    from lbp_infer.screen.progress import progress

    start, gone = time.monotonic(), 0
    with progress() as show:

        def told(of: str, number: int) -> Callable[[int], None]:
            past = gone

            def done(rows: int) -> None:
                nonlocal gone
                if minutes is not None and time.monotonic() - start > 60.0 * minutes:
                    raise BayesnetError(
                        f"not done after {minutes:g} minutes; nothing is written. Give it longer "
                        "with '--max-minutes', or begin with '--prevalences-only'"
                    )
                gone = past + rows
                show(gone, min(gone / (USUAL_PASSES * cases), 0.99))

            return done

        yield told


def _overlay(wish: Wish, model: "DiagnosticModel", done: "Fitted") -> bytes:
    """Write the overlay in memory, and load it as a check."""
    from bayesnet.model.shipped import find_model, is_shipped
    from bayesnet.model.store import compiled_as_if
    from bayesnet.tuning.fitting.overlay_text import overlay_text

    identity = model.description.model
    if is_shipped(wish.name):
        extends = f"{wish.name}@{identity.version}"
    else:
        main = find_model(wish.name)
        extends = os.path.relpath(main, wish.out.parent or ".").replace(os.sep, "/")
    given = wish.source or f"{Path(wish.cases).name}, {date.today().isoformat()}"
    source = f"fitted to {counted(done.cases, 'case')}: {given}"
    told = [
        f"Numbers of {identity.id} {identity.version}, fitted to {counted(done.cases, 'case')}.",
        "Each is what the model's own number, as sure as its interval says, and the cases say",
        "together; what they say nothing of is left as it is.",
    ]
    content = overlay_text(extends, told, source, done.numbers).encode()
    compiled_as_if(wish.out, {wish.out: content})
    return content


def _check_held_out(wish: Wish, done: "Fitted") -> None:
    if done.held_out is not None and done.held_out.is_worse and not wish.even_if_worse:
        raise EvidenceError(
            "the fit foretells the causes of the held-out cases worse than the model did, so "
            "nothing is written; look at how the cases were collected, give the model more weight "
            "with '--prior-weight', or write it all the same with '--even-if-worse'"
        )
