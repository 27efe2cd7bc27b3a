"""For whom a page is: the model it speaks of, what can be typed, and the words it uses."""

from collections.abc import Mapping
from dataclasses import dataclass

from bayesnet.model.format.description import ModelDescription
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.screen.plain_words import PlainWords
from lbp_infer.screen.technical_words import TechnicalWords
from lbp_infer.screen.wording import Wording

WORDING: Mapping[str, Wording] = {"self": PlainWords(), "clinician": TechnicalWords()}


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
