"""The pages about model files: the reference is that of the classes, and the examples run."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.paths import ROOT

from bayesnet.model.format.reference import PAGE, reference_text
from bayesnet.model.reading.notices import read_noticing

EXAMPLES = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs" / "models.md").read_text("utf-8"), re.DOTALL
)


def joined(first: Any, second: Any) -> Any:
    """The two blocks as one, the second's keys beside the first's."""
    if not isinstance(first, dict) or not isinstance(second, dict):
        return second
    return {key: joined(first.get(key), second.get(key, first.get(key))) for key in first | second}


def test_the_reference_is_what_the_classes_say() -> None:
    assert PAGE.read_text("utf-8") == reference_text(), "run: make schema"


@pytest.mark.usefixtures("in_folder")
def test_the_examples_are_a_model_without_mistakes_and_doubts() -> None:
    whole: Any = {}
    assert len(EXAMPLES) > 3
    for at, example in enumerate(EXAMPLES):
        whole = joined(whole, yaml.safe_load(example))
        Path("m.yaml").write_text(
            example if at == 0 else yaml.safe_dump(whole, sort_keys=False), "utf-8"
        )
        notices = [str(each) for each in read_noticing(Path("m.yaml")).notices]
        assert notices == [], example
