"""Names of a model's numbers that a person can type, such as `facet_joint.prevalence`."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.editing.splicing import quoted_text
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import ConditionalFrequency, RiskRow
from bayesnet.model.format.variables import YES, states_of
from bayesnet.model.lookup.sources import SourcedNumber, sourced_numbers

OTHERWISE = "otherwise"
"""The last row of a frequency that depends on other factors."""


class Addressed(Struct, frozen=True):
    """A number that can be set: its path and itself, or None where the file has none yet.

    row: of a row that the file has not yet, the keys that say what it is about, as YAML.
    """

    path: KeyPath
    number: SourcedNumber | None
    row: dict[str, str] = {}


def addresses(description: ModelDescription) -> dict[str, Addressed]:
    """Name every number of a model: `CAUSE.prevalence`, `CAUSE.FACTOR`, `FINDING.CAUSE` ...

    A factor with states is followed by its state, a background that depends on a factor by both.

        >>> import bayesnet
        >>> named = addresses(bayesnet.load_model("lbp-runner").description)
        >>> named["facet_joint.prevalence"].path
        ('causes', 'facet_joint', 'prevalence')
    """
    found = [
        (_address(path, number), path, number) for path, number in sourced_numbers(description)
    ]
    twice = Counter(name for name, _, _ in found)
    return {
        name if twice[name] == 1 else f"{name}{_among(number)}": Addressed(path, number)
        for name, path, number in found
    }


def addressed(description: ModelDescription, name: str) -> Addressed:
    """Find a number by its name, also one that the file does not have yet.

    That is a finding's number for a cause, or a relative risk of a cause. Raises UnknownNameError
    with the nearest names, and EvidenceError where the state of a factor is missing or the numbers
    are in the model's network.
    """
    known = addresses(description)
    if name in known:
        return known[name]
    finding, _, cause = name.partition(".")
    if description.network and finding in {**description.causes, **description.findings}:
        raise EvidenceError(
            f"the numbers of '{finding}' are in the network of this model, {description.network}; "
            "change them there"
        )
    for section, entries in (("findings", description.findings), ("shared", description.shared)):
        latent = {**description.causes, **(description.shared if section == "findings" else {})}
        if finding in entries and cause in latent:
            return Addressed((section, finding, "causes", cause), None)
    if finding in description.causes and (row := _new_row(description, cause)):
        at = len(description.causes[finding].risk_factors)
        return Addressed(("causes", finding, "risk_factors", at), None, row)
    owners = {each.partition(".")[0] for each in known}
    if finding in owners:
        fields = [each.partition(".")[2] for each in known if each.partition(".")[0] == finding]
        raise UnknownNameError("number", cause, fields, f"'{finding}'", _listed(fields))
    raise UnknownNameError("id", finding, owners)


def _new_row(description: ModelDescription, field: str) -> dict[str, str]:
    """Return the keys of a row for FACTOR or FACTOR.STATE; empty where it names no such factor."""
    factor, _, state = field.partition(".")
    if factor in description.causes:
        return {} if state else {"factor": factor}
    if factor not in description.risk_factors:
        return {}
    states = states_of(description.risk_factors[factor].answer)
    if state:
        return {"factor": factor, "state": quoted_text(state)} if state in states else {}
    if YES not in states:
        raise EvidenceError(
            f"'{factor}' has several states; add one of them: "
            f"{', '.join(f'{factor}.{each}' for each in states)}"
        )
    return {"factor": factor}


def _listed(fields: list[str]) -> str:
    return f"it has: {', '.join(fields)}"


def _address(path: KeyPath, number: SourcedNumber) -> str:
    _, entry, *rest = map(str, path)
    return ".".join([entry, *_field(rest, number)])


def _field(rest: list[str], number: SourcedNumber) -> Iterator[str]:
    match number:
        case RiskRow():
            yield number.factor
            yield from filter(None, [number.state])
        case ConditionalFrequency():
            yield rest[0].removesuffix("_by")
            yield from number.when.values() or [OTHERWISE]
        case _ if rest[:1] == ["background_by"]:
            yield from ("background", *rest[1:])
        case _:
            yield from rest[-1:]


def _among(number: SourcedNumber) -> str:
    """Tell rows of one factor apart by whom they were measured among."""
    if not isinstance(number, RiskRow) or not number.among:
        return ""
    return "".join(f".{state}" for states in number.among.values() for state in states)
