"""Take of the data what speaks of a model: not every model holds all that its entries name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import EvidenceError
from bayesnet.model.format.variables import YES
from bayesnet.tuning.published_cases import Case
from lbp_validation.published.entries import Entry, Published, bands_of
from lbp_validation.published.events import Answer, Event


def is_of(model: DiagnosticModel, name: str) -> bool:
    """Tell whether a model is the one of that id, a copy of it, or extends it."""
    return name in (model.description.model.id, *(each.id for each in model.compiled.origin))


def held_figures(model: DiagnosticModel, published: Published) -> Published:
    """Return the comparisons whose figure, causes and answers the model holds."""
    held = [each for each in published.entries if _holds_entry(model, each)]
    return replace(published, entries=tuple(held))


def held_cases(model: DiagnosticModel, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases whose causes the model holds and that it can answer for.

    What a case tells and the model does not ask is left out of it. A case whose cause no model
    holds stays for every model that hears something of it.
    """
    return tuple(_heard_cases(model, cases))


def holds_event(model: DiagnosticModel, event: Event) -> bool:
    """Tell whether a model has every variable and state, or number, that an event looks at."""
    if not isinstance(event, Answer):
        return all(holds_event(model, each) for each in event.of)
    if event.variable not in model.network.names:
        return False
    if not event.states:
        return event.variable in bands_of(model.description)
    return set(event.states) <= set(model.network.variable(event.variable).states)


def _holds_entry(model: DiagnosticModel, entry: Entry) -> bool:
    population = entry.population
    present = (Answer(cause, (YES,)) for cause in entry.causes)
    margins = (each.of for each in population.margins)
    events = (*present, entry.event, population.seen, *margins)
    figures = model.description.figures
    return entry.figure in figures and all(holds_event(model, each) for each in events)


def _heard_cases(model: DiagnosticModel, cases: Sequence[Case]) -> Iterator[Case]:
    for case in cases:
        heard = {name: said for name, said in case.evidence.items() if name in model.known}
        causes = {case.confirmed, *case.also} if case.inside_model else set()
        if not heard or not causes <= model.description.causes.keys():
            continue
        try:
            take_in(model.known, heard)
        except EvidenceError:
            # It asks the same in other words, such as other bands of age.
            continue
        yield replace(case, evidence=heard)
