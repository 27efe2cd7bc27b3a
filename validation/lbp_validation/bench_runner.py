"""Our model against pyAgrum: posteriors and every question's information, one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bayesnet.diagnosis.intake import Intake, take_in
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.questions import candidates
from bayesnet.engine import Engine
from bayesnet.network import Array
from lbp_validation.bench_peer import TOLERANCE, Peer, largest_difference, peers
from lbp_validation.bench_people import Answers, people
from lbp_validation.bench_timing import (
    Contender,
    fastest_of,
    interleaved,
    milliseconds,
    ratio,
    worth_timing,
)
from lbp_validation.document import Grid, Section

ROUNDS = 20
NEW_ROUNDS = 8
HEADERS = ("person", "what is computed", "ours ms", "pyAgrum ms", "times faster (10-90 %)")


@dataclass(frozen=True, eq=False)
class Query:
    """What one person's answers ask of the engine."""

    intake: Intake
    causes: tuple[str, ...]
    questions: tuple[str, ...]

    def posteriors(self, engine: Engine) -> Mapping[str, Array]:
        """All unobserved variables."""
        return engine.marginals(self.intake.evidence)

    def posteriors_and_questions(
        self, engine: Engine
    ) -> tuple[Mapping[str, Array], Mapping[str, float]]:
        """All unobserved variables, and each open question's bits about the joint of causes."""
        return engine.marginals_and_information(self.causes, self.questions, self.intake.evidence)


def runner_section(model: DiagnosticModel) -> Section:
    """One row for each person and task."""
    rivals = peers(model.network)
    rows: list[tuple[str, ...]] = []
    for who, answers in people(model.known).items():
        rows += _rows(model, rivals, who, answers)
    return Section(
        f"{model.description.model.id}: one person "
        f"({len(model.network.names)} variables, {len(model.description.causes)} causes)",
        (
            "pyAgrum computes the posteriors of all unobserved variables and nothing else, in "
            "every row. `+ questions` adds each open question's expected information about the "
            "joint of the causes. `first time` is that by an engine that has not met this set of "
            "answered questions before, so that it plans too. `diagnose` is the whole report.",
            Grid(HEADERS, tuple(rows), frozenset(HEADERS[2:])),
        ),
    )


def _rows(
    model: DiagnosticModel, rivals: tuple[Peer, ...], who: str, answers: Answers
) -> list[tuple[str, ...]]:
    intake = take_in(model.known, answers)
    questions = tuple(candidates(model.known, intake, "clinician"))
    query = Query(intake, tuple(model.description.causes), questions)
    both, _ = query.posteriors_and_questions(model.engine)
    answers_given = [(intake.evidence, query.posteriors(model.engine)), (intake.evidence, both)]
    difference = largest_difference(rivals, answers_given)
    if not difference <= TOLERANCE:
        return [(who, "posteriors", "-", "-", f"answers differ by {difference:.1e}: no time")]
    theirs = worth_timing([_theirs(peer, query) for peer in rivals])
    warm = (
        _ours("posteriors", lambda: query.posteriors(model.engine)),
        _ours("posteriors + questions", lambda: query.posteriors_and_questions(model.engine)),
        _ours("diagnose", lambda: model.diagnose(answers, audience="clinician")),
    )
    return [*_timed_rows(who, warm, theirs, ROUNDS), *_new_rows(model, query, theirs)]


def _new_rows(
    model: DiagnosticModel, query: Query, theirs: list[Contender]
) -> list[tuple[str, ...]]:
    def prepare() -> Callable[[], object]:
        engine = Engine(model.network)
        return lambda: query.posteriors_and_questions(engine)

    new = Contender("posteriors + questions, first time", prepare)
    return _timed_rows("", (new,), theirs, NEW_ROUNDS)


def _timed_rows(
    who: str, ours: tuple[Contender, ...], theirs: list[Contender], rounds: int
) -> list[tuple[str, ...]]:
    seconds = interleaved([*ours, *theirs], rounds)
    best = seconds[fastest_of(seconds, [each.name for each in theirs])]
    return [
        (
            who if i == 0 else "",
            each.name,
            milliseconds(seconds[each.name]),
            milliseconds(best),
            str(ratio(best, seconds[each.name])),
        )
        for i, each in enumerate(ours)
    ]


def _ours(name: str, job: Callable[[], object]) -> Contender:
    return Contender(name, lambda: job)


def _theirs(peer: Peer, query: Query) -> Contender:
    evidence = dict(query.intake.evidence)
    return Contender(peer.name, lambda: lambda: peer.posteriors(evidence))
