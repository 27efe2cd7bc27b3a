"""Run every warning of a model, or those that can be trusted while it has mistakes."""

from collections.abc import Callable, Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.problems import ModelWarning
from bayesnet.model.warnings.citations import warn_of_citations
from bayesnet.model.warnings.codings import warn_of_codings
from bayesnet.model.warnings.effects import warn_of_effects
from bayesnet.model.warnings.figures import warn_of_figures, warn_of_numbers
from bayesnet.model.warnings.never_holds import warn_of_conditions
from bayesnet.model.warnings.never_proposed import warn_of_unproposed
from bayesnet.model.warnings.red_flags import warn_of_flags
from bayesnet.model.warnings.sums import warn_of_sums
from bayesnet.model.warnings.textbook import warn_of_textbook
from bayesnet.model.warnings.unchosen_pathways import warn_of_pathways
from bayesnet.model.warnings.wording import warn_of_labels, warn_of_wording

Warner = Callable[[ModelDescription], Iterator[ModelWarning]]

_OF_ONE_ENTRY: tuple[Warner, ...] = (
    warn_of_numbers,
    warn_of_figures,
    warn_of_citations,
    warn_of_wording,
)
# What a mistake elsewhere would bring about too: a misspelt cause is one that no finding shows.
_OF_THE_WHOLE: tuple[Warner, ...] = (
    warn_of_effects,
    warn_of_conditions,
    warn_of_pathways,
    warn_of_flags,
    warn_of_unproposed,
    warn_of_sums,
    warn_of_textbook,
    warn_of_labels,
    warn_of_codings,
)


def warnings_of(description: ModelDescription, is_sound: bool) -> tuple[ModelWarning, ...]:
    """List what is doubtful in a model; while it has mistakes, only what they cannot bring about.

    is_sound: whether the model has no mistakes.
    """
    warners = (*_OF_ONE_ENTRY, *_OF_THE_WHOLE) if is_sound else _OF_ONE_ENTRY
    return tuple(found for warner in warners for found in warner(description))
