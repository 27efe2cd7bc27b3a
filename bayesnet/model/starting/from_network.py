"""Write a model file from a network of causes and findings, exactly, or say why it cannot be."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from bayesnet.errors import EvidenceError
from bayesnet.model.starting.two_layers import alone, cause_numbers, layers_of, yes_of
from bayesnet.network import Array, Network

CASES = 10
"""Cases that each number is marked as worth: little, since a network does not say."""
MOST_REFUSED = 6
"""Reasons that a message lists."""
_START = """\
# Made from {file}. A network says nothing of where its numbers come from, what its
# variables are called, how urgent a cause is and what to do. So each number is marked as judgement
# worth {cases} cases, and the rest is for you to write; `lbp-infer model new FILE` has an example.

model:
  id: {id}
  version: "0.1"
  title: {title}
  setting: "Say here whom the prevalences are of."
  disclaimer: An estimate. It does not replace a look by somebody who knows.
"""


def model_of(network: Network, file: Path, title: str = "") -> str:
    """Return the text of a model file whose network has the same posteriors.

    file: where the network comes from. Raises EvidenceError that names each variable that a model
    file cannot say, for two names that become one id, and for a cause that is certain.
    """
    layers = layers_of(network)
    refused = [*layers.refused, *_certain(network, layers.causes)]
    if refused:
        more = len(refused) - MOST_REFUSED
        listed = "; ".join([*refused[:MOST_REFUSED], *([f"and {more} more"] if more > 0 else [])])
        raise EvidenceError(
            f"{file}: a model file has causes, their risk factors, and findings that are a "
            f"noisy-OR or noisy-MAX of causes; it cannot say: {listed}. A network of any kind is a "
            "model by its diagnostic roles: see docs/networks.md"
        )
    ids = _ids(network, file)
    start = _START.format(
        file=file.name,
        cases=CASES,
        id=re.sub(r"[^a-z0-9]+", "-", file.name.partition(".")[0].lower()).strip("-") or "model",
        title=json.dumps(title or file.name.partition(".")[0], ensure_ascii=False),
    )
    source = f'source: [expert judgement], why: "from {_plain(file.name)}"'
    lines = ["", "causes:"]
    for name in layers.causes:
        lines += _cause(network, name, ids, source)
    if layers.factors:
        lines += ["", "risk_factors:"]
    for name in layers.factors:
        lines += [*_asked(network, name, ids, "history"), "    frequency:"]
        lines.append(f"      {_number(network, name, network.family(name).table(), source)}")
    lines += ["", "findings:"]
    for name in layers.findings:
        lines += _finding(network, name, ids, source)
    return start + "\n".join(lines) + "\n"


def _certain(network: Network, causes: tuple[str, ...]) -> Iterator[str]:
    for name in causes:
        if (network.family(name).table() == 0).any():
            yield f"'{name}' is certain or impossible with some of its parents' states, or without"


def _cause(network: Network, name: str, ids: Mapping[str, str], source: str) -> list[str]:
    prevalence, ratios = cause_numbers(network, name)
    lines = [
        f"  {ids[name]}:",
        f"    label: {json.dumps(name, ensure_ascii=False)}",
        f"    about: {json.dumps(name, ensure_ascii=False)}",
        f"    prevalence: {{value: {_written(prevalence)}, sample_size: {CASES}, {source}}}",
    ]
    if ratios:
        lines.append("    risk_factors:")
    for (factor, at), ratio in ratios.items():
        yes = yes_of(network.variable(factor))
        state = _states(network, factor)[at]
        said = "" if yes == at else f"state: {state}, "
        lines.append(
            f"      - {{factor: {ids[factor]}, {said}relative_risk: {_written(ratio)}, "
            f"sample_size: {CASES}, {source}}}"
        )
    return lines


def _finding(network: Network, name: str, ids: Mapping[str, str], source: str) -> list[str]:
    leak, found = alone(network, name)
    lines = _asked(network, name, ids, "findings")
    lines.append(f"    background: {_number(network, name, leak, source)}")
    if found:
        lines.append("    causes:")
    lines += [
        f"      {ids[cause]}: {_number(network, name, shown, source)}"
        for cause, shown in found.items()
    ]
    return lines


def _asked(network: Network, name: str, ids: Mapping[str, str], group: str) -> list[str]:
    label = json.dumps(name, ensure_ascii=False)
    question = json.dumps(f"{name}?", ensure_ascii=False)
    lines = [
        f"  {ids[name]}:",
        f"    label: {label}",
        f"    asked: {{question: {question}, group: {group}}}",
    ]
    if yes_of(network.variable(name)) is None:
        lines.append(f"    answer: {{states: [{', '.join(_states(network, name))}]}}")
    return lines


def _number(network: Network, name: str, values: Array, source: str) -> str:
    yes = yes_of(network.variable(name))
    if yes is not None:
        number = f"value: {_written(values[yes])}"
    else:
        states = zip(_states(network, name), values.tolist(), strict=True)
        number = f"values: {{{', '.join(f'{state}: {_written(p)}' for state, p in states)}}}"
    return f"{{{number}, sample_size: {CASES}, {source}}}"


def _ids(network: Network, file: Path) -> dict[str, str]:
    """Return {name: id}; raises EvidenceError for two names that would have one id."""
    found: dict[str, str] = {}
    for name in network.names:
        new = _slug(name)
        made = new if new[:1].isalpha() else f"v_{new}".rstrip("_")
        for other, taken in found.items():
            if taken == made:
                raise EvidenceError(
                    f"{file}: '{other}' and '{name}' would both be '{made}', since ids have small "
                    "letters, digits and _; rename one of them"
                )
        found[name] = made
    return found


def _states(network: Network, name: str) -> list[str]:
    return [
        json.dumps(_slug(state) or f"state_{at}")
        for at, state in enumerate(network.variable(name).states)
    ]


def _written(number: float) -> str:
    """Write a number to twelve digits, without an exponent, which YAML would take for a text."""
    return np.format_float_positional(float(f"{number:.12g}"), trim="0")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _plain(text: str) -> str:
    return re.sub(r"[^\w .()+-]", "_", text)
