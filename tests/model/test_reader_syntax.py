"""Files that are not YAML, or YAML made to exhaust its reader."""

import pytest
import yaml
from support.reader import problems

from bayesnet.model.reading import syntax_words, yaml_source

pytestmark = pytest.mark.usefixtures("in_folder")

SYNTAX = {
    "unclosed brace": ("a: {b: 1\nc: 2", 1, "a '{' that is not closed"),
    "unclosed bracket": ("a: [1, 2\nb: 3", 1, "a '[' that is not closed"),
    "tab": ("a:\n\tb: 1", 2, "not tabs"),
    "unclosed quote": ('a: 1\nb: "x\nc: 2\n', 2, "a quote that is never closed"),
    "indentation": ("a:\n  b: 1\n c: 2", 3, "check its indentation"),
    "colon in text": ("a: b: c", 1, "put the text in quotes"),
    "line without a colon": ("a: 1\nb\nc: 2", 3, "add the ':'"),
    "undefined alias": ("a: *nothing", 1, "nothing above is marked '&nothing'"),
    "alias of itself": ("a: &x [*x]", 1, "nothing above is marked '&x'"),
    "two documents": ("a: 1\n---\nb: 2", 2, "a second document"),
    "control character": ("a: 1\nb: \x00", 2, "a control character; delete it"),
    "empty": ("", 1, "the file is empty"),
    "comments only": ("# nothing\n", 2, "the file is empty"),
    "deep": ("[" * 5000, 1, "nested more than"),
}


@pytest.mark.parametrize("case", SYNTAX)
def test_syntax(case: str) -> None:
    text, line, words = SYNTAX[case]
    (found,) = problems({"m.yaml": text})
    assert words in found
    assert found.startswith(f"m.yaml:{line}:")


@pytest.mark.parametrize("case", SYNTAX)
def test_syntax_without_the_c_library(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.SafeLoader)
    (found,) = problems({"m.yaml": SYNTAX[case][0]})
    assert found.startswith("m.yaml:")


def test_laughs_are_not_expanded() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (found,) = problems("\n".join(lines))
    assert "m.yaml:6:" in found
    assert "more than 200000 values" in found


def test_not_utf8() -> None:
    (found,) = problems({"m.yaml": "a: 1\nbé: ".encode() + b"\xff\n"})
    assert found == "m.yaml:2:5: not UTF-8 text; save the file with the encoding UTF-8"


def test_a_parser_that_stops_by_itself_at_a_depth_is_put_into_the_same_words():
    """As the one of Python 3.13's builds does."""
    said = syntax_words.in_plain_words("exceeded maximum nesting depth of 10000")
    assert said.startswith("nested more than")
