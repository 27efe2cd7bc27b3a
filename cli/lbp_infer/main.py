"""Where `lbp-infer` starts, and where every error becomes one message and an exit code.

Everything but the standard library's core is imported inside `main`, so that Ctrl-C is quiet
from the first moment and nothing is loaded that the command does not use.
"""

import gc
import os
import sys
from collections.abc import Sequence

DONE = 0
FAILED = 1
INTERRUPTED = 130
DEBUG = "LBP_INFER_DEBUG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on the arguments (default: the process's), and return the exit code."""
    # One answer makes little garbage; looking for it while modules load costs a tenth of the time.
    gc.disable()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return DONE
    except Exception as error:
        return _report(error)
    finally:
        gc.enable()


def _run(arguments: list[str]) -> int:
    import click

    from lbp_infer.commands.completion import asked_by_shell, complete
    from lbp_infer.commands.program import program, version

    if "--version" in arguments:
        click.echo(version())
        return DONE
    if shell := asked_by_shell():
        complete(program, shell)
        return DONE
    command = program(arguments)
    try:
        with command.make_context("lbp-infer", command.spelled_out(arguments)) as context:
            command.invoke(context)
    except click.exceptions.Exit as finished:
        code = finished.exit_code
    else:
        code = DONE
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _report(error: Exception) -> int:
    from lbp_infer.screen.messages import explain

    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    message, code = explain(error)
    if sys.stderr is not None:
        print(message, file=sys.stderr)
    return code


def _let_go_of_stdout() -> None:
    """Point stdout at nothing, since Python flushes it once more on the way out."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError, AttributeError):
        return
