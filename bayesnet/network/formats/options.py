"""Say how a network file is to be read: what a caller allows beyond what the file itself says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingOptions:
    """What a caller allows; without it a file is read as it stands or refused.

    chance_only: leave out what is no discrete chance variable (decisions, utilities, continuous
    variables), and what depends on it. normalise: scale rows of counts or percentages to sum to 1.
    encoding: the name of the text's encoding, for a file that is not UTF-8 and does not say.
    """

    chance_only: bool = False
    normalise: bool = False
    encoding: str | None = None


AS_IT_STANDS = ReadingOptions()
