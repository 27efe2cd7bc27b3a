"""Models to and from the network files of other programs: `lbp-infer model export|import`."""

import shlex
from pathlib import Path

import click

from bayesnet.errors import BayesnetError, EvidenceError, FormatError
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import NAME_OR_PATH, model_option
from lbp_infer.commands.reading_options import network_in, reading_options
from lbp_infer.files.replacing import replacing
from lbp_infer.screen.notices import PREFIX, printable

ENDINGS = ".bif, .xmlbif, .xdsl, .uai or .net, each also with .gz"
READ = "BIF, XMLBIF, XDSL, DSL, NET, OOBN, DNE or UAI"


def export_command(invocation: Invocation) -> click.Command:
    """Make the command `model export` of an invocation."""

    def export(exported: str | None, out: str) -> None:
        from bayesnet.model.lookup.beyond_network import left_behind
        from bayesnet.model.networks.with_roles import network_with_roles
        from bayesnet.network.formats.files import network_content

        model = (Invocation(exported) if exported else invocation).model
        try:
            content = network_content(network_with_roles(model.compiled), Path(out))
        except FormatError as error:
            raise EvidenceError(str(error)) from None
        with replacing(out) as stream:
            stream.write(content)
        ending = Path(out.removesuffix(".gz")).suffix.lower()
        lost = "".join(f"\n  - {each}" for each in left_behind(model.compiled, ending))
        said = f"; the file does not hold:{lost}" if lost else ""
        click.echo(printable(f"{PREFIX}written to {out}{said}"), err=True)

    return click.Command(
        "export",
        params=[
            click.Argument(["exported"], required=False, metavar=f"[{NAME_OR_PATH}]"),
            click.Option(
                ["-o", "--out"], required=True, metavar="FILE", help=f"Ends in {ENDINGS}."
            ),
            model_option(),
        ],
        callback=export,
        help="Write the network of a model for another program, in the format of the ending of "
        "FILE. All posteriors are the same; XDSL keeps what is a cause and what is asked, with "
        "questions and costs. What the format does not hold is listed.",
        short_help="Write a model's network as BIF, XMLBIF, XDSL, UAI or NET.",
    )


def import_command() -> click.Command:
    """Make the command `model import`."""
    return click.Command(
        "import",
        params=[
            click.Argument(["file"], metavar="FILE"),
            click.Option(["-o", "--out"], required=True, metavar="MODEL.yaml"),
            click.Option(["--title"], default="", metavar="TEXT", help="What the model is about."),
            *reading_options(),
        ],
        callback=_import,
        help="Make a model file of another program's network of causes and findings "
        f"({READ}). The posteriors are the same. A network with diagnostic roles (GeNIe's XDSL), "
        "of any kind, stays beside the model file, which names it. One without, of which a model "
        "file cannot say all, since a table is no noisy-OR or noisy-MAX, is refused with the "
        "variables that are in the way.",
        short_help="Make a model file of a network of causes and findings.",
    )


def _import(
    file: str, out: str, title: str, chance_only: bool, normalise: bool, encoding: str | None
) -> None:
    from bayesnet.model.reading.reader import read_description
    from bayesnet.model.starting.from_network import model_of
    from bayesnet.model.starting.new_file import write_new
    from bayesnet.model.starting.of_roles import import_network
    from bayesnet.network.roles import are_diagnostic

    network = network_in(file, chance_only, normalise, encoding)[0]
    if are_diagnostic(network.roles):
        if chance_only or normalise or encoding:
            raise EvidenceError(
                f"{file}: a model names its network, which then has to be readable as it is; save "
                "it so in the program that it is from, and leave these options out"
            )
        import_network(Path(file), Path(out), title)
    else:
        write_new(Path(out), model_of(network, Path(file), title))
    try:
        read_description(Path(out))
    except BayesnetError:
        click.echo(printable(f"{PREFIX}written to {out}, and to be mended:"), err=True)
        raise
    name = shlex.quote(out)
    click.echo(
        f"Written: {out}\nNext: say where the numbers come from; lbp-infer model check {name}"
    )
