"""Fill the model card by the headings of TRIPOD+AI; its words are data, its figures computed."""

from collections import defaultdict
from collections.abc import Mapping

import yaml

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import JUDGEMENT
from bayesnet.model.lookup.codings import codings_of
from bayesnet.model.lookup.scope import frequencies
from lbp_validation.held import is_of
from lbp_validation.paths import MODEL_CARD
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.part import left_out
from lbp_validation.simulation.decisions import SELF, thresholds

OF = "lbp-runner"
"""The model whose card data/model_card.yaml is, and of what extends it."""
NOT_FOUND = "not worked out, since that part was left out"
STATEMENT = (
    "By the headings of TRIPOD+AI (Collins et al. 2024, BMJ 385:e078378, "
    "https://doi.org/10.1136/bmj-2023-078378); the numbers are those of its checklist."
)


def model_card_section(model: DiagnosticModel, figures: Mapping[str, str]) -> Section:
    """Tabulate every entry of the card; figures: {name: words}, named in its text as {name}."""
    if not is_of(model, OF):
        (section,) = left_out("Model card", f"data/model_card.yaml is of {OF}").sections
        return section
    entries = yaml.load(MODEL_CARD.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    known = defaultdict(lambda: NOT_FOUND, {**_of_model(model), **figures})
    rows = tuple(
        (str(entry.get("item", "")), entry["heading"], entry["text"].strip().format_map(known))
        for entry in entries
    )
    return Section("Model card", (STATEMENT, Grid(("item", "heading", "what there is"), rows)))


def _of_model(model: DiagnosticModel) -> dict[str, str]:
    """Return what the card tells of the model file itself."""
    description = model.description
    sources = _sources(description)
    judged = sum(each == {JUDGEMENT} for each in sources)
    asked = [each for each in model.known.values() if not each.derived_from]
    by_person = sum(each.asked.asked_of == SELF for each in asked)
    terminologies = {source for _, coding in codings_of(description) for source in coding.source}
    return {
        "setting": description.model.setting,
        "causes": str(len(description.causes)),
        "serious": ", ".join(thresholds(model)),
        "predictors": str(len(asked)),
        "asked of a person": str(by_person),
        "tests": str(len(asked) - by_person),
        "shared": str(len(description.shared)),
        "numbers": str(len(sources)),
        "judged only": str(judged),
        "figures": str(len(description.figures.keys() - terminologies)),
        "recalled": str(sum(e.status == "recalled" for e in description.figures.values())),
        "version": f"{description.model.version}, sha256 {model.compiled.sha256[:12]}",
    }


def _sources(description: ModelDescription) -> list[set[str]]:
    """Return the sources of every number, relative risks included."""
    found = [set(number.source) for _, number, _ in frequencies(description)]
    return found + [
        set(row.source) for cause in description.causes.values() for row in cause.risk_factors
    ]
