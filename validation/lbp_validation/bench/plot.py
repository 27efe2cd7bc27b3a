"""How near each figure comes to its goal, as a picture on a logarithmic scale.

Meets matplotlib, of the extra `validation`, imported inside functions.
"""

from collections.abc import Iterable
from pathlib import Path

from lbp_validation.bench.row import NEVER, Row
from lbp_validation.extras import DRAWS, require

COLOURS = {"numpy": "#0072b2", "numba": "#d55e00", "-": "#333333"}
WIDTH, LINE, ROOM = 11.0, 0.27, 1.2


def plot(rows: Iterable[Row], path: Path) -> None:
    """Write the picture; the ending of the path decides its format.

    Raises MissingExtraError without matplotlib.
    """
    require(*DRAWS)
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    mpl.rcParams["svg.hashsalt"] = "lbp"
    shown = [(row, row.share) for row in rows]
    lines = [(row, share) for row, share in shown if share and row.found != NEVER]
    figure, axes = pyplot.subplots(figsize=(WIDTH, LINE * len(lines) + ROOM), layout="constrained")
    for executor, colour in COLOURS.items():
        ours = [(-at, s) for at, (row, s) in enumerate(lines) if row.executor == executor]
        if ours:
            axes.errorbar(
                [share.median for _, share in ours],
                [place for place, _ in ours],
                xerr=[
                    [share.median - share.least for _, share in ours],
                    [share.most - share.median for _, share in ours],
                ],
                fmt="o",
                markersize=4,
                color=colour,
                label="any executor" if executor == "-" else executor,
            )
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks([-at for at in range(len(lines))], [row.what for row, _ in lines])
    axes.grid(visible=True, axis="x", alpha=0.3)
    axes.set_xlabel("times as good as the goal\n(median, least to most): right of 1 is reached")
    figure.legend(loc="outside upper center", ncols=3)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
