"""Lay out the interviews: the figures to reach, the policies side by side, who was not found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bayesnet.tuning.scoring.means import mean_of
from lbp_validation.interviews.cases import (
    CaseInterview,
    differing,
    lower,
    paused,
    same_urgency,
)
from lbp_validation.interviews.figures import (
    COMING,
    MEASURES,
    SERIOUS,
    curve_grid,
    end_grid,
    groups,
    lost,
)
from lbp_validation.interviews.goals import LISTED_AT, goals_of, over
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.limits import left_grid, limit_grids
from lbp_validation.interviews.people import HALVES, RARE
from lbp_validation.interviews.plan import Plan
from lbp_validation.interviews.policies import VALUE
from lbp_validation.interviews.record import CALM
from lbp_validation.interviews.textbook import TextbookInterview
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal, goals_grid

SHORT = (7, 10, 15, 20, 30)
TEXTBOOK = ("textbook person of", "questions", "cause", "listed", "urgency", "with all answers")
HOW = (
    "People are drawn from the model itself and answer truly, every question: this is arithmetic "
    "of the model, and an upper end for real people. Two thirds come as they are, a third were "
    "drawn for a serious cause, each as often. The other policies meet some of the same people, as "
    "many as their rows say. Each goes on past its stop and past an emergency, so that they can be "
    "compared at every number of questions. A screen counts as one question, its lines as answers. "
    "In brackets: 95 % intervals.",
    "Good weeks lost: by the pathway that seems best at that point, expected with all answers, "
    "against the one that is best then. What is lost by the care told also knows that the urgency "
    "leaves some care out. The interview's own: as `lbp-infer ask` does. Information: who it is, "
    "the screens, then what tells most about all causes. Confirm the first cause: the same, about "
    "the cause that leads. Usual order: that of a history as it is usually taken, whoever answers. "
    "Random order: another one for each person.",
    "At the stop, no emergency ending it: what would be known had the interview of those whom an "
    "emergency ends early gone on to its stop; the share had, and the good weeks lost, are judged "
    "there, since in an emergency it is the hospital that goes on.",
)
LIMITS = (
    "The interview ends where everything that is open is together worth less than a limit, and the "
    "next six answers leave the urgency as it is with a certainty; or after 30 questions. Here "
    "the same interviews are ended by other limits. As in the model: {gain:g} good weeks, "
    "{stays:.0%}."
)


LEFT = (
    "What was said to be left before a question, wherever that had a say, and what ending there "
    "would have lost; people as they come, several times each. The two agree where it is right:"
)


@dataclass(frozen=True)
class Interviews:
    """Everything that was interviewed."""

    plan: Plan
    policies: tuple[str, ...]
    found: Group
    textbooks: tuple[TextbookInterview, ...]
    cases: tuple[CaseInterview, ...]

    @property
    def outside(self) -> dict[str, tuple[Group, float]]:
        """{condition not of the back: the people drawn with it, the share to be listed}."""
        return {
            cause: (self._drawn_with(cause), share) for cause, share in self.plan.outside.items()
        }

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Every figure to reach."""
        named = groups(self.found)
        return tuple(goals_of(named, self.outside, self.textbooks, self.cases))

    def _drawn_with(self, cause: str) -> Group:
        return self.found.having(
            lambda each: each.person.group == RARE and cause in each.person.causes
        )


def sections(done: Interviews) -> Iterator[Section]:
    """Yield the sections of the report, the figures to reach first."""
    named = groups(done.found)
    yield Section("Figures to reach", (goals_grid(done.goals),))
    yield Section("How", (*HOW, _cost(done)))
    yield Section("In short", (short_grid(named, done.policies),))
    yield Section("At the end of the interview", (end_grid(named), *_halves(done)))
    yield Section(
        "Other limits of the stop",
        (_limits(done), *limit_grids(named), LEFT, left_grid(named[COMING])),
    )
    for measure in MEASURES:
        grid = curve_grid(measure, named[measure.people], done.policies)
        yield Section(f"By questions: {measure.name}, {measure.people}", (grid,))
    yield Section("Good weeks that the others lose more", (_paired(named, done.policies),))
    yield Section("Not of the back", (_outside(done), _textbooks(done.textbooks)))
    if done.cases:
        yield Section("Published cases", tuple(_cases(done.cases)))


def short_grid(named: Mapping[str, Group], policies: Sequence[str]) -> Grid:
    """Tabulate, for people in a hurry, what people with a serious cause still lose."""
    serious = named[SERIOUS]
    headers = ("good weeks still lost after", *(f"{mark} questions" for mark in SHORT))
    rows = tuple(
        (policy, *(f"{serious.met(policy).lost((policy, mark)).mean():.1f}" for mark in SHORT))
        for policy in policies
    )
    return Grid(headers, rows, frozenset(headers[1:]))


def _limits(done: Interviews) -> str:
    described = done.found.model.description.interview
    return LIMITS.format(gain=described.stop_below_gain, stays=described.urgency_stays)


def _cost(done: Interviews) -> str:
    seconds = [each.seconds for each in done.found.records]
    return (
        f"{len(seconds)} people took {sum(seconds) / 60:.0f} minutes of one core, "
        f"{sum(seconds) / max(1, len(seconds)):.1f} seconds each."
    )


def _halves(done: Interviews) -> Iterator[str | Grid]:
    yield (
        "The same in the half on which weights of the policy may be chosen, and in the half that "
        "is held back:"
    )
    yield end_grid(
        {
            f"{who}, {half}": group
            for half in HALVES
            for who, group in groups(_half(done.found, half)).items()
        }
    )


def _half(found: Group, half: str) -> Group:
    return found.having(lambda each: each.person.half == half)


def _paired(named: Mapping[str, Group], policies: Sequence[str]) -> Grid:
    """Tabulate how much more each policy loses than the interview's own, on the same people."""
    headers = ("policy", *(f"{who}, at {mark}" for who in named for mark in (10, 20)))
    rows = tuple(
        (
            policy,
            *(
                str(mean_of(group.lost((policy, mark)) - group.lost((VALUE, mark))))
                for group in (each.met(policy) for each in named.values())
                for mark in (10, 20)
            ),
        )
        for policy in policies
        if policy != VALUE
    )
    return Grid(headers, rows, frozenset(headers[1:]))


def _outside(done: Interviews) -> Grid:
    headers = ("drawn with", "people", f"listed after question {LISTED_AT}", "good weeks lost")
    rows = tuple(
        (cause, str(len(group)), str(over(group, cause)), str(lost(group, CALM)))
        for cause, (group, _) in done.outside.items()
    )
    return Grid(headers, rows, frozenset(headers[1:]))


def _textbooks(found: Sequence[TextbookInterview]) -> Grid:
    rows = tuple(
        (
            each.cause,
            str(each.questions),
            f"{each.probability:.0%}",
            "yes" if each.listed else "no",
            each.level,
            each.at_once,
        )
        for each in found
    )
    return Grid(TEXTBOOK, rows, frozenset(TEXTBOOK[1:3]))


def _cases(cases: Sequence[CaseInterview]) -> Iterator[str | Grid]:
    yield (
        "Each published case is interviewed as its clinician would be, with an answer only where "
        "its source states it; all else is not known. At once: the urgency of all its facts "
        f"together. The same at the end: {same_urgency(cases).in_full}; lower in "
        f"{len(lower(cases))}. Those that differ:"
    )
    yield differing(cases)
    yield "Had it paused after so many questions in a row that the case does not answer:"
    yield paused(cases)
