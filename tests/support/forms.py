"""Someone at the page without JavaScript: reads HTML, fills forms in, presses buttons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from support.service import Caller, Reply

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VOID = {"input", "meta", "link", "br", "hr", "img"}
Pairs = list[tuple[str, str]]


@dataclass
class Element:
    """An element with its attributes and what stands in it, text included."""

    tag: str
    attributes: Mapping[str, str]
    inside: "list[Element | str]" = field(default_factory=list)

    def all(self, *tags: str) -> "Iterator[Element]":
        """All elements of these kinds in it, in order."""
        for each in self.inside:
            if isinstance(each, Element):
                if each.tag in tags:
                    yield each
                yield from each.all(*tags)

    @property
    def text(self) -> str:
        """All text in it, blanks made single."""
        parts = [each if isinstance(each, str) else each.text for each in self.inside]
        return " ".join(" ".join(parts).split())

    def get(self, name: str) -> str:
        """An attribute, empty without it."""
        return self.attributes.get(name, "")


class _Reader(HTMLParser):
    """Builds the tree; raises AssertionError where elements do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: bytes) -> Element:
    """Read a page, every element of which is closed in its place."""
    reader = _Reader()
    reader.feed(html.decode("utf-8"))
    reader.close()
    assert len(reader.open) == 1, [each.tag for each in reader.open]
    return reader.open[0]


class Visitor:
    """A person who reads a page and answers it."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.reply = caller.get("/")
        self.page = parsed(self.reply.body)

    def send(self, pairs: Pairs, address: str = "/") -> Reply:
        """Post fields as they are, and read what comes."""
        body = urlencode(pairs).encode()
        self.reply = self.caller.send("POST", address, [body], FORM)
        self.page = parsed(self.reply.body)
        return self.reply

    def press(self, button: str, **typed: str | list[str]) -> Reply:
        """Press the button of this text, with fields filled in or boxes ticked by name.

        Of names `__` stands for a point.
        """
        form, pressed = self.button(button)
        filled = {name.replace("__", "."): value for name, value in typed.items()}
        pairs = [*self.fields(form, filled)]
        if pressed.get("name"):
            pairs.append((pressed.get("name"), pressed.get("value")))
        assert form.get("method") == "post"
        return self.send(pairs, form.get("action"))

    def button(self, text: str) -> tuple[Element, Element]:
        """The first button of this text or name for screen readers, and its form."""
        for form in self.page.all("form"):
            for each in form.all("button"):
                if text in (each.text, each.get("aria-label")):
                    return form, each
        raise AssertionError(f"no button '{text}' in: {self.page.text[:2000]}")

    def fields(
        self, form: Element, filled: Mapping[str, str | list[str]]
    ) -> Iterator[tuple[str, str]]:
        """The fields that a browser would send."""
        found = list(form.all("input", "select"))
        names = {each.get("name") for each in found}
        assert set(filled) <= names, (set(filled) - names, names)
        for each in found:
            name, value = each.get("name"), each.get("value")
            if not name:
                continue
            if each.tag == "select":
                chosen = [o for o in each.all("option") if "selected" in o.attributes]
                options = [*chosen, *each.all("option")]
                yield name, str(filled.get(name, options[0].get("value")))
            elif each.get("type") in ("radio", "checkbox"):
                wanted = filled.get(name)
                ticked = "checked" in each.attributes if wanted is None else value in wanted
                if isinstance(wanted, str):
                    ticked = value == wanted
                if ticked:
                    yield name, value
            else:
                yield name, str(filled.get(name, value))

    def hidden(self, name: str) -> list[str]:
        """The values of the hidden fields of this name, in the first form."""
        form = next(self.page.all("form"))
        fields = [each for each in form.all("input") if each.get("type") == "hidden"]
        return [each.get("value") for each in fields if each.get("name") == name]

    @property
    def asked(self) -> str:
        """The id of what is asked; empty where nothing is."""
        return next(iter(self.hidden("asked")), "")

    @property
    def heading(self) -> str:
        """The heading of the page, of which there is one."""
        (found,) = self.page.all("h1")
        return found.text

    @property
    def numbers(self) -> dict[str, float]:
        """{label: number} of all rows that hold one, to the last digit."""
        rows = {}
        for row in self.page.all("tr"):
            heads, data = [*row.all("th")], [*row.all("data")]
            if heads and data:
                rows[heads[0].text] = float(data[-1].get("value"))
        return rows
