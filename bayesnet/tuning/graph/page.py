"""Put the drawing of a model on a page that opens from disk, with a table of its lines."""

from html import escape

from bayesnet.tuning.graph.parts import Graph

_STYLE = """\
body { font: 16px/1.4 Helvetica, Arial, sans-serif; color: #1a1a1a; margin: 1rem; }
.node { cursor: pointer; }
.node:focus { outline: 2px solid #1a1a1a; outline-offset: 2px; }
svg.chosen .line { stroke-opacity: 0.04; }
svg.chosen .line.near { stroke-opacity: 0.95; }
svg.chosen .node { opacity: 0.3; }
svg.chosen .node.near { opacity: 1; }
table { border-collapse: collapse; font-size: 14px; }
th, td { text-align: left; padding: 0.1rem 0.8rem 0.1rem 0; }
td.number { text-align: right; }
"""
_SCRIPT = """\
const svg = document.querySelector("svg");
const lines = [...svg.querySelectorAll(".line")].map(e => [e, e.dataset.ends.split(" ")]);
const patterns = new Set([...svg.querySelectorAll("[data-layer=pattern]")].map(e => e.id));
const show = name => {
  svg.classList.toggle("chosen", name !== null);
  const near = new Set([name]), ahead = new Set(), behind = new Set();
  for (const [, [from, to]] of lines) {
    if (from === name && patterns.has(to)) ahead.add(to);
    if (to === name && patterns.has(from)) behind.add(from);
  }
  for (const [line, ends] of lines) {
    const shown = ends.includes(name) || ahead.has(ends[0]) || behind.has(ends[1]);
    line.classList.toggle("near", shown);
    if (shown) ends.forEach(end => near.add(end));
  }
  svg.querySelectorAll(".node").forEach(e => e.classList.toggle("near", near.has(e.id)));
};
svg.querySelectorAll(".node").forEach(e => {
  e.addEventListener("mouseenter", () => show(e.id));
  e.addEventListener("mouseleave", () => show(null));
  e.addEventListener("focus", () => show(e.id));
  e.addEventListener("blur", () => show(null));
});
"""


def graph_page(graph: Graph, title: str, drawing: str) -> str:
    """Return the page as HTML; drawing: what `graph_svg` made of the graph.

    A node that is pointed at, or reached by the Tab key, shows its own lines alone, also those
    through patterns.
    """
    labels = {node.id: node.label for node in graph.nodes}
    rows = "\n".join(
        f"<tr><td>{escape(labels[each.source])}</td><td>{escape(labels[each.target])}</td>"
        f'<td class="number">{each.ratio:.2g}</td></tr>'
        for each in sorted(graph.links, key=lambda link: (link.source, -link.strength))
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}</style></head>\n<body>\n"
        f"<p>Point at a node, or go through them by the Tab key, to see its own lines.</p>\n"
        f"{drawing}\n<details><summary>The lines as a table</summary>\n<table>\n"
        f"<tr><th>With</th><th>how common is</th><th>times</th></tr>\n{rows}\n</table></details>\n"
        f"<script>\n{_SCRIPT}</script>\n</body></html>\n"
    )
