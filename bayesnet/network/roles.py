"""Say what each variable of a network is in a diagnosis, and what people read of it.

As GeNIe and SMILE have it: targets have states that are faults, observations are what can be seen
or asked, everything else is auxiliary. Inference knows nothing of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bayesnet.errors import NetworkError, UnknownNameError
from bayesnet.network.families import Variable

RoleKind = Literal["target", "observation", "auxiliary"]


@dataclass(frozen=True)
class Role:
    """What one variable is in a diagnosis.

    label, question: words for a person, '' for none. faults: the states of a target that are
    faults. cost: of finding out, None where nothing is said. ranked: may be proposed as the next
    question; mandatory: has to be known first. default: the state that is taken for granted where
    nothing is said. state_labels: {state: its words}. properties: {name: text} of the user's own.

        >>> Role("target", faults=("worn",)).kind
        'target'
    """

    kind: RoleKind = "auxiliary"
    label: str = ""
    question: str = ""
    faults: tuple[str, ...] = ()
    cost: float | None = None
    ranked: bool = False
    mandatory: bool = False
    default: str | None = None
    state_labels: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


NO_ROLE = Role()
"""The role of a variable of which nothing is said."""


def check_roles(roles: Mapping[str, Role], variables: Mapping[str, Variable]) -> None:
    """Check that roles are of variables and states that are there; raises NetworkError."""
    for name, role in roles.items():
        if name not in variables:
            raise NetworkError(str(UnknownNameError("variable", name, variables, "the roles")))
        states = variables[name].states
        for state in _named(role):
            if state not in states:
                told = UnknownNameError("state", state, states, f"the role of '{name}'")
                raise NetworkError(str(told))


def are_diagnostic(roles: Mapping[str, Role]) -> bool:
    """Tell whether roles say what is looked for or what can be observed.

    >>> are_diagnostic({"seal": Role(label="Shaft seal")})
    False
    """
    return any(role.kind != "auxiliary" for role in roles.values())


def _named(role: Role) -> Iterator[str]:
    yield from role.faults
    yield from role.state_labels
    if role.default is not None:
        yield role.default
