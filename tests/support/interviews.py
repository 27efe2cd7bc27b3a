"""Interviews held by `lbp-infer ask` in this process, and where they are kept."""

from pathlib import Path

from click.testing import Result

from support.cli import run


def kept(state: Path) -> Path:
    """The only interview that is kept."""
    (found,) = (state / "lbp-infer" / "interviews").glob("*.json")
    return found


def ask(*args: str, stdin: str | None = None, **environment: str) -> Result:
    """Hold an interview that ends well."""
    result = run("ask", *args, stdin=stdin, **environment)
    assert result.exit_code == 0, result.stderr
    return result


def answers_file(folder: Path, *lines: str) -> str:
    """Write a file of answers."""
    path = folder / "answers.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)
