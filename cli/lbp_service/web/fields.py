"""Read the fields of a form, as browsers post them."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from bayesnet import EvidenceError

FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 2000
"""Fields of one form; all that a model can be told is a few hundred."""


@dataclass(frozen=True)
class Fields:
    """The fields of a form: (name, text), in the order of the page; a name may come again."""

    pairs: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str:
        """Return the first text of this name without blanks around it; empty where there is none.

        >>> Fields((("answer", " 42 "),)).first("answer")
        '42'
        """
        return next((text.strip() for each, text in self.pairs if each == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return all texts of this name."""
        return tuple(text for each, text in self.pairs if each == name)

    def under(self, prefix: str) -> dict[str, str]:
        """Return {rest of the name: text} of the fields whose names begin so.

        >>> Fields((("if.age", "42"), ("asked", "age"))).under("if.")
        {'age': '42'}
        """
        return {
            name.removeprefix(prefix): text.strip()
            for name, text in self.pairs
            if name.startswith(prefix)
        }


def read_fields(content: bytes) -> Fields:
    """Read a form's body; raises EvidenceError where it is none.

    >>> read_fields(b"asked=age&answer=4%32").first("answer")
    '42'
    """
    try:
        pairs = parse_qsl(
            content.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except (UnicodeDecodeError, ValueError):
        raise EvidenceError("the form cannot be read; go back and send it again") from None
    return Fields(tuple(pairs))
