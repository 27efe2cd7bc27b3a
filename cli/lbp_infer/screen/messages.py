"""Word an error for the person who meets it: one line, and the exit code."""

import errno

import click

from bayesnet.errors import BayesnetError, ModelFileError, nearest_names
from lbp_infer.commands.options import AnswerOption
from lbp_infer.commands.vocabulary import hint
from lbp_infer.screen.notices import PREFIX, printable

USAGE = 2
FAILED = 1
WRITING = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)


def explain(error: Exception) -> tuple[str, int]:
    """Return the message for stderr and the exit code for an error of any kind."""
    if isinstance(error, ModelFileError):
        return printable(str(error)), error.exit_code
    if isinstance(error, BayesnetError):
        return printable(PREFIX + str(error)), error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message(), USAGE
    if isinstance(error, click.NoSuchOption):
        return printable(PREFIX + _no_such_option(error)), USAGE
    if isinstance(error, click.UsageError):
        return printable(PREFIX + _lowered(error.format_message())), USAGE
    if isinstance(error, OSError) and error.errno in WRITING:
        return f"{PREFIX}cannot write the answer: {error.strerror}", FAILED
    return printable(_internal(error)), FAILED


def _no_such_option(error: click.NoSuchOption) -> str:
    known: list[str] = []
    meant: list[str] = []
    where = ""
    word = error.option_name.lstrip("-").removeprefix("no-").replace("-", "_")
    if error.ctx is not None:
        for param in error.ctx.command.get_params(error.ctx):
            known += [*param.opts, *param.secondary_opts]
            if isinstance(param, AnswerOption) and word in param.also_called:
                meant.append(param.flag)
        if error.ctx.parent is not None:
            where = f" of '{error.ctx.command_path.partition(' ')[2]}'"
    long = [each for each in known if each[:2] == "--"]
    nearest = meant or nearest_names(error.option_name, long)
    return f"no such option{where}: '{error.option_name}'; {hint(nearest)}"


def _lowered(message: str) -> str:
    message = message.rstrip(".")
    return message[:1].lower() + message[1:]


def _internal(error: Exception) -> str:
    said = str(error).partition("\n")[0]
    return (
        f"{PREFIX}internal error: {type(error).__name__}: {said} "
        "(set LBP_INFER_DEBUG=1 to see where, and please report it)"
    )
