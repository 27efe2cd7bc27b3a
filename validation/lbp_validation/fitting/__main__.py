"""`python -m lbp_validation.fitting`: add a row to fitting.md.

A row is one set of fits of one model; a row of the same model, cases and numbers is replaced.
"""

import sys

import click
import numpy as np

import bayesnet
from bayesnet.errors import BayesnetError
from bayesnet.tuning.fitting.fit import Options
from lbp_validation.extras import DRAWS, require
from lbp_validation.fitting.coverage import Drawn, Replicate, against_itself, against_the_truth
from lbp_validation.paths import output_folder

HEAD = """\
# Fits of cases of known models

`python -m lbp_validation.fitting MODEL --cases N --fits K` adds a row. Cases are drawn from models
whose numbers are drawn from the uncertainty of MODEL's, or from MODEL itself; 30 % of the answers
and causes are missing at random. Covered: of the fitted numbers (of those with states each share),
how many the new 95 % interval holds; others: the same of numbers in doubt that the cases say next
to nothing of. Beyond: numbers that left the interval that they had. Least rise: of the penalised
log likelihood, in any step of any fit.

| model | cases of | cases | numbers | fits | covered | of | others | beyond | steps | least rise \
| CPU s a fit |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


@click.command()
@click.argument("model")
@click.option("--cases", type=click.IntRange(1), default=2000, show_default=True)
@click.option("--fits", type=click.IntRange(1), default=4, show_default=True)
@click.option("--prevalences-only", is_flag=True)
@click.option("--itself", is_flag=True, help="Cases of the model itself.")
def main(model: str, cases: int, fits: int, prevalences_only: bool, itself: bool) -> None:
    """Fit MODEL to cases of models drawn around it, and count what its intervals hold."""
    try:
        require(*DRAWS)
        loaded = bayesnet.load_model(model)
        options = Options(prevalences_only=prevalences_only, share=0.0)
        way = against_itself if itself else against_the_truth
        found = []
        for at in range(fits):
            found.append(way(loaded, Drawn(cases, 0.3), options, (cases, at)))
            click.echo(f"{at + 1} of {fits}: {_figures(found[-1:])}", err=True)
    except BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    name = loaded.description.model.id
    about = f"| {name} | {'itself' if itself else 'models around it'} | {cases:,} "
    about += f"| {'prevalences' if prevalences_only else 'all'} |"
    path = output_folder() / "fitting.md"
    old = path.read_text(encoding="utf-8").removeprefix(HEAD) if path.exists() else ""
    rows = [row for row in old.splitlines() if not row.startswith(about)]
    rows.append(f"{about} {_figures(found)}")
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    click.echo(f"Written to {path}")


def _figures(found: list[Replicate]) -> str:
    inside = [each for one in found for each in one.inside]
    unmoved = [each for one in found for each in one.unmoved]
    steps = [one.steps for one in found]
    cells = (
        len(found),
        f"{np.mean(inside):.1%}" if inside else "-",
        len(inside),
        f"{np.mean(unmoved):.1%} of {len(unmoved)}" if unmoved else "-",
        sum(one.beyond for one in found),
        f"{min(steps)}-{max(steps)}",
        f"{min(one.least for one in found):.2g}",
        f"{np.mean([one.seconds for one in found]):.0f}",
    )
    return f"{' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
