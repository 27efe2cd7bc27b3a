"""People for the benchmark of the runner model: single persons, and tables of drawn ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.drawing import draw_many

MODEL = "lbp-runner"
Answers = Mapping[str, str]
"""{what was asked: the state that the answer means}: what both a model and its network take"""

FACET: Answers = MappingProxyType(
    {
        "leaning_back": "yes",
        "downhill_running": "yes",
        "prolonged_standing": "yes",
        "coughing": "no",
        "referral": "buttock",
        "age": "35_to_44",
    }
)

TEN_FINDINGS: Answers = MappingProxyType(
    {
        "bending_forward": "yes",
        "prolonged_sitting": "yes",
        "rising_from_sitting": "yes",
        "coughing": "yes",
        "leaning_back": "yes",
        "night_pain": "yes",
        "one_sided": "yes",
        "pins_and_needles": "yes",
        "dimple_tenderness": "yes",
        "running_impact": "yes",
    }
)

AGE_AND_SEX: Answers = MappingProxyType({"age": "35_to_44", "sex": "female"})

# Of a person who answered everything: what was not a plain no.
NOT_NO: Answers = MappingProxyType(
    {
        **TEN_FINDINGS,
        **AGE_AND_SEX,
        "main_pain": "buttock",
        "referral": "thigh",
        "morning_stiffness": "under_30_min",
        "duration": "6_to_12_weeks",
        "getting_worse": "yes",
        "spasm": "yes",
        "twisting": "yes",
        "downhill_running": "yes",
        "hamstring_tightness": "yes",
        "training_spike": "yes",
        "weak_gluteals": "yes",
        "worn_shoes": "yes",
        "previous_low_back_pain": "yes",
        "prolonged_desk_sitting": "yes",
        "thigh_thrust": "yes",
        "slump": "yes",
        "faber": "yes",
    }
)

SIX, TWELVE, TEN, EVERYTHING = (
    "six answers",
    "ten findings, age and sex",
    "nothing known but ten findings",
    "everything answered",
)
SEED, POOL, FIXED, ANSWERED = 20_240, 1 << 13, 3, 10


def questions(model: DiagnosticModel) -> tuple[str, ...]:
    """List what can be asked and is a variable of the network: risk factors, then findings."""
    return (*model.description.risk_factors, *model.description.findings)


def people(model: DiagnosticModel) -> dict[str, Answers]:
    """Make the persons: {who: answers}."""
    plain = {name: model.network.variable(name).states[0] for name in questions(model)}
    return {
        SIX: FACET,
        TWELVE: {**TEN_FINDINGS, **AGE_AND_SEX},
        TEN: TEN_FINDINGS,
        EVERYTHING: {**plain, **NOT_NO},
    }


@dataclass(frozen=True, eq=False)
class Crowd:
    """A table of drawn people: {question: its answers as states, shape (rows,), None: not asked}.

    Reading goes on from the top where the table ends.
    """

    name: str
    columns: Mapping[str, np.ndarray]

    def table(self, start: int, rows: int) -> dict[str, np.ndarray]:
        """Take some rows as columns."""
        places = np.arange(start, start + rows) % POOL
        return {name: column[places] for name, column in self.columns.items()}

    def cases(self, start: int, rows: int) -> list[dict[str, str]]:
        """Take some rows one by one, each with what it answered."""
        table = {name: column.tolist() for name, column in self.table(start, rows).items()}
        return [
            {name: column[row] for name, column in table.items() if column[row] is not None}
            for row in range(rows)
        ]


def questionnaires(model: DiagnosticModel) -> list[Crowd]:
    """Draw tables of people who all answer the same ten findings, age and sex."""
    rng = np.random.default_rng(SEED)
    drawn = _states(model, rng)
    findings = [name for name in model.description.findings if name not in AGE_AND_SEX]
    asked = [(*AGE_AND_SEX, *rng.choice(findings, ANSWERED, replace=False)) for _ in range(FIXED)]
    return [
        Crowd(f"questionnaire {number}", {str(name): drawn[str(name)] for name in names})
        for number, names in enumerate(asked, start=1)
    ]


def ragged(model: DiagnosticModel) -> Crowd:
    """Draw a table of people who each answer ten questions of their own."""
    rng = np.random.default_rng(SEED + 1)
    drawn = _states(model, rng)
    asked = questions(model)
    answered = rng.random((len(asked), POOL)).argsort(axis=0) < ANSWERED
    columns = {
        name: np.where(told, drawn[name], np.array(None))
        for name, told in zip(asked, answered, strict=True)
    }
    return Crowd("each row its own ten answers", columns)


def _states(model: DiagnosticModel, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Whole drawn people, each variable as an array of its states' names."""
    drawn = draw_many(model.network, rng, POOL)
    return {
        name: np.array(model.network.variable(name).states, dtype=object)[codes]
        for name, codes in drawn.items()
    }
