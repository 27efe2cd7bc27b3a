"""Mistakes in the shape of a model file: keys, kinds of value, ranges and counts."""

import pytest
from support.reader import changed, place_of, problems

pytestmark = pytest.mark.usefixtures("in_folder")

# Each case: what to write instead of what, the part that the place must point at (as it stands
# in the changed file), and the words that must be in the message.
# fmt: off
SHAPE = {
    "unknown key": ("    serious: true", "    seriuos: true", "seriuos",
        "unknown key 'seriuos'; did you mean 'serious'?"),
    "unknown section": ("shared:", "sharde:", "sharde:", "did you mean 'shared'?"),
    "missing key": ("    about: A bearing past its life.\n", "", "worn_bearing:",
        "'about' is missing in 'worn_bearing'"),
    "text for a number": ("{value: 0.7, interval: [0.5, 0.9]", "{value: high, interval: [0.5, 0.9]",
        "value: high", "'value' is the text 'high', not a number"),
    "decimal comma": ("{value: 0.7, interval", '{value: "0,7", interval', 'value: "0,7"',
        "write it with a point: 0.7"),
    "percent sign": ("{value: 0.7, interval", "{value: 70 %, interval", "value: 70 %",
        "write it as a fraction: 0.7"),
    "percentage": ("{value: 0.7, interval", "{value: 70, interval", "value: 70,",
        "it must be at least 0 and at most 1 (for 70 % write 0.7)"),
    "quoted number": ("{value: 0.7, interval", '{value: "0.7", interval', 'value: "0.7"',
        "without quotes: 0.7"),
    "number for text": ('version: "1"', "version: 0.10", "version: 0.10",
        'put it in quotes: "0.10"'),
    "boolean for a state": ("states: [none, warm, hot]", "states: [none, true, hot]", "true, hot",
        "item 2 of 'states' is the logical value true, not text"),
    "spoken boolean": ("serious: true", "serious: yes", "serious: yes", "write true"),
    "empty value": ("label: Worn bearing", "label:", "label:\n", "'label' is empty; give text"),
    "empty text": ("label: Worn bearing", 'label: ""', 'label: ""', "'label' is empty; fill it in"),
    "empty section": ("exercises:\n", "exercises: ~\nextra:\n", "exercises", "is empty"),
    "choice": ("group: aggravating", "group: aggravating, asked_of: slef", "asked_of: slef",
        "did you mean 'self'? choose one of"),
    "level": ("{routine: Book", "{rotine: No., routine: Book", "rotine",
        "unknown key 'rotine'; did you mean 'routine'?"),
    "over zero": ("relative_risk: 2.0", "relative_risk: 0", "relative_risk: 0",
        "it must be over 0"),
    "three in an interval": ("interval: [0.5, 0.9]", "interval: [0.5, 0.7, 0.9]",
        "interval: [0.5, 0.7, 0.9]", "'interval' has 3 items; give exactly 2"),
    "no source": ("source: [fig-1, fig-2]", "source: []", "source: []", "give at least 1"),
    "text for a list": ("source: [fig-1, fig-2]", "source: fig-1", "source: fig-1}",
        "put it in brackets: [fig-1]"),
    "whole number": ("{count: 1, of", "{count: 1.0, of", "count: 1.0, of",
        "not a whole number"),
    "list for a block": (
        "    phases:\n      - {name: Now, goal: Stop., enter_when: It hums., move_on_when: It is "
        "still.,\n         exercises: [{exercise: oil_change}]}",
        "    phases: [now]", "now]", "item 1 of 'phases' is the text 'now', not a block"),
    "number too large": ("sample_size: 50", "sample_size: 1e999", "1e999",
        "a number too large to use"),
    "unknown tag": ("title: Gearbox", "title: !!python/none x", "!!python",
        "is not understood; leave it out"),
    "merge key": ("title: Gearbox", "title: Gearbox\n  <<: {a: 1}", "<<", "merges are not read"),
    "complex key": ("title: Gearbox", "title: Gearbox\n  ? [a]\n  : 1", "[a]\n", "must be a word"),
    "duplicate key": ("title: Gearbox", "title: Gearbox\n  title: Box", "title: Box",
        "'title' stands twice in this block (first on line 4); keep one"),
    "duplicate id": ("  cracked_gear:\n    label", "  worn_bearing: {}\n  cracked_gear:\n    label",
        "worn_bearing: {}", "'worn_bearing' stands twice"),
}


# fmt: on
@pytest.mark.parametrize("case", SHAPE)
def test_mistake_in_shape(case: str) -> None:
    old, new, part, words = SHAPE[case]
    text = changed((old, new))
    (found,) = [each for each in problems(text) if words in each]
    assert found.startswith(place_of(text, part) + ": "), found


def test_top_level_list() -> None:
    assert any("the file is a list, not a block" in each for each in problems("[a, b]"))
