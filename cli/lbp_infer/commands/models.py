"""Look at, start, copy and change model files: `lbp-infer model check|show|new|copy|set|...`.

These commands work without the default model, so that a broken one hinders none of them.
"""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lbp_infer.commands.check_model import check_command
from lbp_infer.commands.diff_models import diff_command
from lbp_infer.commands.exchange import export_command, import_command
from lbp_infer.commands.fit_model import fit_command
from lbp_infer.commands.graph import graph_command
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.new_model import new_command
from lbp_infer.commands.options import NAME_OR_PATH, model_option
from lbp_infer.commands.score_cases import score_command
from lbp_infer.commands.set_number import set_command
from lbp_infer.commands.simulate import simulate_command

if TYPE_CHECKING:
    from rich.console import RenderableType


def model_command(invocation: Invocation) -> click.Command:
    """Make the group `model`."""
    return click.Group(
        "model",
        commands=[
            check_command(invocation),
            _show(invocation),
            new_command(),
            _copy(invocation),
            set_command(),
            diff_command(),
            score_command(invocation),
            fit_command(),
            graph_command(invocation),
            export_command(invocation),
            import_command(),
            simulate_command(invocation),
        ],
        help="Start, check, show, copy, change, compare, test or exchange model files, or draw "
        "them or from them.",
        short_help="Start, check, show, copy, change, compare or draw model files.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _show(invocation: Invocation) -> click.Command:
    def show(words: tuple[str, ...], numbers: bool, origin: bool, as_json: bool) -> None:
        from lbp_infer.screen.page import print_page

        meant, name = _meant(invocation, words)
        if numbers and origin:
            raise click.UsageError("'--numbers' and '--origin': give one of them")
        if as_json and not (numbers or origin):
            raise click.UsageError("'--json' goes with '--numbers' or '--origin'")
        if origin:
            _show_origins(meant, name, as_json)
        elif as_json:
            _write_numbers(meant, name)
        else:
            print_page((_numbers_page if numbers else _page)(meant, name))

    return click.Command(
        "show",
        params=[
            click.Argument(["words"], nargs=-1, metavar=f"[{NAME_OR_PATH}] [ID]"),
            click.Option(
                ["--numbers"],
                is_flag=True,
                help="Every number with its grade: published, adapted or judgement.",
            ),
            click.Option(
                ["--origin"],
                is_flag=True,
                help="Every number and code with the file and line that set it.",
            ),
            click.Option(
                ["--json", "as_json"], is_flag=True, help="The numbers, and the codes, as JSON."
            ),
            model_option(),
        ],
        callback=show,
        help="Show what a model holds, or with the ID of a cause, finding, risk factor, pathway or "
        "published figure every number of it with interval, grade, source and reason.",
        short_help="Show a model, or one entry of it with every number and source.",
    )


def _copy(invocation: Invocation) -> click.Command:
    def copy(name: str, directory: str) -> None:
        from bayesnet.model.copying import copy_model

        copied = copy_model(name, Path(directory))
        main = shlex.quote(str(copied[0]))
        listed = "".join(f"  {path}\n" for path in copied)
        click.echo(
            f"Copied:\n{listed}Next:\n"
            f"  1. edit   the files above\n"
            f"  2. check  lbp-infer model check {main}\n"
            f"  3. use    lbp-infer --model {main}"
        )

    return click.Command(
        "copy",
        params=[click.Argument(["name"]), click.Argument(["directory"], metavar="DIR")],
        callback=copy,
        help="Copy a model that comes with the program into a directory, to edit it.",
        short_help="Copy a model into a directory, to edit it.",
    )


def _page(invocation: Invocation, name: str | None) -> "list[RenderableType]":
    from lbp_infer.screen.render_entry import entry_page
    from lbp_infer.screen.render_model import overview_page

    if name is None:
        return overview_page(invocation.model)
    return entry_page(invocation.model, name)


def _numbers_page(invocation: Invocation, name: str | None) -> "list[RenderableType]":
    from bayesnet.diagnosis.report.identity import identity_of
    from bayesnet.model.lookup.grades import chosen_numbers
    from lbp_infer.screen.render_numbers import numbers_page

    compiled = invocation.model.compiled
    return numbers_page(identity_of(compiled), chosen_numbers(compiled.description, name))


def _write_numbers(invocation: Invocation, name: str | None) -> None:
    from bayesnet.diagnosis.report.identity import identity_of
    from bayesnet.model.lookup.grades import chosen_numbers
    from lbp_infer.screen.output import write_json
    from lbp_infer.screen.render_codes import codes_data
    from lbp_infer.screen.render_numbers import numbers_data

    compiled = invocation.model.compiled
    told = numbers_data(identity_of(compiled), chosen_numbers(compiled.description, name))
    write_json({**told, "codings": codes_data(compiled.description, name)})


def _show_origins(invocation: Invocation, name: str | None, as_json: bool) -> None:
    from bayesnet.model.lookup.grades import chosen_numbers
    from bayesnet.model.reading.reader import read_description
    from bayesnet.model.shipped import find_model
    from lbp_infer.screen.output import write_json
    from lbp_infer.screen.page import print_page
    from lbp_infer.screen.render_codes import code_origins, code_origins_data
    from lbp_infer.screen.render_origin import origin_data, origin_page, origins

    read = read_description(find_model(invocation.reference))
    found = origins(read, chosen_numbers(read.description, name))
    if as_json:
        write_json({**origin_data(read, found), "codings": code_origins_data(read, name)})
    else:
        print_page([*origin_page(read, found), *code_origins(read, name)])


def _meant(invocation: Invocation, words: tuple[str, ...]) -> tuple[Invocation, str | None]:
    """Return the model and the id that the words name."""
    if len(words) > 2:
        raise click.UsageError("'model show' takes a model, an id, or a model and an id")
    if len(words) == 2:
        return Invocation(words[0]), words[1]
    if words and not _is_model(words[0]):
        return invocation, words[0]
    return (Invocation(words[0]) if words else invocation), None


def _is_model(word: str) -> bool:
    from bayesnet.model.shipped import shipped_models

    return (
        word in shipped_models()
        or os.sep in word
        or word.endswith((".yaml", ".yml"))
        or os.path.exists(word)
    )
