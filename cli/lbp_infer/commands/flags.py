"""Search the flags: `lbp-infer flags WORD`."""

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.vocabulary import Vocabulary


def flags_command(invocation: Invocation) -> click.Command:
    """Make the command `flags`."""

    def flags(words: tuple[str, ...]) -> None:
        from lbp_infer.screen.page import columns, print_page

        word = " ".join(words)
        found = matching(invocation.vocabulary, word)
        if not found:
            raise click.UsageError(f"no flag is about '{word}'; 'lbp-infer --help' lists all")
        known, typed = invocation.vocabulary.askables, invocation.vocabulary.flags
        print_page(
            [columns([(typed[name], known[name].asked.question) for name in found], whole=(0,))]
        )

    return click.Command(
        "flags",
        params=[click.Argument(["words"], nargs=-1, metavar="[WORD]")],
        callback=flags,
        help="Search the evidence flags for a word, also an everyday one; without one, list all.",
        short_help="Find the flag for something: lbp-infer flags WORD.",
    )


def matching(words: Vocabulary, word: str) -> list[str]:
    """List the ids that a word is about: by synonym first, then by flag, question and answers."""
    wanted = word.lower().replace("-", " ").replace("_", " ").strip()
    named = [
        name
        for synonym, ids in words.synonyms.items()
        if wanted and wanted in synonym.replace("_", " ")
        for name in ids
    ]
    said = [
        name
        for name, each in words.askables.items()
        if wanted
        in " ".join(
            (name.replace("_", " "), each.label, each.asked.question, *each.answer.states)
        ).lower()
    ]
    return list(dict.fromkeys([*named, *said]))
