"""Verify which CDS client calls: by a JSON Web Token, signed with a key that it has published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import MsgspecError, json

from bayesnet import EvidenceError, MissingExtraError
from lbp_service.http.problems import ProblemError

ALGORITHMS = ("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512")
"""Those with a key for each side: with a shared one, whoever verifies could sign as well."""
REQUIRED = ("iss", "aud", "exp", "iat", "jti")
SLACK_SECONDS = 30
"""How far the clocks of both may differ."""
SCHEME = "bearer"


@dataclass(frozen=True)
class Client:
    """A CDS client that may call; issuer: as its tokens have it; keys: its JWK Set, as JSON."""

    issuer: str
    keys: bytes


def read_clients(path: Path) -> tuple[Client, ...]:
    """Read a file of clients, {issuer: its JWK Set}.

    Raises EvidenceError where it cannot be read or a key is none to verify with, MissingExtraError
    without lbp-infer[hooks].
    """
    _jwt()
    try:
        told = json.decode(path.read_bytes())
    except (OSError, MsgspecError, UnicodeDecodeError) as error:
        raise EvidenceError(f"the file of clients '{path}' cannot be read: {error}") from None
    if not isinstance(told, Mapping) or not told:
        raise EvidenceError(f"'{path}' holds no client; write {{issuer: JWK Set}}")
    clients = tuple(Client(issuer, json.encode(keys)) for issuer, keys in told.items())
    for each in clients:
        try:
            found = _keys(each)
        except Exception:
            found = {}
        if not found or not all(algorithm in ALGORITHMS for _, algorithm in found.values()):
            raise EvidenceError(
                f"the keys of '{each.issuer}' in '{path}' are no JWK Set of public keys, each with "
                "a 'kid' and an 'alg' such as ES384"
            )
    return clients


def check_token(authorization: str, address: str, clients: Sequence[Client]) -> None:
    """Check the header `Authorization` of a call; raises ProblemError where it may not be answered.

    address: that is called, which the token has to be for. Who signed it, for whom and until when
    is verified; that a token comes only once is not, since processes share no memory of them.
    """
    jwt = _jwt()
    scheme, _, token = authorization.partition(" ")
    try:
        token = token if scheme.lower() == SCHEME else ""
        head = jwt.get_unverified_header(token)
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        client = next(each for each in clients if each.issuer == issuer)
        key, algorithm = _keys(client)[head["kid"]]
        jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=address,
            issuer=client.issuer,
            leeway=SLACK_SECONDS,
            options={"require": list(REQUIRED)},
        )
    except (jwt.InvalidTokenError, StopIteration, KeyError, TypeError):
        said = (
            "send a JSON Web Token of a client that is known here, as 'Authorization: Bearer', "
            f"for '{address}', not expired, with {', '.join(REQUIRED)} and a known 'kid'"
        )
        raise ProblemError("unauthorized", said, headers={"WWW-Authenticate": "Bearer"}) from None


@lru_cache(maxsize=64)
def _keys(client: Client) -> Mapping[str, tuple[Any, str]]:
    """Return {kid: key and its algorithm} of a client."""
    told = json.decode(client.keys)
    found = _jwt().PyJWKSet.from_dict(told).keys
    return {each.key_id: (each.key, each.algorithm_name) for each in found if each.key_id}


def _jwt() -> Any:
    try:
        # Without it PyJWT would know shared keys alone.
        import cryptography  # noqa: F401
        import jwt
    except ImportError as error:
        raise MissingExtraError("tokens of CDS clients", "hooks", str(error)) from None
    return jwt
