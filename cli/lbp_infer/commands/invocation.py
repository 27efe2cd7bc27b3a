"""Find which model a command line speaks about, and open it when it is first needed."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import click

from lbp_infer.commands.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.model.format.published_figures import PublishedFigure

DEFAULT_MODEL = "lbp-runner"
MODEL_VARIABLE = "LBP_INFER_MODEL"
VALUED = ("--model", "--audience", "--case", "--present", "--absent", "--unknown", "--fields")
BARE = ("--json", "--version")
WITHOUT_EVIDENCE = ("model", "batch", "schema", "replay", "network", "serve", "mcp")


@dataclass(frozen=True)
class Invocation:
    """The model that a command line speaks about; reference: its name or path."""

    reference: str

    @cached_property
    def model(self) -> "DiagnosticModel":
        """Load the model; raises ModelFileError or UnknownNameError."""
        import bayesnet

        return bayesnet.load_model(self.reference)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What can be said about a person, in this model."""
        return vocabulary(self.model.description)

    @property
    def figures(self) -> "Mapping[str, PublishedFigure]":
        """The published figures that the model cites, by id."""
        return self.model.description.figures


def invocation_for(arguments: Sequence[str]) -> Invocation:
    """Return the invocation: the model that the arguments and the environment ask for.

    The model makes the flags, so it is looked for before click sees the arguments. Raises
    click.UsageError when two models are named.
    """
    named = list(dict.fromkeys(_models_named(arguments)))
    if len(named) > 1:
        raise click.UsageError(f"'--model {named[0]}' and '--model {named[1]}': give one model")
    return Invocation(named[0] if named else os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL)


def needs_flags(arguments: Sequence[str]) -> bool:
    """Tell whether evidence may be given: not to commands about models.

    Those must work on a broken model, whose flags cannot be made. Only general options are stepped
    over. Past an evidence flag nothing can be told, since whether it takes a value is the model's
    affair; the help lists the flags.
    """
    rest = iter(arguments)
    for argument in rest:
        name = argument.partition("=")[0]
        if argument in VALUED:
            next(rest, None)
        elif name not in VALUED and name not in BARE:
            return argument not in WITHOUT_EVIDENCE
    return True


def _models_named(arguments: Sequence[str]) -> list[str]:
    named = []
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--model" and position + 1 < len(arguments):
            named.append(arguments[position + 1])
        elif argument.startswith("--model="):
            named.append(argument.partition("=")[2])
    return named
