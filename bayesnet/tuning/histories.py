"""Draw people with full histories from a model, as a table that can be diagnosed again."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.interview.open_questions import check_audience, questions_for
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.variables import NO, YES
from bayesnet.tuning.drawing import Codes, draw_many

TRUE = "true_"
"""What the column of a cause begins with: whether the person has it."""
AT_ONCE = 4096
"""People drawn at once, which bounds memory; fixed, so that more people begin with the same."""

Table = Mapping[str, NDArray[np.object_]]
"""{column: texts, shape (people,)}."""


def truth_column(cause: str) -> str:
    """Return the name of the column that says who has a cause.

    >>> truth_column("facet_joint")
    'true_facet_joint'
    """
    return f"{TRUE}{cause}"


def draw_histories(
    model: DiagnosticModel, people: int, seed: int, audience: str = "self"
) -> Iterator[Table]:
    """Yield tables of people as the model expects them, who answered everything; `people` in all.

    Columns: every id that this audience can be asked, in states, bands, yes and no; then
    `true_<cause>` for every cause, yes or no. The same seed gives the same people, whatever their
    number: the first ten of a hundred are those of ten. Raises EvidenceError for
    an unknown audience.

        >>> import bayesnet
        >>> (table,) = draw_histories(bayesnet.load_model("lbp-runner"), people=3, seed=1)
        >>> len(table["age"]), set(table["true_disc"]) <= {"yes", "no"}
        (3, True)
    """
    columns = _asked(model, audience)
    for part, start in enumerate(range(0, people, AT_ONCE)):
        rng = np.random.default_rng([seed, part])
        codes = draw_many(model.network, rng, AT_ONCE)
        yield _table(model, columns, {n: c[: people - start] for n, c in codes.items()})


def columns_of(model: DiagnosticModel, audience: str) -> tuple[str, ...]:
    """Return the names of the columns that such people have, in order.

    Raises EvidenceError for an unknown audience.
    """
    asked = (each.id for each in _asked(model, audience))
    return (*asked, *map(truth_column, model.description.causes))


def _asked(model: DiagnosticModel, audience: str) -> list[Askable]:
    """List what this audience can be asked, and what follows from it."""
    check_audience(audience)
    asked = questions_for(model.known, audience)
    return [each for each in model.known.values() if (each.derived_from or each.id) in asked]


def _table(model: DiagnosticModel, columns: Sequence[Askable], codes: Codes) -> Table:
    answers = {each.id: _answers(model, each, codes) for each in columns}
    causes = model.description.causes
    return {**answers, **{truth_column(name): _states(model, name, codes) for name in causes}}


def _answers(model: DiagnosticModel, askable: Askable, codes: Codes) -> NDArray[np.object_]:
    if not askable.derived_from:
        return _states(model, askable.id, codes)
    states = model.network.variable(askable.derived_from).states
    told = [YES if state in askable.derived_states else NO for state in states]
    return np.array(told, dtype=object)[codes[askable.derived_from]]


def _states(model: DiagnosticModel, name: str, codes: Codes) -> NDArray[np.object_]:
    return np.array(model.network.variable(name).states, dtype=object)[codes[name]]
