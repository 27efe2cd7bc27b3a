"""Draw a model's graph as SVG: columns of nodes, and lines as wide as the ties are strong."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from bayesnet.tuning.graph.case import Case
from bayesnet.tuning.graph.parts import Graph, Layer, Link
from bayesnet.tuning.graph.placing import TOP, Placed, placed

INK, GREY, PAPER = "#1a1a1a", "#767676", "#ffffff"
COLOURS = ("#1f5f99", "#8a3b12", "#1b6e3c", "#7a2a78", "#7d6608", "#146b74", "#a3195b", "#4d4d4d")
"""Of the lines of a cause; dark enough to be told from the paper, and apart from each other."""
CHARACTER = 6.3
"""Width of a character of 12 pixels, on average."""
CUT: Mapping[Layer, int] = {"factor": 42, "cause": 44, "pattern": 38, "finding": 60}
"""Characters of a label that fit; the node's title has all of it."""
GAP = 190
"""Space for the lines between two columns."""
BOX = 30
"""Height of the box of a cause."""
FAINT = 0.25
"""Of the opacity of other lines, that of those that no answer speaks of."""
SAMPLES = (1.5, 3.0, 10.0)
LEAST_WIDTH = 700
"""That what the lines mean has room."""
TITLE_CHARACTER = 9
SIGNED_LINE = 16
"""Height of a line of the signature."""
HEADS: Mapping[Layer, str] = {
    "factor": "Risk factors",
    "cause": "Causes",
    "pattern": "Patterns",
    "finding": "Findings",
}


class _Sheet:
    """The places of all nodes: heights by id, and the two edges of each column."""

    def __init__(self, graph: Graph, case: Case | None) -> None:
        now = {} if case is None else case.now
        leading = sorted(now, key=lambda name: -now[name])
        self.layers, self.height = placed(graph, leading)
        self.y = {each.node.id: each.y for column in self.layers.values() for each in column}
        self.of = {node.id: node.layer for node in graph.nodes}
        causes = [each.node.id for each in self.layers["cause"]]
        self.colour = {name: COLOURS[at % len(COLOURS)] for at, name in enumerate(causes)}
        self.edges: dict[Layer, tuple[float, float]] = {}
        x = 16.0
        for layer, column in self.layers.items():
            if column:
                width = _width(layer, column, case)
                self.edges[layer] = (x, x + width)
                x += width + GAP
        self.width = x - GAP + 16


def graph_svg(graph: Graph, title: str, signed: Sequence[str], case: Case | None = None) -> str:
    """Draw a graph; case: whose answers and probabilities are drawn in, causes by probability.

    signed: lines below it, of which model it is.
    """
    sheet = _Sheet(graph, case)
    answered = set() if case is None else set(case.answers)
    drawn = [_line(link, sheet, answered) for link in sorted(graph.links, key=_strength)]
    for layer, column in sheet.layers.items():
        if column:
            drawn.append(_head(layer, sheet))
            drawn += [_node(each, sheet, case) for each in column]
    lengths = [len(title) * TITLE_CHARACTER, *(len(line) * CHARACTER for line in signed)]
    width = round(max(sheet.width, LEAST_WIDTH, max(lengths) + 32))
    below = round(sheet.height + 16)
    height = below + len(signed) * SIGNED_LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-size="12" '
        f'font-family="Helvetica, Arial, sans-serif" fill="{INK}">'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
        f'<text x="16" y="24" font-size="17" font-weight="bold">{escape(title)}</text>'
        f"{''.join(_legend(case))}{''.join(drawn)}{''.join(_signature(signed, below))}</svg>"
    )


def _signature(signed: Sequence[str], below: int) -> Iterator[str]:
    for at, line in enumerate(signed):
        yield f'<text x="16" y="{below + at * SIGNED_LINE}" fill="{GREY}">{escape(line)}</text>'


def _strength(link: Link) -> float:
    return link.strength


def _width(layer: Layer, column: Sequence[Placed], case: Case | None) -> float:
    longest = max(len(_text(each, case)) for each in column)
    return min(longest, CUT[layer]) * CHARACTER + 20


def _text(each: Placed, case: Case | None) -> str:
    said = {} if case is None else case.answers
    answer = said.get(each.node.id)
    return each.node.label if answer is None else f"{each.node.label}: {answer}"


def _legend(case: Case | None) -> Iterator[str]:
    x = 16
    yield f'<text x="{x}" y="46">How many times more common with it:</text>'
    x += 230
    for ratio in SAMPLES:
        width = _stroke(Link("", "", ratio))
        yield f'<path d="M{x} 42h36" stroke="{INK}" stroke-width="{width:.1f}"/>'
        more = " or more" if ratio == SAMPLES[-1] else ""
        yield f'<text x="{x + 42}" y="46">{ratio:g}{more}</text>'
        x += 80
    x += 40
    yield f'<path d="M{x} 42h36" stroke="{INK}" stroke-width="2" stroke-dasharray="5 4"/>'
    yield f'<text x="{x + 42}" y="46">less common, or lower</text>'
    if case is not None:
        said = "Bar: probability now; tick: before any answer. Bold: what was answered."
        yield f'<text x="16" y="64">{said}</text>'


def _stroke(link: Link) -> float:
    return 0.5 + 5.5 * link.strength


def _line(link: Link, sheet: _Sheet, answered: set[str]) -> str:
    """Draw a link; one between two nodes of a column bends out to the left of it."""
    start, end = sheet.y[link.source], sheet.y[link.target]
    first, second = sheet.of[link.source], sheet.of[link.target]
    opacity = 0.25 + 0.6 * link.strength
    if answered and not answered & {link.source, link.target}:
        opacity *= FAINT
    if first == second:
        x = sheet.edges[first][0]
        bend = f"{x - 60:.0f} {start:.1f} {x - 60:.0f} {end:.1f}"
        path = f"M{x:.0f} {start:.1f}C{bend} {x:.0f} {end:.1f}"
    else:
        x, to = sheet.edges[first][1], sheet.edges[second][0]
        bend = f"{(x + to) / 2:.0f} {start:.1f} {(x + to) / 2:.0f} {end:.1f}"
        path = f"M{x:.0f} {start:.1f}C{bend} {to:.0f} {end:.1f}"
    colour = sheet.colour.get(link.source) or sheet.colour.get(link.target, GREY)
    dashed = ' stroke-dasharray="5 4"' if link.ratio < 1 else ""
    said = f"{link.source} to {link.target}: {link.ratio:.2g} times as common"
    return (
        f'<path class="line" data-ends="{link.source} {link.target}" d="{path}" fill="none" '
        f'stroke="{colour}" stroke-width="{_stroke(link):.1f}" stroke-opacity="{opacity:.2f}"'
        f"{dashed}><title>{escape(said)}</title></path>"
    )


def _head(layer: Layer, sheet: _Sheet) -> str:
    left, right = sheet.edges[layer]
    place = {"factor": (right, "end"), "finding": (left, "start")}
    x, anchor = place.get(layer, ((left + right) / 2, "middle"))
    return (
        f'<text x="{x:.0f}" y="{TOP - 8}" text-anchor="{anchor}" font-weight="bold" '
        f'font-size="14">{HEADS[layer]}</text>'
    )


def _node(each: Placed, sheet: _Sheet, case: Case | None) -> str:
    layer, name = each.node.layer, each.node.id
    text = _text(each, case)
    shown = text if len(text) <= CUT[layer] else f"{text[: CUT[layer] - 1]}…"
    left, right = sheet.edges[layer]
    boxed = layer in ("cause", "pattern")
    parts = _box(each, sheet, case) if boxed else _dot(each, sheet, case)
    weight = ' font-weight="bold"' if case is not None and name in case.answers else ""
    x, anchor = {"factor": (right - 14, "end"), "finding": (left + 14, "start")}.get(
        layer, ((left + right) / 2, "middle")
    )
    y = each.y if boxed and case is not None and layer == "cause" else each.y + 4
    return (
        f'<g class="node" id="{name}" data-layer="{layer}" tabindex="0">'
        f"<title>{escape(text)} ({name})</title>{parts}"
        f'<text x="{x:.0f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(shown)}</text></g>'
    )


def _dot(each: Placed, sheet: _Sheet, case: Case | None) -> str:
    left, right = sheet.edges[each.node.layer]
    x = right - 5 if each.node.layer == "factor" else left + 5
    known = case is not None and each.node.id in case.answers
    fill = INK if known else PAPER
    return f'<circle cx="{x:.0f}" cy="{each.y:.1f}" r="4" fill="{fill}" stroke="{INK}"/>'


def _box(each: Placed, sheet: _Sheet, case: Case | None) -> str:
    left, right = sheet.edges[each.node.layer]
    colour = sheet.colour.get(each.node.id, GREY)
    height = BOX if each.node.layer == "cause" else BOX - 8
    top = each.y - height / 2
    drawn = (
        f'<rect x="{left:.0f}" y="{top:.1f}" width="{right - left:.0f}" height="{height}" rx="4" '
        f'fill="{PAPER}" stroke="{colour}" stroke-width="1.5"/>'
    )
    if case is None or each.node.layer != "cause":
        return drawn
    width = right - left - 60
    now, before = case.now[each.node.id], case.before[each.node.id]
    y, tick = each.y + 6, left + 8 + before * width
    return (
        f'{drawn}<rect x="{left + 8:.0f}" y="{y:.1f}" width="{width:.0f}" height="5" '
        f'fill="#e4e4e4"/><rect x="{left + 8:.0f}" y="{y:.1f}" width="{now * width:.1f}" '
        f'height="5" fill="{colour}"/><path d="M{tick:.1f} {y - 2:.1f}v9" stroke="{INK}" '
        f'stroke-width="1.5"/><text x="{right - 6:.0f}" y="{y + 6:.1f}" text-anchor="end" '
        f'font-size="11">{now:.1%}</text>'
    )
