"""Make click options from the model: each use of one states a piece of evidence.

Click lets the last of `--x --no-x` win in silence; these options keep every use, so that a
contradiction can be seen.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.answers.soft import pairs_in
from bayesnet.errors import EvidenceError
from lbp_infer.commands.fields import fields_option
from lbp_infer.commands.statements import Statement, red_flags
from lbp_infer.commands.vocabulary import NO_RED_FLAGS, Vocabulary, answer_at

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel

STATED = "lbp_infer.commands.statements"
NAME_OR_PATH = "NAME|PATH"
LEADING = "leading"
"""What `--sensitivity` without a cause asks about."""
GIVEN_BY_ID: Mapping[str, tuple[bool | None, str]] = {
    "--present": (True, "Answer yes to this id; may be repeated."),
    "--absent": (False, "Answer no to this id; may be repeated."),
    "--unknown": (None, "Asked, and not known; may be repeated."),
}


def stated(context: click.Context) -> list[Statement]:
    """Return everything stated so far, before and after a subcommand's name."""
    found: list[Statement] = context.meta.setdefault(STATED, [])
    return found


class StatementOption(click.Option, ABC):
    """An option that may be repeated and whose every use adds statements."""

    @abstractmethod
    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return what one use of the option states."""

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Keep every use; values and defaults of click's own are not needed."""
        for raw in opts.get(self.name or "", ()):
            stated(ctx).extend(self.statements(raw))
        return None, args


class AnswerOption(StatementOption):
    """`--x/--no-x`, `--x STATE` or `--x NUMBER` for one id of the model.

    denial: the flag that answers no; empty when the answer is not yes or no; also_called: words
    that people use for it.
    """

    def __init__(
        self, askable: Askable, flag: str, denial: str, position: int, also_called: Sequence[str]
    ) -> None:
        spelt = f"{flag}/{denial}" if denial else flag
        super().__init__(
            [spelt, f"answer_{position}"],
            is_flag=askable.is_yes_no or None,
            type=bool if askable.is_yes_no else str,
            multiple=True,
            expose_value=False,
        )
        self.askable = askable
        self.flag = flag
        self.denial = denial
        self.also_called = also_called

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the states of the answer."""
        return [CompletionItem(s) for s in self.askable.answer.states if s.startswith(incomplete)]

    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return the answer, with the flag as it was typed."""
        if isinstance(raw, bool):
            typed = self.flag if raw else self.denial
            return [Statement(self.askable.id, raw, typed)]
        value = answer_at(self.flag, self.askable, raw)
        return [Statement(self.askable.id, value, f"'{self.flag} {raw}'")]


class GivenByIdOption(StatementOption):
    """The options `--present ID`, `--absent ID` and `--unknown ID`."""

    def __init__(self, flag: str, words: Vocabulary) -> None:
        value, about = GIVEN_BY_ID[flag]
        super().__init__(
            [flag], metavar="ID", multiple=True, expose_value=False, type=str, help=about
        )
        self.flag = flag
        self.value = value
        self.words = words

    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return the answer; raises EvidenceError for an id that is unknown or not yes/no."""
        askable = self.words.find(raw, self.flag)
        if self.value is not None and not askable.is_yes_no:
            states = "NUMBER" if askable.is_number else "|".join(askable.answer.states)
            raise EvidenceError(
                f"{self.flag} {raw}: this is not a yes/no question; "
                f"give {self.words.flags[askable.id]} {states}"
            )
        return [Statement(askable.id, self.value, f"'{self.flag} {raw}'")]


class LikelyOption(StatementOption):
    """The option `--likely ID=CHOICE:WEIGHT`: an answer that is likely and not certain."""

    def __init__(self, words: Vocabulary) -> None:
        super().__init__(
            ["--likely"],
            metavar="ID=CHOICE:WEIGHT",
            multiple=True,
            expose_value=False,
            type=str,
            help="A soft answer, such as ID=yes:0.7; repeatable.",
        )
        self.words = words

    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return the answer; raises EvidenceError for an unknown id and for what has no weights."""
        name, _, text = (part.strip() for part in raw.partition("="))
        if not name or pairs_in(text) is None:
            raise EvidenceError(
                f"--likely {raw}: give ID=CHOICE:WEIGHT, several with a comma between them, such "
                "as ID=yes:0.7 or ID=yes:0.7,no:0.3"
            )
        askable = self.words.find(name, "--likely")
        value = answer_at(f"--likely {raw}", askable, text)
        return [Statement(askable.id, value, f"'--likely {raw}'")]


class NoRedFlagsOption(StatementOption):
    """The option `--no-red-flags`: no to every red flag about which nothing else is said."""

    def __init__(self, words: Vocabulary) -> None:
        self.ids = red_flags(words)
        super().__init__(
            [NO_RED_FLAGS],
            is_flag=True,
            multiple=True,
            expose_value=False,
            type=bool,
            help="No to every red flag that has to be asked.",
        )

    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return a no to each, which gives way to any other answer."""
        return [Statement(name, False, NO_RED_FLAGS, gives_way=True) for name in self.ids]


class ScreenOption(StatementOption):
    """`--no-SCREEN`: no to every line of a screen of the model."""

    def __init__(self, flag: str, lines: Sequence[str], denials: Sequence[str]) -> None:
        said = f"None of: {', '.join(denials)}."
        super().__init__([flag], is_flag=True, multiple=True, expose_value=False, help=said)
        self.flag = flag
        self.lines = lines

    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return a no to each line, which gives way to any other answer."""
        return [Statement(name, False, self.flag, gives_way=True) for name in self.lines]


class CaseOption(StatementOption):
    """The option `--case FILE`: evidence from a file or from stdin."""

    def __init__(self, words: Vocabulary, model: "DiagnosticModel") -> None:
        super().__init__(
            ["--case"],
            metavar="FILE",
            multiple=True,
            expose_value=False,
            type=str,
            help="Answers: JSON, YAML or FHIR; - reads stdin.",
        )
        self.words = words
        self.model = model

    def statements(self, raw: Any) -> Iterable[Statement]:
        """Return the answers in the file; raises EvidenceError when it cannot be read."""
        from lbp_infer.files.case_file import read_case

        return read_case(raw, self.words, self.model)


def html_option() -> click.Option:
    """Make `--html`."""
    return click.Option(
        ["--html"],
        metavar="FILE",
        help="Write it as a page to print or to file, which opens by itself in a browser.",
    )


def full_option() -> click.Option:
    """Make `--full`."""
    return click.Option(
        ["--full"],
        is_flag=True,
        help="Everything: all causes, the whole plan, sources.",
    )


def evidence_options(words: Vocabulary) -> list[click.Parameter]:
    """Make one option per id of the model, in its order."""
    return [
        AnswerOption(
            askable,
            words.flags[name],
            words.denials.get(name, ""),
            position,
            [word for word, ids in words.synonyms.items() if name in ids],
        )
        for position, (name, askable) in enumerate(words.askables.items())
    ]


def source_options(words: Vocabulary, model: "DiagnosticModel") -> list[click.Parameter]:
    """Make the options that give evidence by id, together, or from a file."""
    by_id = (GivenByIdOption(flag, words) for flag in GIVEN_BY_ID)
    screens = (
        ScreenOption(words.denials[name], lines, [words.denials[line] for line in lines])
        for name, lines in words.screens.items()
    )
    return [
        *by_id,
        LikelyOption(words),
        *screens,
        NoRedFlagsOption(words),
        CaseOption(words, model),
    ]


def output_options() -> list[click.Parameter]:
    """Make the options that choose the model, the audience and the form of the answer."""
    return [
        model_option(),
        audience_option(),
        click.Option(["--json", "as_json"], is_flag=True, help="The whole answer as JSON."),
        fields_option(),
    ]


def audience_option() -> click.Option:
    """Make `--audience`."""
    return click.Option(
        ["--audience", "audiences"],
        type=click.Choice(["self", "clinician"]),
        multiple=True,
        metavar="self|clinician",
        help="Who answers: a clinician is asked for tests too.",
    )


def sensitivity_option() -> click.Option:
    """Make `--sensitivity`, about the leading causes or about the one named."""
    return click.Option(
        ["--sensitivity", "sensitivity_of"],
        is_flag=False,
        flag_value=LEADING,
        metavar="[CAUSE]",
        help="Which numbers of the model move the answer most.",
    )


def model_option() -> click.Option:
    """Make `--model`, which was read before click saw the arguments; here it stands in the help."""
    return click.Option(
        ["--model"],
        metavar=NAME_OR_PATH,
        expose_value=False,
        help="Another model, its flags; also LBP_INFER_MODEL.",
    )


def one_audience(chosen: Iterable[str]) -> str:
    """Return the audience, `self` when none was named; raises click.UsageError for two."""
    distinct = list(dict.fromkeys(chosen))
    if len(distinct) > 1:
        raise click.UsageError("'--audience self' and '--audience clinician': give one of them")
    return distinct[0] if distinct else "self"
