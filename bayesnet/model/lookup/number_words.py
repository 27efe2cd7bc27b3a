"""Say what a number of a model is about, in words that cannot be misread."""

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow


def number_words(description: ModelDescription, path: KeyPath) -> str:
    """Say in words what the number at a path is, such as "how many people with ... have ...".

    path: of a frequency (see `scope.frequencies`) or of a relative risk.
    """
    section, name, *rest = map(str, path)
    label = _label(description, name)
    if section == "causes" and rest[0] == "prevalence":
        return f"how many people in this setting have {label}"
    if section == "causes":
        row = description.causes[name].risk_factors[int(rest[1])]
        with_factor = _with(description, row)
        return f"how many times more common {label} is with {with_factor}"
    if section == "risk_factors":
        return f"how many people in this setting have {label}{_when(description, name, rest)}"
    if rest[0] == "background":
        return f"how many people with none of the causes have {label}"
    if rest[0] == "background_by":
        whose = f"{_label(description, rest[1])} {rest[2].replace('_', ' ')}"
        return f"how many people with none of the causes, given {whose}, have {label}"
    return f"how many people with {_label(description, rest[1])} and no other cause have {label}"


def _label(description: ModelDescription, name: str) -> str:
    labels = (
        entries[name].label
        for entries in (
            description.causes,
            description.risk_factors,
            description.findings,
            description.shared,
        )
        if name in entries
    )
    return f"'{next(labels, name)}'"


def _with(description: ModelDescription, row: RiskRow) -> str:
    label = _label(description, row.factor)
    return label if row.state is None else f"{label} {row.state.replace('_', ' ')}"


def _when(description: ModelDescription, name: str, rest: list[str]) -> str:
    if rest[0] != "frequency_by":
        return ""
    when = description.risk_factors[name].frequency_by[int(rest[1])].when
    given = ", ".join(f"{_label(description, k)} {v.replace('_', ' ')}" for k, v in when.items())
    return f", given {given}" if given else ", otherwise"
