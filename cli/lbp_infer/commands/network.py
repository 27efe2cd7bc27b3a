"""Ask any network file: `lbp-infer network FILE --observe X=a --query Y`."""

from typing import TYPE_CHECKING

import click

from bayesnet.errors import EvidenceError, TooLargeError
from lbp_infer.commands.reading_options import network_in, reading_options

if TYPE_CHECKING:
    from bayesnet.network import Network
    from lbp_infer.screen.render_network import Posteriors

GIBIBYTE = 1 << 30


def network_command() -> click.Command:
    """Make the command `network`."""
    return click.Command(
        "network",
        params=[
            click.Argument(["file"], metavar="FILE"),
            click.Option(
                ["--observe", "observations"],
                multiple=True,
                metavar="VARIABLE=STATE",
                help="What is known; may be repeated.",
            ),
            click.Option(
                ["--evidence"],
                metavar="FILE.evid",
                help="What is known, as a UAI evidence file of one case.",
            ),
            click.Option(
                ["--query", "queries"],
                multiple=True,
                metavar="VARIABLE",
                help="A variable to show; may be repeated. All that are not observed by default.",
            ),
            click.Option(["--json", "as_json"], is_flag=True, help="The answer as JSON."),
            click.Option(
                ["--memory"],
                type=click.FloatRange(min=0, min_open=True),
                default=2.0,
                show_default=True,
                metavar="GIB",
                help="A network that needs more is refused.",
            ),
            *reading_options(),
        ],
        callback=_ask,
        help="Compute exact posterior probabilities in a network file of another program: BIF, "
        "XMLBIF, XDSL or DSL (GeNIe), NET or OOBN (Hugin), DNE (Netica), UAI. Its content tells "
        "its kind.",
        short_help="Posteriors in a network file of another program.",
    )


def _ask(
    file: str,
    observations: tuple[str, ...],
    evidence: str | None,
    queries: tuple[str, ...],
    as_json: bool,
    memory: float,
    chance_only: bool,
    normalise: bool,
    encoding: str | None,
) -> None:
    from lbp_infer.commands.observations import observed_in, variable_in

    network, notes, kind = network_in(file, chance_only, normalise, encoding)
    known = [*_words_of(evidence, network), *observations]
    observed = observed_in(network, known)
    asked = [variable_in(network, word).name for word in queries]
    asked = asked or [name for name in network.names if name not in observed]
    found, log_probability = _answered(network, observed, asked, memory)
    from lbp_infer.screen.output import write_json
    from lbp_infer.screen.page import print_page
    from lbp_infer.screen.render_network import Answer, network_data, network_page

    answer = Answer(file, kind, notes, observed, log_probability, found)
    if as_json:
        write_json(network_data(answer))
    else:
        print_page(network_page(answer))


def _words_of(evidence: str | None, network: "Network") -> list[str]:
    """Return an evidence file's one case as `VARIABLE=STATE`; EvidenceError for another number."""
    if evidence is None:
        return []
    from bayesnet.network.formats.files import read_evidence

    cases = read_evidence(evidence, network)
    if len(cases) != 1:
        told = f"{evidence} holds {len(cases)} cases; give a file of one"
        raise EvidenceError(f"{told}, or ask `Engine.marginals_many` from Python")
    return [f"{name}={state}" for name, state in cases[0].items()]


def _answered(
    network: "Network", observed: dict[str, str], asked: list[str], memory: float
) -> "tuple[Posteriors, float]":
    """Compute {variable: {state: posterior}} of what is asked, and the logarithm of P(evidence).

    Raises ImpossibleEvidenceError, and TooLargeError for more than `memory` GiB.
    """
    import bayesnet

    engine = bayesnet.Engine(network, int(memory * GIBIBYTE))
    try:
        free = engine.marginals(observed, [name for name in asked if name not in observed])
        log_probability = engine.log_probability(observed)
    except TooLargeError as error:
        remedy = "observe more, query less, or allow more with --memory"
        raise TooLargeError(error.what, error.needed, error.budget, remedy) from None
    certain = {
        name: {each: float(each == state) for each in network.states(name)}
        for name, state in observed.items()
    }
    return {name: certain.get(name) or free[name].to_dict() for name in asked}, log_probability
