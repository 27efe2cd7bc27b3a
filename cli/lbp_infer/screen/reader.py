"""For whom a page is: the model it speaks of, what can be typed, and the words it uses."""

from dataclasses import dataclass

from bayesnet.diagnosis.report.audience_words import WORDING
from bayesnet.diagnosis.report.wording import Wording
from bayesnet.model.format.description import ModelDescription
from lbp_infer.commands.vocabulary import Vocabulary


@dataclass(frozen=True)
class Reader:
    """Who reads a page; audience: `self` or `clinician`, as a report has it."""

    description: ModelDescription
    words: Vocabulary
    audience: str

    @property
    def wording(self) -> Wording:
        """The words for this audience."""
        return WORDING[self.audience]
