"""Write the model file that a network with diagnostic roles amounts to.

Each fault state of a target is a cause, each observation a finding; the numbers stay in the
network, which the file names. What roles say nothing of is left for a person to write: how urgent
a cause is, what to do, where the numbers come from.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bayesnet.model.checks.names import words_as_id
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.lookup.scope import IS_ID
from bayesnet.model.problems import Problem
from bayesnet.network import Network, Variable
from bayesnet.network.roles import NO_ROLE, Role, are_diagnostic
from bayesnet.network.states import named_position

GROUP, ASKED_OF, RED_FLAG = "group", "asked_of", "red_flag"
"""Properties of a node in which a model's own words stand that a network file has no place for."""
QUESTIONS = "questions"
"""The heading of observations that have none of their own."""
NO_ROLES = (
    "this is a network file ({kind}) and not a model: it says of no variable what it is in a "
    "diagnosis. Say in GeNIe which nodes are targets, with their fault states, and which are "
    "observations (Diagnosis tab), and save as .xdsl; or write a model file with `network: {name}` "
    "whose causes and findings say `in_network` (docs/networks.md). 'lbp-infer network' asks it as "
    "it is, 'lbp-infer model import' makes a model of causes and findings"
)
_NUMBERED = re.compile(r"F[0-9]+")
"""The label that GeNIe gives each fault by itself."""
_BELOW, _ABOVE = (
    re.compile("[<\N{LESS-THAN OR EQUAL TO}]"),
    re.compile("[>\N{GREATER-THAN OR EQUAL TO}]"),
)
_START = """\
# Made of the diagnostic roles in {file}, which the numbers are in: change them there. A network
# says nothing of how urgent a cause is, what to do, or where its numbers come from. Add `triage:`,
# `pathways:` and `interview:` here; `lbp-infer model new FILE` has an example of each.

model:
  id: {id}
  version: "0.1"
  title: {title}
  setting: {setting}
  disclaimer: An estimate. It does not replace a look by somebody who knows.

network: {network}
"""


@dataclass(frozen=True)
class _Entry:
    """A cause or a finding to be: its id, the variable that it is of, and its lines."""

    id: str
    variable: str
    lines: tuple[str, ...]


def model_text(network: Network, file: str, title: str) -> str:
    """Return the text of the model file; file: the network's, beside it; title: of the model.

    `problems_of` says first whether there is one.
    """
    causes, findings = list(_causes(network)), list(_findings(network))
    start = _START.format(
        file=_plain(file),
        id=words_as_id(title).replace("_", "-") or "model",
        title=_quoted(title or "model"),
        setting=_quoted(f"Those whom the network {file} is of."),
        network=_quoted(file),
    )
    lines = [line for each in causes for line in each.lines]
    asked = [line for each in findings for line in each.lines]
    return start + "\n".join(["", "causes:", *lines, "", "findings:", *asked]) + "\n"


def problems_of(network: Network, file: str, kind: str) -> Iterator[Problem]:
    """Yield why a network is no model; the path of a problem is the variable that it is about.

    file, kind: the name of its file, and of the kind of files that it is.
    """
    if not are_diagnostic(network.roles):
        yield Problem((), NO_ROLES.format(name=file, kind=kind))
        return
    kinds = {role.kind for role in network.roles.values()}
    if "target" not in kinds:
        yield Problem((), "no node is a target, so there is nothing to find; make one a target")
    if "observation" not in kinds:
        told = "no node is an observation, so there is nothing to ask; make one an observation"
        yield Problem((), told)
    taken: dict[str, str] = {NOBODY: "people without any cause"}
    for entry in (*_causes(network), *_findings(network)):
        said = f"'{entry.variable}'"
        if entry.id in taken:
            told = f"{taken[entry.id]} and {said} would both be '{entry.id}'; {_RULE}"
            yield Problem((entry.variable,), told)
        taken.setdefault(entry.id, said)
    for name in network.roles:
        yield from _states_alike(network, name)


def _causes(network: Network) -> Iterator[_Entry]:
    """Yield a cause for each fault state; of a single one it has the id of the variable alone."""
    for name in network.names:
        role = network.roles.get(name, NO_ROLE)
        if role.kind != "target":
            continue
        for state in role.faults:
            own = _id(name) if len(role.faults) == 1 else _id(f"{name} {state}")
            label = _fault_label(network.variable(name), role, state)
            about = f"In the network, '{name}' is '{state}'."
            yield _Entry(own, name, (
                f"  {own}:",
                f"    label: {_quoted(label)}",
                f"    about: {_quoted(about)}",
                f"    in_network: {{variable: {_quoted(name)}, states: [{_quoted(state)}]}}",
            ))  # fmt: skip


def _fault_label(variable: Variable, role: Role, state: str) -> str:
    """Return what a fault is called: its own label, the target's alone, or that and the state."""
    caption, own = role.label or variable.name, role.state_labels.get(state, "")
    if own and not _NUMBERED.fullmatch(own):
        return own
    yes = named_position(variable.states, True) if len(variable.states) == 2 else None
    if len(role.faults) == 1 and yes is not None and variable.states[yes] == state:
        return caption
    return f"{caption}: {state}"


def _findings(network: Network) -> Iterator[_Entry]:
    roles = network.roles
    # A file of which none is ranked says nothing of ranks.
    ranks = any(role.ranked for role in roles.values() if role.kind == "observation")
    for name in network.names:
        role = roles.get(name, NO_ROLE)
        if role.kind == "observation":
            own = _id(name)
            answers = _answers(network.variable(name))
            asked = ", ".join(_asked(name, role, ranks))
            lines = [f"  {own}:", f"    label: {_quoted(role.label or name)}"]
            lines.append(f"    asked: {{{asked}}}")
            if tuple(answers) != ("no", "yes"):
                lines.append(f"    answer: {_answer(answers, role)}")
            states = ", ".join(f"{key}: {_quoted(state)}" for key, state in answers.items())
            place = f"variable: {_quoted(name)}, states: {{{states}}}"
            yield _Entry(own, name, (*lines, f"    in_network: {{{place}}}"))


def _asked(name: str, role: Role, ranks: bool) -> Iterator[str]:
    """Yield what stands under `asked`, key by key."""
    label = role.label or name
    yield f"question: {_quoted(role.question or (label if label.endswith('?') else f'{label}?'))}"
    yield f"group: {_quoted(role.properties.get(GROUP) or QUESTIONS)}"
    if role.properties.get(ASKED_OF) == "clinician":
        yield "asked_of: clinician"
    # Nothing, or 0, is what a question costs by itself: 1.
    if role.cost not in (None, 0.0, 1.0):
        yield f"cost: {role.cost!r}"
    if role.properties.get(RED_FLAG) == "true":
        yield "red_flag: true"
    if role.mandatory:
        yield "mandatory: true"
    if ranks and not role.ranked:
        yield "ranked: false"


def _answers(variable: Variable) -> dict[str, str]:
    """Return {answer: state}: no and yes where the states mean that, else the states as ids."""
    states = variable.states
    if len(states) == 2:
        yes = named_position(states, True)
        if yes is not None:
            return {"no": states[1 - yes], "yes": states[yes]}
    return {_state_id(state, at): state for at, state in enumerate(states)}


def _answer(answers: Mapping[str, str], role: Role) -> str:
    """Return what stands under `answer`: the states, and what they are called."""
    words = {key: role.state_labels.get(state, state) for key, state in answers.items()}
    labels = [f"{key}: {_quoted(w)}" for key, w in words.items() if w != key.replace("_", " ")]
    listed = f"states: [{', '.join(map(_quoted, answers))}]"
    return f"{{{listed}, labels: {{{', '.join(labels)}}}}}" if labels else f"{{{listed}}}"


def _states_alike(network: Network, name: str) -> Iterator[Problem]:
    """Yield two states of an observation that would be one answer."""
    if network.roles[name].kind != "observation":
        return
    found: dict[str, str] = {}
    for at, state in enumerate(network.states(name)):
        answer = _state_id(state, at)
        if answer in found:
            told = f"the states '{found[answer]}' and '{state}' of '{name}' would both be "
            yield Problem((name,), f"{told}'{answer}'; {_RULE}")
        found.setdefault(answer, state)


def _id(name: str) -> str:
    """Write the name of a variable as an id.

    >>> _id("Ch. Hepatitis"), _id("2nd test"), _id("+")
    ('ch_hepatitis', 'v_2nd_test', 'v')
    """
    words = words_as_id(name)
    return words if IS_ID.fullmatch(words) else f"v_{words}".rstrip("_")


def _state_id(state: str, at: int) -> str:
    """Write the name of a state as an answer; `<` and `>` in words, or `<5` would be read as 5.

    >>> _state_id("a < 5", 0), _state_id("5 - 10", 1), _state_id(">10", 2), _state_id("+", 3)
    ('a_under_5', '5_10', 'over_10', 'state_3')
    """
    words = _BELOW.sub(" under ", _ABOVE.sub(" over ", state))
    return words_as_id(words) or f"state_{at}"


def _quoted(text: str) -> str:
    # YAML refuses some characters that JSON writes as they are.
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _plain(text: str) -> str:
    """Return a text that fits into a remark: in one line."""
    return " ".join(text.split())


_RULE = "ids have small letters, digits and single underscores; rename one of them"
