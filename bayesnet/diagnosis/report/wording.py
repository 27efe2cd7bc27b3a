"""Words that differ by who reads: everything else on a page is the same for both."""

from abc import ABC, abstractmethod

from bayesnet.diagnosis.report.records import (
    MustNotMiss,
    PathwayResult,
    TriageReason,
    Weight,
)


class Wording(ABC):
    """How chances, weights and reasons are said to one kind of reader."""

    none_of_them: str
    """The probability that none of the causes is present, as a label."""
    range_note: str
    weights_note: str
    shares_note: str
    heads: tuple[str, str, str]
    """Over the columns of a cause's probability, its interval, and its prior."""

    @abstractmethod
    def causes_title(self, people: str) -> str:
        """Return the heading of the causes; people: who is asked about, in the plural."""

    @abstractmethod
    def number(self, probability: float) -> str:
        """Return a probability for a column under `causes_title`."""

    @abstractmethod
    def span(self, within: tuple[float, float] | None) -> str:
        """Return an interval for such a column; empty when there is none."""

    @abstractmethod
    def chance(self, probability: float) -> str:
        """Return a probability that stands by itself."""

    @abstractmethod
    def reason(self, reason: TriageReason) -> str:
        """Say what raised the urgency."""

    @abstractmethod
    def missed(self, missed: MustNotMiss) -> str:
        """Say how likely a serious cause is, and why it is looked into."""

    @abstractmethod
    def chosen(self, pathway: PathwayResult) -> str:
        """Say why this pathway."""

    @abstractmethod
    def compared(self, pathway: PathwayResult) -> str:
        """Say what the next best pathways are worth; empty where that is not said."""

    @abstractmethod
    def weighs(self, weight: Weight) -> str:
        """Say how strongly an answer speaks for or against a cause; empty where it hardly does."""

    @abstractmethod
    def summed(self, before: float, after: float) -> str:
        """Say what a cause's shares add up to, from log-odds in decibans; empty: it is not said."""
