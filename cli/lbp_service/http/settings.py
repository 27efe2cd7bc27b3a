"""Define how a service is set up: plain data, which worker processes are given."""

from dataclasses import dataclass
from pathlib import Path

from lbp_service.http.clients import Client

DEFAULT_MODEL = "lbp-runner"


@dataclass(frozen=True)
class Settings:
    """What a service serves, and its limits.

    default: name or path of the model that is asked where a request names none; more: of further
    ones; folder: of model files. key_digests: SHA-256 of each key that is accepted; without any,
    none is asked for. queue: answers that may wait in one process; seconds: how long one may take.
    metrics: folder in which processes put their counts together, None for one process.
    telephone: the number that the page says to call in an emergency, empty for none. public: the
    address at which others reach the service, without a slash at its end; empty where it is the one
    that each request names. executor: what runs the models, as for `load_model`. page: whether the
    page is served, to everybody who reaches the address: a browser cannot send a key. clients: CDS
    clients whose tokens are asked for by CDS Hooks, in place of a key; without any, keys are asked
    for there as elsewhere.
    """

    default: str = DEFAULT_MODEL
    more: tuple[str, ...] = ()
    folder: Path | None = None
    key_digests: tuple[bytes, ...] = ()
    queue: int = 32
    seconds: float = 30.0
    metrics: Path | None = None
    telephone: str = ""
    public: str = ""
    executor: str = "numpy"
    page: bool = True
    clients: tuple[Client, ...] = ()
