"""Say what a model that holds nothing about urgency may say of it: that it does not know."""

from bayesnet.diagnosis.decisions.policy import Policy

LEVEL = "soon"
"""The level that such a model gives, always provisional. Any lower one would tell a person that it
can wait, which nobody has judged; any higher one would alarm everybody."""
LABEL = "urgency not judged"
MESSAGE = (
    "This model does not judge how urgent anything is, so nothing here means that it can wait. "
    "Somebody who can judge that has to."
)


def judges_urgency(policy: Policy) -> bool:
    """Tell whether a model says anything of how urgent a cause or a finding is."""
    return policy.description.triage is not None or bool(policy.scale.causes)
