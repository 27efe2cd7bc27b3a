"""The words for each audience: the person concerned, and a clinician."""

from collections.abc import Mapping

from bayesnet.diagnosis.report.plain_words import PlainWords
from bayesnet.diagnosis.report.technical_words import TechnicalWords
from bayesnet.diagnosis.report.wording import Wording

WORDING: Mapping[str, Wording] = {"self": PlainWords(), "clinician": TechnicalWords()}
"""{audience, as a report has it: its words}."""
