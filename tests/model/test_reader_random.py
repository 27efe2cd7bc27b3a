"""Random files: read or refused, never anything else."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.reader import MODEL, read

from bayesnet.errors import ModelFileError
from bayesnet.model.reading.notices import read_noticing

pytestmark = pytest.mark.usefixtures("in_folder")

PUNCTUATION = [*"{}[],'?#", '"', "&a", "*a", "!!str", "<<", "0.5", "null", "yes"]
SPACED = [": ", "\n", "\n  ", "- ", "|\n", "---\n", "\t", "%YAML 1.1\n", "m.yaml", "1e999"]
SECTIONS = ["causes", "model", "findings", "triage", "include"]
YAML_PIECES = st.sampled_from([*PUNCTUATION, *SPACED, *SECTIONS])


@given(st.one_of(st.text(), st.lists(YAML_PIECES).map("".join)))
def test_random_text_is_only_ever_a_model_file_error(text: str) -> None:
    with pytest.raises(ModelFileError):
        read({"m.yaml": text.encode("utf-8", "surrogatepass")})


@given(st.binary())
def test_random_bytes_are_only_ever_a_model_file_error(content: bytes) -> None:
    with pytest.raises(ModelFileError):
        read({"m.yaml": content})


WORDS = ["", "hum", "heat", "hot", "yes", "no", "worn_bearing", "hours", "fig-1", "urgent"]
KEYS = ["value", "hum", "hot", "any", "finding", "yes"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(0, 2) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=5,
)


def holders(data: object) -> list[tuple[Any, Any]]:
    """Every (block or list, key or index) in nested data."""
    here: list[Any] = []
    if isinstance(data, dict | list):
        here = [(data, key) for key in (data if isinstance(data, dict) else range(len(data)))]
    return [*here, *(each for holder, key in here for each in holders(holder[key]))]


@examples(30)
@given(st.data())
def test_a_model_with_values_swapped_is_read_or_refused(data: st.DataObject) -> None:
    model = yaml.safe_load(MODEL)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(holders(model)))
        holder[key] = data.draw(VALUES)
    Path("m.yaml").write_text(json.dumps(model))
    noticed = read_noticing(Path("m.yaml"))
    assert (noticed.model is None) == bool(noticed.of("error"))
    assert noticed.model is None or noticed.model.nodes
