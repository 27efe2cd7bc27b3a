"""Packages of the extra `validation`, looked for before they are met."""

from importlib.util import find_spec

from bayesnet.errors import MissingExtraError

DRAWS = "what draws the pictures", "matplotlib"


def require(what: str, *modules: str) -> None:
    """Raise MissingExtraError, which names what is missing, unless all modules can be imported."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise MissingExtraError(what, "validation", f"no module named {', '.join(missing)}")
