"""List the evidence flags, or search them: `lbp-infer flags [WORD]`."""

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.vocabulary import Vocabulary


def flags_command(invocation: Invocation) -> click.Command:
    """Make the command `flags`."""

    def flags(words: tuple[str, ...]) -> None:
        if words:
            _search(invocation.vocabulary, " ".join(words))
        else:
            _list(invocation)

    return click.Command(
        "flags",
        params=[click.Argument(["words"], nargs=-1, metavar="[WORD]")],
        callback=flags,
        help="List the evidence flags by group, each with its question and answers; with a word, "
        "also an everyday one, those that are about it, and with the name of a group those of it.",
        short_help="Every flag, or those about a word: lbp-infer flags WORD.",
    )


def _list(invocation: Invocation) -> None:
    from bayesnet.diagnosis.answers.intake import groups
    from lbp_infer.commands.statements import red_flags
    from lbp_infer.screen.page import page_through
    from lbp_infer.screen.render_flags import all_flags

    words, described = invocation.vocabulary, invocation.model.description
    expert = described.model.expert
    page_through(all_flags(words, groups(described), expert, red_flags(words)))


def _search(words: Vocabulary, word: str) -> None:
    from lbp_infer.screen.page import print_page
    from lbp_infer.screen.render_flags import some_flags

    found = matching(words, word)
    if not found:
        raise click.UsageError(f"no flag is about '{word}'; 'lbp-infer flags' lists all")
    print_page([some_flags(words, found)])


def matching(words: Vocabulary, word: str) -> list[str]:
    """List the ids that a word is about.

    Those of a group of that name alone; else by synonym first, then by flag, question and answers.
    """
    wanted = " ".join(word.lower().replace("-", " ").replace("_", " ").split())
    of_group = [n for n, each in words.askables.items() if each.asked.group.lower() == wanted]
    if of_group or not wanted:
        return of_group
    named = [
        name
        for synonym, ids in words.synonyms.items()
        if wanted in synonym.replace("_", " ")
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
