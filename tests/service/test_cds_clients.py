"""Tokens of CDS clients: who signed one, for which address, until when."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from lbp_service.http.clients import read_clients
from lbp_service.http.keys import digest
from support.cli import refused
from support.fhir_door import outcome
from support.service import Caller, service

from bayesnet import EvidenceError

PUBLIC = "https://lbp.example"
ISSUER = "https://ehr.example/"
HOOK = "/cds-services/lbp-next"
KEY, OTHER = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
API_KEY = "a-key-of-this-service"


def jwk(key=KEY, **parts):
    """The public side of a key, as a client publishes it."""
    told = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return {**told, "kid": "one", "alg": "ES384", **parts}


def written(tmp_path, told):
    """A file of clients."""
    file = tmp_path / "clients.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told))
    return file


@pytest.fixture(scope="module")
def caller(tmp_path_factory) -> Caller:
    file = written(tmp_path_factory.mktemp("clients"), {ISSUER: {"keys": [jwk()]}})
    clients = read_clients(file)
    return service(public=PUBLIC, clients=clients, key_digests=(digest(API_KEY),))


def token(key=KEY, algorithm="ES384", kid="one", **changed):
    """A token of the client; what is changed to None is left out."""
    now = int(time.time())
    told = {"iss": ISSUER, "aud": PUBLIC + HOOK, "exp": now + 300, "iat": now, "jti": "1"}
    told = {name: each for name, each in {**told, **changed}.items() if each is not None}
    return jwt.encode(told, key, algorithm, {"kid": kid} if kid else {})


def test_with_a_token_of_a_known_client_it_is_answered(caller):
    bearer = f"Bearer {token()}"
    assert caller.post(HOOK, {}, Authorization=bearer).status == 400
    several = f"bearer {token(aud=['https://elsewhere.example', PUBLIC + HOOK])}"
    assert caller.post(HOOK, {}, Authorization=several).status == 400
    discovery = f"Bearer {token(aud=f'{PUBLIC}/cds-services')}"
    assert caller.get("/cds-services", Authorization=discovery).status == 200
    assert caller.send("OPTIONS", HOOK).status == 204


NOW = int(time.time())
WRONG = {
    "of another key": token(OTHER),
    "for another address": token(aud=f"{PUBLIC}/cds-services"),
    "of another server": token(aud=f"https://elsewhere.example{HOOK}"),
    "of another issuer": token(iss="https://elsewhere.example"),
    "over": token(exp=NOW - 3600),
    "of tomorrow": token(iat=NOW + 86400),
    "without an end": token(exp=None),
    "without a time": token(iat=None),
    "without a number": token(jti=None),
    "without an address": token(aud=None),
    "without an issuer": token(iss=None),
    "without a key's name": token(kid=""),
    "of a key not known": token(kid="two"),
    "of a shared key": jwt.encode({"iss": ISSUER}, "x" * 48, "HS384", {"kid": "one"}),
    "not signed": jwt.encode({"iss": ISSUER}, "", "none", {"kid": "one"}),
    "no token": "abc",
    "nothing": "",
    "a key of the service": API_KEY,
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_any_other_token_is_refused(caller, given):
    for scheme in ("Bearer", "Basic"):
        reply = caller.post(HOOK, {}, Authorization=f"{scheme} {given}")
        outcome(reply, 401, "login")
        assert reply.headers["www-authenticate"] == "Bearer"
        assert not given or given not in reply.body.decode()


def test_elsewhere_the_key_of_the_service_counts(caller):
    assert caller.get("/fhir/R4/CodeSystem", Authorization=f"Bearer {token()}").status == 401
    assert caller.get("/fhir/R4/CodeSystem", Authorization=f"Bearer {API_KEY}").status == 200


FILES = {
    "no JSON": "{",
    "a list": "[]",
    "nobody": "{}",
    "no keys": {ISSUER: {"keys": []}},
    "no set": {ISSUER: 1},
    "no name of a key": {ISSUER: {"keys": [{**jwk(), "kid": ""}]}},
    "a shared key": {ISSUER: {"keys": [{"kty": "oct", "kid": "1", "k": "YWJj", "alg": "HS256"}]}},
}


@pytest.mark.parametrize("told", FILES.values(), ids=FILES)
def test_a_file_that_verifies_nobody_is_refused(tmp_path, told):
    with pytest.raises(EvidenceError):
        read_clients(written(tmp_path, told))


def test_clients_need_the_public_address(tmp_path):
    file = written(tmp_path, {ISSUER: {"keys": [jwk()]}})
    assert "--public" in refused("serve", "--cds-clients", str(file), code=2)
