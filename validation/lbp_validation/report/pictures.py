"""Turn figures of matplotlib, of the extra `validation`, into SVG that fits into a page."""

import io
import re
from typing import Any

from lbp_validation.extras import DRAWS, require

HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)
PARTS = re.compile(r' id="[A-Za-z0-9]+_\d+"')
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
INK, SOFT, LINE = "#1d2329", "#5b6670", "#c3cad1"
COLOURS = ("#0072b2", "#d55e00", "#009e73")
"""Told apart by the colour-blind, too (Okabe and Ito's)."""


def new_figure(width: float, height: float) -> Any:
    """Make an empty figure, sizes in inches; text stays text, so that it can be searched.

    Raises MissingExtraError without matplotlib.
    """
    require(*DRAWS)
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.fonttype": "none", "font.size": 9.0, "text.color": INK})
    mpl.rcParams.update({"font.family": "sans-serif", "axes.edgecolor": SOFT})
    return Figure(figsize=(width, height), layout="constrained")


def as_svg(figure: Any, name: str) -> str:
    """Return the <svg> element, the same for the same figure; name: keeps its ids apart."""
    import matplotlib as mpl

    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    bare = METADATA.sub("", HEAD.sub("", stream.getvalue(), count=1))
    return PARTS.sub("", bare).strip()
