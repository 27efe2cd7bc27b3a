"""Warn of textbook presentations that speak against their own cause, or are missing."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.problems import ModelWarning


def warn_of_textbook(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each answer that makes its cause less likely, and what lacks where others have it."""
    some = any(cause.textbook for cause in description.causes.values())
    for name, cause in description.causes.items():
        if some and not cause.textbook:
            yield ModelWarning(
                ("causes", name),
                f"'{name}' has no textbook presentation, unlike other causes, so that nothing "
                "shows what an edit does to it",
                "add `textbook: {finding: answer, ...}`",
            )
        for finding, answer in cause.textbook.items():
            entry = description.findings.get(finding)
            number = entry.causes.get(name) if entry is not None else None
            if isinstance(answer, bool) and number is not None and answer == number.lowers:
                yield ModelWarning(
                    ("causes", name, "textbook", finding),
                    f"the textbook presentation of '{name}' answers '{finding}' with "
                    f"{'yes' if answer else 'no'}, which speaks against '{name}'",
                    "turn the answer round, or correct the number of the finding",
                )
