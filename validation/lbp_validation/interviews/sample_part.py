"""Interview a few simulated people as part of the validation, and refer to the whole."""

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.interviews.figures import COMING, end_grid, groups
from lbp_validation.interviews.goals import early_goal, length_goal
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.people import people
from lbp_validation.interviews.record import sampled
from lbp_validation.report.document import Section
from lbp_validation.report.part import Part

HOW = (
    "People drawn from the model are interviewed until the questions stop, and answer truly. "
    "`make interviews` asks more of them, by several policies, and all published cases."
)


def interviews_part(model: DiagnosticModel, count: int) -> Part:
    """Interview about so many people to the end."""
    found = Group(model, tuple(sampled(model, each) for each in people(model, count)))
    named = groups(found)
    goals = (length_goal(named[COMING]), early_goal(found))
    return Part((Section("Interviews", (HOW, end_grid(named))),), goals)
