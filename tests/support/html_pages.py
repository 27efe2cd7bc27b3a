"""What every page has to be: whole, by itself, and readable by a screen reader."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise


class Outline(HTMLParser):
    """What stands on a page: its tags in order, with what they say of themselves."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "rect", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def whole_and_accessible(page: str) -> Counter[str]:
    """Check a page, and return how many there are of each tag.

    Every tag is closed, headings leave no level out, ids are there once, drawings and tables say
    what they are, and nothing is fetched from anywhere.
    """
    outline = Outline(page)
    assert outline.open == []
    names = Counter(tag for tag, _ in outline.tags)
    assert names["h1"] == names["main"] == names["header"] == names["footer"] == 1
    assert dict(outline.tags[:1])["html"]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert names["table"] == names["caption"] >= names["svg"]
    for tag, attributes in outline.tags:
        if tag == "svg":
            assert attributes["role"] == "img"
            assert attributes["aria-label"]
        if tag == "th":
            assert attributes["scope"] in ("row", "col")
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = [a["aria-labelledby"] for _, a in outline.tags if "aria-labelledby" in a]
    assert set(labelled) <= set(ids)
    linked = [a["href"] for _, a in outline.tags if "href" in a]
    assert {(each or "#")[1:] for each in linked} <= set(ids)
    return names
