"""Let schemathesis speak of what the model knows, so that most of its cases are worked out."""

import json
import os
import random
import urllib.request
from typing import Any

import schemathesis

ADDRESS = os.environ["LBP_INFER_SERVED"]
FIELDS = ("triage", "causes.id", "model", "evidence", "disclaimer")
MADE_UP = ("model", "causes", "policy")
MOSTLY = 0.9


def known_findings() -> list[dict[str, Any]]:
    """What the served model can be told."""
    with urllib.request.urlopen(f"{ADDRESS}/v1/models") as reply:
        name = json.load(reply)["models"][0]["name"]
    with urllib.request.urlopen(f"{ADDRESS}/v1/models/{name}/findings") as reply:
        found: list[dict[str, Any]] = json.load(reply)["findings"]
    return found


FINDINGS = known_findings()


def answered(chance: random.Random) -> tuple[str, Any]:
    """A finding with one of its answers."""
    finding = chance.choice(FINDINGS)
    if finding["choices"]:
        return finding["id"], chance.choice(finding["choices"])["value"]
    return finding["id"], chance.randint(int(finding["minimum"]), int(finding["maximum"]))


def spoken(said: Any, chance: random.Random) -> Any:
    """Put known findings and answers in the place of most that were made up."""
    if isinstance(said, dict):
        return dict(answered(chance) if chance.random() < MOSTLY else pair for pair in said.items())
    if isinstance(said, list):
        return [
            {**each, **dict(zip(("id", "choice_id"), answered(chance), strict=True))}
            if isinstance(each, dict) and chance.random() < MOSTLY
            else each
            for each in said
        ]
    return said


@schemathesis.hook
def before_call(context: Any, case: Any, **_: Any) -> None:
    """Change most of what keeps the schema to what the model knows; leave alone what breaks it."""
    meta = case.meta
    if meta is None or meta.generation.mode != schemathesis.GenerationMode.POSITIVE:
        return
    chance = random.Random(repr((case.body, case.query)))
    if isinstance(case.query, dict) and "fields" in case.query and chance.random() < MOSTLY:
        case.query = {**case.query, "fields": chance.choice(FIELDS)}
    if not isinstance(case.body, dict):
        return
    body = {
        name: spoken(value, chance) if name in ("evidence", "change", "answers") else value
        for name, value in case.body.items()
    }
    if chance.random() < MOSTLY:
        body = {name: each for name, each in body.items() if name not in MADE_UP}
        if "steps" not in (body.get("session") or {}):
            body.pop("session", None)
    case.body = body
