"""`python -m lbp_validation.interviews`: write interviews.md and interviews.svg."""

import sys
import time
from dataclasses import dataclass
from math import inf
from pathlib import Path

import click

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import BayesnetError
from bayesnet.tuning.published_cases import load_cases
from lbp_validation.extras import DRAWS, require
from lbp_validation.interviews.figures import groups
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.kept import Kept
from lbp_validation.interviews.limits import limits_picture
from lbp_validation.interviews.people import mixed, people
from lbp_validation.interviews.plan import plan_of
from lbp_validation.interviews.plot import curves_picture
from lbp_validation.interviews.policies import OTHERS, VALUE, policies
from lbp_validation.interviews.pool import Pool
from lbp_validation.interviews.report import Interviews, sections
from lbp_validation.interviews.textbook import textbook_interview
from lbp_validation.paths import CASES, FURTHER_CASES, OUTSIDE, output_folder
from lbp_validation.report.document import Document, Section, as_markdown, as_text
from lbp_validation.report.goals import goals_grid
from lbp_validation.report.machine import machine_section

MODEL = "lbp-runner"
PICTURE, LIMITS = "interviews.svg", "interviews_limits.svg"
START = time.monotonic()


@dataclass(frozen=True)
class _Wanted:
    """How many are interviewed: see the options."""

    people: int
    compared: int | None
    minutes: float
    cases: int | None


@click.command()
@click.option("--people", "count", default=200, show_default=True, help="About so many are drawn.")
@click.option("--processes", default=2, show_default=True, help="Interviews held at a time.")
@click.option(
    "--policy",
    "others",
    type=click.Choice(OTHERS),
    default=OTHERS,
    multiple=True,
    help="What the interview's own policy is compared with; several times for several. [all]",
)
@click.option("--compared", type=click.IntRange(0), help="How many of them others ask. [all]")
@click.option(
    "--minutes",
    type=click.FloatRange(0),
    default=inf,
    help="After which nobody else who was drawn is interviewed. [none]",
)
@click.option(
    "--kept",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to which each interview is added; those in it are not held again. [none]",
)
@click.option("--cases", type=click.IntRange(0), help="Published cases asked, the first. [all]")
def main(
    count: int,
    processes: int,
    others: tuple[str, ...],
    compared: int | None,
    minutes: float,
    kept: Path | None,
    cases: int | None,
) -> None:
    """Interview simulated people by several policies, textbook persons, and published cases."""
    try:
        require(*DRAWS)
        model = bayesnet.load_model(MODEL)
        pool = Pool(MODEL, processes, others, Kept(kept, model.compiled.sha256), _told)
        done = _held(model, _Wanted(count, compared, minutes, cases), pool)
    except BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    path = output_folder() / "interviews.md"
    named = groups(done.found)
    pictures = {PICTURE: curves_picture(named, done.policies), LIMITS: limits_picture(named)}
    for name, each in pictures.items():
        path.with_name(name).write_text(f"{each.svg}\n", encoding="utf-8")
    shown = (f"![{each.caption}]({name})" for name, each in pictures.items())
    curves = Section("Curves", tuple(shown))
    title = f"Interviews of {done.found.model.description.model.id}"
    document = Document(title, (*sections(done), curves, machine_section()))
    path.write_text(as_markdown(document), encoding="utf-8")
    summary = Section("Figures to reach", (goals_grid(done.goals),))
    click.echo(as_text(Document(title, (summary,))))
    click.echo(f"Written to {path}")


def _held(model: DiagnosticModel, wanted: _Wanted, pool: Pool) -> Interviews:
    """Hold all interviews."""
    plan = plan_of(model)
    everybody = mixed(people(model, wanted.people, tuple(plan.outside)))
    cases = [case for path in (CASES, FURTHER_CASES, OUTSIDE) for case in load_cases(path)]
    compared = len(everybody) if wanted.compared is None else wanted.compared
    records = pool.people(everybody, compared, wanted.minutes)
    textbooks = tuple(textbook_interview(model, cause) for cause in plan.textbook)
    names = tuple(name for name in policies(model, 0) if name == VALUE or name in pool.others)
    asked = pool.cases(cases[: wanted.cases])
    return Interviews(plan, names, Group(model, records), textbooks, asked)


def _told(what: str) -> None:
    click.echo(f"{time.monotonic() - START:5.0f} s  {what} ...", err=True)


if __name__ == "__main__":
    main()
