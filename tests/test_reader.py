"""The model-file reader: every mistake, at once, at its line and column, in plain words."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bayesnet.description import wording, yaml_source
from bayesnet.description.files import LARGEST_FILE
from bayesnet.description.format import LEVELS
from bayesnet.description.reader import ReadModel, read_description
from bayesnet.description.schema import file_schema, main, schema_text
from bayesnet.description.shipped import copy_model, find_model, shipped_models
from bayesnet.errors import BayesnetError, EvidenceError, ModelFileError

MODELS = Path(__file__).parents[1] / "models"
SHIPPED = MODELS / "lbp_runner.yaml"

MODEL = """\
model:
  id: gearbox
  version: "1"
  title: Gearbox
  setting: A workshop
  disclaimer: For mechanics.
causes:
  worn_bearing:
    label: Worn bearing
    about: A bearing past its life.
    prevalence: {value: 0.2, interval: [0.1, 0.3], source: [fig-1]}
    risk_factors:
      - {factor: old_oil, relative_risk: 2.0, interval: [1.2, 3.0],
         source: [expert judgement], why: "dry"}
      - {factor: hours, state: over_1000, relative_risk: 1.5, sample_size: 20, source: [fig-1]}
    serious: true
    action_threshold: {value: 0.4, source: [expert judgement], why: "it seizes"}
    textbook: {hum: true, heat: hot, hours: 1500, old_oil: false}
  cracked_gear:
    label: Cracked gear
    about: A tooth with a crack.
    prevalence: {value: 0.1, interval: [0.05, 0.2], source: [fig-1]}
    risk_factors:
      - {factor: worn_bearing, relative_risk: 1.5, interval: [1.0, 2.0], source: [fig-1]}
shared:
  vibration:
    label: Vibration
    background: {value: 0.1, interval: [0.05, 0.2], source: [fig-1]}
    causes:
      cracked_gear: {value: 0.8, interval: [0.6, 0.9], source: [fig-1, fig-2]}
risk_factors:
  hours:
    label: Hours run
    asked: {question: "How many hours?", group: history}
    answer:
      unit: hours
      bands: {up_to_1000: [0, 1000], over_1000: [1001, 9000]}
    frequency:
      values: {up_to_1000: 0.7, over_1000: 0.3}
      sample_size: 50
      source: ["Smith 2019, J Gears 1:2"]
  old_oil:
    label: Old oil
    asked: {question: "Is the oil old?", group: history}
    frequency_by:
      - {when: {hours: over_1000}, value: 0.4, interval: [0.3, 0.5], source: [fig-1]}
      - {value: 0.2, interval: [0.1, 0.3], source: [fig-1]}
findings:
  hum:
    label: Hum
    asked: {question: "Does it hum?", group: aggravating}
    background: {value: 0.1, interval: [0.05, 0.2], source: [fig-1]}
    causes:
      worn_bearing: {value: 0.7, interval: [0.5, 0.9], source: [fig-1]}
      vibration: {value: 0.6, interval: [0.4, 0.8], source: [fig-1]}
  heat:
    label: Heat
    asked: {question: "How warm?", group: tests}
    answer: {states: [none, warm, hot], labels: {hot: Too hot to touch}}
    background: {values: {none: 0.7, warm: 0.2, hot: 0.1}, sample_size: 20, source: [fig-1]}
    causes:
      worn_bearing: {values: {none: 0.2, warm: 0.3, hot: 0.5}, sample_size: 20, source: [fig-1]}
derived:
  any_heat:
    label: Warm or hot
    asked: {question: "Is it warm?", group: tests}
    derived_from: heat
    states: [warm, hot]
triage:
  default: routine
  messages: {routine: Book a service., emergency: Stop now.}
  rules:
    seizing:
      level: emergency
      when:
        any:
          - all: [{finding: hum}, {finding: heat, equals: [hot]}, {finding: hours, at_least: 1000}]
          - {cause: worn_bearing, probability_over: 0.9}
          - {count: 1, of: [{finding: any_heat}, {finding: old_oil, absent: true}]}
      reason: It may seize.
      source: ["https://example.org/gears"]
exercises:
  oil_change:
    label: Oil change
    how: Drain and fill.
    dose: Once
    source: [fig-1]
pathways:
  stop:
    label: Stop
    urgency: emergency
    value:
      worn_bearing: {value: 50, source: [fig-1]}
      no_identified_cause: {value: -5, source: [expert judgement], why: "idle time"}
    phases:
      - {name: Now, goal: Stop., exercises: [{exercise: oil_change}]}
    source: [fig-1]
evidence:
  fig-1: {figure: "a fifth", citation: "Smith 2019, J Gears 1:2"}
  fig-2: {figure: "a tenth", citation: "Jones 2001, J Gears 3:4", status: recalled}
"""


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(files: Mapping[str, str | bytes] | str) -> ReadModel:
    """Read a model written to the working directory, main file first."""
    named = {"m.yaml": files} if isinstance(files, str) else files
    for name, content in named.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        Path(name).write_bytes(data)
    return read_description(Path(next(iter(named))))


def problems(files: Mapping[str, str | bytes] | str) -> list[str]:
    with pytest.raises(ModelFileError) as caught:
        read(files)
    assert caught.value.exit_code == 3
    assert all(re.match(r"[^:\n]+:\d+:\d+: [^\n]+$", each) for each in caught.value.problems)
    return list(caught.value.problems)


def changed(*changes: tuple[str, str]) -> str:
    text = MODEL
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def place_of(text: str, part: str, offset: int = 0) -> str:
    """Where a part of a text stands, as file:line:column."""
    at = text.index(part) + offset
    line = text.count("\n", 0, at) + 1
    return f"m.yaml:{line}:{at - text.rfind(chr(10), 0, at)}"


def test_valid_model_is_read() -> None:
    model = read(MODEL)
    assert [node.name for node in model.nodes if node.name in ("hum", "heat")] == ["hum", "heat"]
    assert model.description.findings["heat"].answer.states == ("none", "warm", "hot")
    assert model.description.causes["worn_bearing"].textbook["hours"] == 1500
    assert model.files == (Path("m.yaml"),)


@pytest.mark.parametrize("name", shipped_models())
def test_shipped_models_have_no_mistakes(name: str) -> None:
    assert read_description(find_model(name)).description.causes


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
    "choice": ("group: aggravating", "group: agravating", "group: agravating",
        "did you mean 'aggravating'? choose one of"),
    "level": ("{routine: Book", "{rotine: No., routine: Book", "rotine",
        "unknown key 'rotine'; did you mean 'routine'?"),
    "over zero": ("relative_risk: 2.0", "relative_risk: 0", "relative_risk: 0",
        "it must be over 0"),
    "three in an interval": ("interval: [0.5, 0.9]", "interval: [0.5, 0.7, 0.9]",
        "interval: [0.5, 0.7, 0.9]", "'interval' has 3 items; give exactly 2"),
    "no source": ("source: [fig-1, fig-2]", "source: []", "source: []", "give at least 1"),
    "text for a list": ("source: [fig-1, fig-2]", "source: fig-1", "source: fig-1}",
        "put it in brackets: [fig-1]"),
    "whole number": ("up_to_1000: [0, 1000]", "up_to_1000: [0.0, 1000]", "0.0, 1000",
        "not a whole number"),
    "list for a block": (
        "    phases:\n      - {name: Now, goal: Stop., exercises: [{exercise: oil_change}]}",
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


# fmt: off
MEANING = {
    "unknown cause": ("      worn_bearing: {value: 0.7", "      worn_baering: {value: 0.7",
        "worn_baering", "unknown cause 'worn_baering'; did you mean 'worn_bearing'?"),
    "risk factor as cause": ("      worn_bearing: {value: 0.7", "      old_oil: {value: 0.7",
        "old_oil: {value: 0.7", "'old_oil' is a risk factor, which acts on causes only"),
    "unknown factor": ("{factor: old_oil,", "{factor: old_oill,", "factor: old_oill",
        "did you mean 'old_oil'?"),
    "finding as factor": ("{factor: old_oil,", "{factor: hum,", "factor: hum",
        "'hum' is in findings, and only"),
    "unknown state of a factor": ("state: over_1000", "state: over_100", "state: over_100,",
        "unknown state 'over_100' of 'hours'; did you mean 'over_1000'?"),
    "factor without a state": ("factor: hours, state: over_1000", "factor: hours", "factor: hours",
        "'hours' has more than yes and no; add `state:`, one of up_to_1000, over_1000"),
    "factor twice": ("{factor: hours, state: over_1000, relative_risk",
        "{factor: old_oil, relative_risk", "factor: old_oil, relative_risk: 1.5",
        "a second row for 'old_oil'"),
    "unknown state in when": ("when: {hours: over_1000}", "when: {hours: long}", "hours: long",
        "unknown state 'long' of 'hours'"),
    "unknown factor in when": ("when: {hours: over_1000}", "when: {hour: long}", "hour: long",
        "did you mean 'hours'?"),
    "unknown source of derived": ("derived_from: heat", "derived_from: heta", "derived_from: heta",
        "did you mean 'heat'?"),
    "unknown state of derived": ("states: [warm, hot]", "states: [warm, hott]", "hott]",
        "did you mean 'hot'?"),
    "derived from all states": ("    states: [warm, hot]", "    states: [none, warm, hot]",
        "states: [none, warm, hot]\ntri", "would be the same for everyone"),
    "id used twice": ("derived:\n  any_heat", "derived:\n  hum", "hum:\n    label: Warm",
        "'hum' is already an id in findings"),
    "id with capitals": ("  oil_change:\n", "  Oil-Change:\n", "Oil-Change",
        "small letters, digits and single underscores: oil_change"),
    "state with a capital": ("labels: {hot: Too hot to touch}}", "labels: {Hot: Too hot to touch}}",
        "Hot: Too", "did you mean 'hot'?"),
    "cycle of causes": ("{factor: old_oil, relative_risk: 2.0",
        "{factor: cracked_gear, relative_risk: 2.0", "risk_factors:\n      - {factor: cracked_gear",
        "a circle of influence: worn_bearing -> cracked_gear -> worn_bearing"),
    "cycle of factors": ("when: {hours: over_1000}", 'when: {old_oil: "yes"}', "frequency_by",
        "a circle of influence: old_oil -> old_oil"),
    "both kinds of number": ("{value: 0.7, interval",
        '{value: 0.7, values: {"no": 0.3, "yes": 0.7}, interval', "worn_bearing: {value: 0.7",
        "both `value` and `values`"),
    "no number": ("{value: 0.7, interval: [0.5, 0.9]", "{sample_size: 9",
        "worn_bearing: {sample_size", "no number; give `value`"),
    "one number for several states": ("{values: {none: 0.2, warm: 0.3, hot: 0.5},", "{value: 0.5,",
        "value: 0.5,", "give `values` for none, warm, hot"),
    "values for other states": ("hot: 0.5}", "hto: 0.5}", "hto",
        "unknown state 'hto'; did you mean 'hot'?"),
    "a state without a value": ("{none: 0.2, warm: 0.3, hot: 0.5}", "{none: 0.5, hot: 0.5}",
        "values: {none: 0.5, hot", "no value for warm; every state needs one"),
    "values that do not add up": ("hot: 0.5}", "hot: 0.6}", "values: {none: 0.2",
        "the values add up to 1.1"),
    "value outside its interval": ("interval: [0.5, 0.9]", "interval: [0.75, 0.9]",
        "interval: [0.75", "0.7 is outside its interval [0.75, 0.9]"),
    "interval backwards": ("interval: [0.5, 0.9]", "interval: [0.9, 0.5]", "interval: [0.9, 0.5]",
        "write [0.5, 0.9]"),
    "interval over 1": ("interval: [0.5, 0.9]", "interval: [0.5, 1.1]", "interval: [0.5, 1.1]",
        "keep it from 0 to 1"),
    "interval of a relative risk": ("interval: [1.2, 3.0]", "interval: [0, 3.0]", "interval: [0, 3",
        "keep it over 0"),
    "relative risk outside": ("interval: [1.2, 3.0]", "interval: [2.2, 3.0]", "interval: [2.2",
        "2 is outside its interval [2.2, 3]"),
    "interval of values": ("values: {up_to_1000: 0.7, over_1000: 0.3}\n      sample_size: 50",
        "values: {up_to_1000: 0.7, over_1000: 0.3}\n      interval: [0, 1]", "interval: [0, 1]",
        "with `values` give `sample_size` instead"),
    "no uncertainty": (", interval: [0.5, 0.9]", "", "worn_bearing: {value: 0.7",
        "no uncertainty; add `interval:"),
    "no uncertainty of a row": (", sample_size: 20, source", ", source", "{factor: hours",
        "no uncertainty; add `interval:"),
    "unknown source": ("source: [fig-1, fig-2]", "source: [fig-11, fig-2]", "fig-11",
        "'fig-11' is not the id of a published figure; did you mean 'fig-1'"),
    "citation without a year": ('source: ["Smith 2019, J Gears 1:2"]',
        'source: ["Smith, J Gears 1:2"]', '"Smith, J', "is not a citation in full"),
    "judgement misspelt": ('source: [expert judgement], why: "dry"',
        'source: [expert judgment], why: "dry"', "expert judgment",
        "did you mean 'expert judgement'?"),
    "judgement without a reason": (', why: "dry"', "", "source: [expert judgement]}",
        "'expert judgement' needs its reason"),
    "recalled only": ("source: [fig-1, fig-2]", "source: [fig-2]", "source: [fig-2]",
        "only recalled figures"),
    "gap between bands": ("over_1000: [1001, 9000]", "over_1000: [1005, 9000]", "over_1000: [1005",
        "a gap between 'up_to_1000', which ends at 1000, and 'over_1000'"),
    "overlap of bands": ("over_1000: [1001, 9000]", "over_1000: [1000, 9000]", "over_1000: [1000",
        "overlap"),
    "band backwards": ("over_1000: [1001, 9000]", "over_1000: [9000, 1001]", "over_1000: [9000",
        "write [1001, 9000]"),
    "below the background": ("worn_bearing: {value: 0.7, interval: [0.5, 0.9]",
        "worn_bearing: {value: 0.05, interval: [0.01, 0.9]", "value: 0.05",
        "0.05 is below the background of 0.1, and a cause can only raise a finding; lower the "
        "background or leave the cause out"),
    "shared below the background": ("cracked_gear: {value: 0.8, interval: [0.6, 0.9]",
        "cracked_gear: {value: 0.05, interval: [0.01, 0.9]", "value: 0.05",
        "a cause can only raise a finding"),
    "states out of order": ("{none: 0.2, warm: 0.3, hot: 0.5}",
        "{none: 0.4, warm: 0.05, hot: 0.55}", "values: {none: 0.4",
        "the states are out of order or not larger than the background"),
    "states below the background": ("{none: 0.2, warm: 0.3, hot: 0.5}",
        "{none: 0.8, warm: 0.1, hot: 0.1}", "values: {none: 0.8",
        "the states are out of order or not larger than the background"),
    "no frequency": (
        "    frequency:\n      values: {up_to_1000: 0.7, over_1000: 0.3}\n      sample_size: "
        "50\n      source: [\"Smith 2019, J Gears 1:2\"]\n", "", "hours:\n",
        "neither `frequency` nor `frequency_by`"),
    "last row with a condition": ("- {value: 0.2,", "- {when: {hours: up_to_1000}, value: 0.2,",
        "when: {hours: up", "the last row must fit everyone else"),
    "first row without a condition": ("- {when: {hours: over_1000}, value: 0.4", "- {value: 0.4",
        "{value: 0.4, interval: [0.3", "the rows after it never count"),
    "prevalence of 0": ("{value: 0.1, interval: [0.05, 0.2], source: [fig-1]}\n    risk",
        "{value: 0, interval: [0, 0.2], source: [fig-1]}\n    risk", "value: 0,",
        "a prevalence of 0 or 1"),
    "more than the prevalence": ("relative_risk: 2.0, interval: [1.2, 3.0]",
        "relative_risk: 90, interval: [1.2, 99]", "prevalence", "prevalence"),
    "serious without a threshold": (
        "    action_threshold: {value: 0.4, source: [expert judgement], why: \"it seizes\"}\n", "",
        "worn_bearing:", "a serious cause without `action_threshold`"),
    "unknown textbook finding": ("textbook: {hum:", "textbook: {hmu:", "hmu",
        "did you mean 'hum'?"),
    "textbook state": ("heat: hot, hours", "heat: hto, hours", "heat: hto", "did you mean 'hot'?"),
    "textbook kind": ("heat: hot, hours", "heat: true, hours", "heat: true", "give one of none"),
    "textbook number": ("hours: 1500", "hours: 15000", "hours: 15000", "runs from 0 to 9000"),
    "textbook number for yes/no": ("{hum: true", "{hum: 3", "hum: 3", "give true or false"),
    "textbook truth for a number": ("hours: 1500", "hours: true", "hours: true", "a whole number"),
    "unknown finding in a rule": ("{finding: hum}", "{finding: humm}", "finding: humm",
        "did you mean 'hum'?"),
    "cause as a finding in a rule": ("{finding: hum}", "{finding: worn_bearing}",
        "finding: worn_bearing", "unknown finding"),
    "unknown state in a rule": ("equals: [hot]", "equals: [hto]", "equals: [hto]", "'hot'?"),
    "states without equals": ("{finding: heat, equals: [hot]}", "{finding: heat}", "finding: heat}",
        "nothing says when 'heat' counts"),
    "number without a range": ("{finding: hours, at_least: 1000}", "{finding: hours}",
        "finding: hours}", "which is a number; give `at_least:` or `below:`"),
    "equals for yes/no": ("{finding: hum}", '{finding: hum, equals: ["yes"]}',
        "{finding: hum, equals", "`equals` does not fit 'hum'"),
    "range for yes/no": ("{finding: hum}", "{finding: hum, below: 3}", "{finding: hum, below",
        "`at_least or below` does not fit 'hum'"),
    "empty range": ("at_least: 1000}", "at_least: 1000, below: 9}", "{finding: hours, at_least",
        "can never hold"),
    "two kinds of condition": ("{finding: hum}",
        "{finding: hum, cause: worn_bearing, probability_over: 0.5}", "{finding: hum, cause",
        "`finding` and `cause` together; give exactly one"),
    "empty condition": ("{finding: hum}", "{}", "{}, {finding", "a condition with nothing"),
    "equals without a finding": ("{cause: worn_bearing,", "{cause: worn_bearing, absent: true,",
        "{cause: worn_bearing, abs", "go with `finding`"),
    "cause without a probability": ("{cause: worn_bearing, probability_over: 0.9}",
        "{cause: worn_bearing}", "{cause: worn_bearing}",
        "`cause` and `probability_over` go together"),
    "unknown cause in a rule": ("{cause: worn_bearing,", "{cause: worn_baring,",
        "cause: worn_baring", "did you mean"),
    "count without of": ("count: 1, of: [", "count: 1, any: [", "{count: 1", "go together"),
    "count too high": ("count: 1", "count: 3", "count: 3", "3 of 2 can never hold"),
    "level without a message": (", emergency: Stop now.", "", "messages: {routine",
        "no message for the level 'emergency'"),
    "no pathway for a level": ("urgency: emergency", "urgency: urgent", "level: emergency",
        "no pathway has the urgency 'emergency'"),
    "unknown cause of a pathway": ("      worn_bearing: {value: 50",
        "      worn_baring: {value: 50", "worn_baring", "did you"),
    "unknown exercise": ("exercise: oil_change}", "exercise: oil_chaneg}", "exercise: oil_chaneg",
        "did you mean 'oil_change'?"),
    "evidence id with a space": ("  fig-2:", "  fig 2:", "fig 2:", "write it as one word"),
    "reserved id": ("  cracked_gear:\n    label", "  no_identified_cause:\n    label",
        "no_identified_cause:\n    label", "stands for people without any cause"),
    "states and bands": ("answer: {states: [none, warm, hot],",
        "answer: {bands: {a: [0, 1], b: [2, 3]}, states: [none, warm, hot],", "answer: {bands",
        "both `states` and `bands`"),
    "one state": ("answer: {states: [none, warm, hot], labels: {hot: Too hot to touch}}",
        "answer: {states: [none]}", "answer: {states: [none]}", "one state only"),
    "state twice": ("[none, warm, hot], labels", "[none, hot, hot], labels", "hot], labels",
        "twice"),
}
# fmt: on


@pytest.mark.parametrize("case", MEANING)
def test_mistake_in_meaning(case: str) -> None:
    old, new, part, words = MEANING[case]
    text = changed((old, new))
    found = [each for each in problems(text) if words in each]
    assert any(each.startswith(place_of(text, part) + ": ") for each in found), problems(text)


def test_no_causes() -> None:
    text = MODEL[: MODEL.index("causes:")]
    assert any("the model has no causes" in each for each in problems(text))


def test_five_planted_mistakes_are_all_reported() -> None:
    text = changed(
        ("title: Gearbox", "title: 7"),
        ("about: A tooth", "abuot: A tooth"),
        (
            "      vibration: {value: 0.6, interval: [0.4, 0.8]",
            "      vibratio: {value: 0.6, interval: [0.7, 0.8]",
        ),
        ("derived_from: heat", "derived_from: heats"),
        ("{value: 50, source: [fig-1]}", "{value: 50, source: [fig-3]}"),
    )
    found = problems(text)
    expected = [
        "'title' is",
        "unknown key 'abuot'",
        "'vibratio'",
        "outside its interval",
        "'heats'",
        "'fig-3'",
    ]
    assert [next((w for w in expected if w in each), each) for each in found] == expected


def test_a_broken_entry_hides_no_other_and_is_not_called_unknown() -> None:
    text = changed(
        ("label: Worn bearing", "label: [7]"),
        (
            "worn_bearing: {value: 50, source: [fig-1]}",
            "worn_bearing: {value: 50, source: [fig-9]}",
        ),
    )
    found = problems(text)
    assert len(found) == 2
    assert "'label' is a list" in found[0]
    assert "fig-9" in found[1]


def test_a_misspelt_key_is_one_problem() -> None:
    (found,) = problems(changed(("interval: [0.5, 0.9]", "intervall: [0.5, 0.9]")))
    assert "did you mean 'interval'?" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shared:\n", "sharde:\n"),
        ("hot: 0.5}", "hot: 0.6}"),
        ("[1001, 9000]", "[2001, 1001]"),
        ("sample_size: 50", "sample_size: 1e999"),
    ],
)
def test_one_slip_is_one_problem(old: str, new: str) -> None:
    assert len(problems(changed((old, new), ("hours: 1500", "hours: 100")))) == 1


def test_keys_are_text_as_written_and_words_stay_words() -> None:
    text = changed(
        (
            "{states: [none, warm, hot], labels: {hot: Too hot to touch}}",
            "{states: [off, 20_34, on]}",
        ),
        ("{none: 0.7, warm: 0.2, hot: 0.1}", "{off: 0.7, 20_34: 0.2, on: 0.1}"),
        ("{none: 0.2, warm: 0.3, hot: 0.5}", "{off: 0.2, 20_34: 0.3, on: 0.5}"),
        ("heat: hot, hours", "heat: on, hours"),
        ("states: [warm, hot]", "states: [20_34, on]"),
        ("equals: [hot]", "equals: [on]"),
    )
    model = read(text)
    assert model.description.findings["heat"].answer.states == ("off", "20_34", "on")
    assert list(model.description.findings["heat"].background.values or ()) == [
        "off",
        "20_34",
        "on",
    ]


SYNTAX = {
    "unclosed brace": ("a: {b: 1\nc: 2", 2, "a '{' that is not closed"),
    "unclosed bracket": ("a: [1, 2\nb: 3", 2, "a '[' that is not closed"),
    "tab": ("a:\n\tb: 1", 2, "not tabs"),
    "unclosed quote": ('a: 1\nb: "x\nc: 2\n', 2, "a quote that is never closed"),
    "indentation": ("a:\n  b: 1\n c: 2", 3, "check its indentation"),
    "colon in text": ("a: b: c", 1, "put the text in quotes"),
    "line without a colon": ("a: 1\nb\nc: 2", 3, "add the ':'"),
    "undefined alias": ("a: *nothing", 1, "nothing above is marked '&nothing'"),
    "alias of itself": ("a: &x [*x]", 1, "nothing above is marked '&x'"),
    "two documents": ("a: 1\n---\nb: 2", 2, "a second document"),
    "control character": ("a: 1\nb: \x00", 2, "a control character; delete it"),
    "empty": ("", 1, "the file is empty"),
    "comments only": ("# nothing\n", 2, "the file is empty"),
    "deep": ("[" * 5000, 1, "nested more than"),
}


@pytest.mark.parametrize("case", SYNTAX)
def test_syntax(case: str) -> None:
    text, line, words = SYNTAX[case]
    (found,) = problems({"m.yaml": text})
    assert words in found
    assert found.startswith(f"m.yaml:{line}:")


@pytest.mark.parametrize("case", SYNTAX)
def test_syntax_without_the_c_library(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.SafeLoader)
    (found,) = problems({"m.yaml": SYNTAX[case][0]})
    assert found.startswith("m.yaml:")


def test_laughs_are_not_expanded() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (found,) = problems("\n".join(lines))
    assert "m.yaml:6:" in found
    assert "more than 200000 values" in found


def test_aliases_are_read() -> None:
    text = changed(
        (
            "prevalence: {value: 0.2, interval: [0.1, 0.3], source: [fig-1]}",
            "prevalence: {value: 0.2, interval: [0.1, 0.3], source: &s [fig-1]}",
        ),
        ("source: [fig-1, fig-2]", "source: *s"),
    )
    assert read(text).description.shared["vibration"].causes["cracked_gear"].source == ("fig-1",)


def test_not_utf8() -> None:
    (found,) = problems({"m.yaml": "a: 1\nbé: ".encode() + b"\xff\n"})
    assert found == "m.yaml:2:5: not UTF-8 text; save the file with the encoding UTF-8"


def test_byte_order_mark_and_windows_lines_are_fine() -> None:
    assert read({"m.yaml": b"\xef\xbb\xbf" + MODEL.replace("\n", "\r\n").encode()}).nodes


def test_top_level_list() -> None:
    assert any("the file is a list, not a block" in each for each in problems("[a, b]"))


def test_too_large_file() -> None:
    with Path("m.yaml").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert Path("m.yaml").stat().st_size > LARGEST_FILE
    with pytest.raises(ModelFileError, match=r"m.yaml:1:1: .*has 50.0 MiB, over the 8.0 MiB"):
        read_description(Path("m.yaml"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".", "is a folder; name the YAML file"),
        ("gone.yaml", "there is no file 'gone.yaml'"),
        ("/dev/zero", "is not a regular file"),
        ("a\0b", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("m.yaml/x.yaml", "cannot be read"),
    ],
)
def test_no_such_file(name: str, words: str) -> None:
    Path("m.yaml").write_text(MODEL)
    with pytest.raises(ModelFileError) as caught:
        read_description(Path(name))
    (found,) = caught.value.problems
    assert words in found


PARTS = {
    "m.yaml": "include: [parts/a.yaml, parts/b.yaml]\n" + MODEL[: MODEL.index("shared:")],
    "parts/a.yaml": MODEL[MODEL.index("shared:") : MODEL.index("triage:")],
    "parts/b.yaml": MODEL[MODEL.index("triage:") :],
}


def test_parts_are_one_model() -> None:
    whole, parts = read(MODEL), read({"main.yaml": PARTS["m.yaml"], **PARTS})
    assert parts.nodes == whole.nodes
    assert parts.description.pathways == whole.description.pathways
    assert [str(path) for path in parts.files] == ["main.yaml", "parts/a.yaml", "parts/b.yaml"]


def test_mistake_in_a_part_has_the_parts_place() -> None:
    part = PARTS["parts/a.yaml"].replace("{value: 0.7, interval", "{value: 7, interval", 1)
    (found,) = problems({**PARTS, "parts/a.yaml": part})
    line = part[: part.index("value: 7,")].count("\n") + 1
    assert found.startswith(f"parts/a.yaml:{line}:")


def test_id_in_two_files() -> None:
    part = PARTS["parts/a.yaml"] + "causes:\n  cracked_gear: {label: x}\n"
    found = problems({**PARTS, "parts/a.yaml": part})
    twice = [
        each for each in found if "'cracked_gear' is already in causes, at m.yaml:20:3" in each
    ]
    assert len(twice) == 1
    assert twice[0].startswith(f"parts/a.yaml:{part.count(chr(10))}:3: ")


def test_section_that_may_stand_once() -> None:
    part = PARTS["parts/a.yaml"] + "triage: {}\n"
    assert any(
        "'triage' is already given at" in each for each in problems({**PARTS, "parts/a.yaml": part})
    )


def test_syntax_error_in_one_part_leaves_the_others_reported() -> None:
    found = problems(
        {
            **PARTS,
            "m.yaml": PARTS["m.yaml"].replace("title: Gearbox", "title: 7"),
            "parts/a.yaml": "a: [",
        }
    )
    assert len(found) == 2
    assert "title" in found[0]
    assert found[1].startswith("parts/a.yaml:1:")


def test_main_file_needs_model() -> None:
    text = MODEL[MODEL.index("causes:") :]
    (found,) = problems(text)
    assert found.startswith("m.yaml:1:1: 'model' is missing")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.yaml", "there is no file 'gone.yaml'"),
        ("parts/aa.yaml", "did you mean 'a.yaml'"),
        ("m.yaml", "includes itself"),
        ("../outside.yaml", "is outside the model's folder"),
        ("/etc/passwd", "is outside the model's folder"),
        ("link.yaml", "is outside the model's folder"),
        ("parts", "is a folder"),
        ("parts/b.yaml", "is included twice"),
        ('"a\\0b"', "cannot be a file name"),
    ],
)
def test_include_that_cannot_be(name: str, words: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    os.chdir(inside)
    (tmp_path / "outside.yaml").write_text("causes: {}\n")
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    text = PARTS["m.yaml"].replace("parts/b.yaml]", f"parts/b.yaml, {name}]")
    (found,) = problems({**PARTS, "m.yaml": text})
    assert words in found
    assert found.startswith("m.yaml:1:39: ")


def test_circle_of_includes() -> None:
    files = {**PARTS, "parts/a.yaml": "include: [b.yaml]\n", "parts/b.yaml": "include: [a.yaml]\n"}
    found = problems({**files, "m.yaml": PARTS["m.yaml"].replace(", parts/b.yaml", "")})
    assert found[0].startswith("parts/b.yaml:1:11: 'a.yaml' includes itself")


def test_all_rules_of_the_schema_have_words() -> None:
    structure = {"$ref", "properties", "items", "propertyNames", "minItems", "maxItems"}
    notes = {"title", "description", "default", "$schema", "$defs"}

    def rules(schema: object) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
        inner += [schema.get("items"), schema.get("additionalProperties")]
        return set(schema).union(*(rules(each) for each in inner))

    assert rules(file_schema()) <= set(wording._WORDS) | structure | notes


def test_schema_file_is_what_the_classes_say(tmp_path: Path) -> None:
    written = (MODELS / "model.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m bayesnet.description.schema"
    main([str(tmp_path / "again.json")])
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == written


def test_schema_is_closed_and_plain() -> None:
    schema = json.loads(schema_text())
    assert "anyOf" not in schema_text()
    assert '"null"' not in schema_text()
    assert all(each["additionalProperties"] is False for each in schema["$defs"].values())
    levels = schema["$defs"]["Triage"]["properties"]["messages"]["propertyNames"]["enum"]
    assert sorted(levels) == sorted(LEVELS)


def test_each_shipped_file_names_the_schema() -> None:
    for path in (SHIPPED, *SHIPPED.with_suffix("").glob("*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        relative = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / relative).resolve() == MODELS / "model.schema.json", path


def test_find_model() -> None:
    assert "lbp-runner" in shipped_models()
    assert find_model("lbp-runner") == find_model("lbp_runner") == SHIPPED
    Path("mine.yaml").write_text(MODEL)
    assert find_model("mine.yaml") == Path("mine.yaml")
    for name, words in {
        "lbp-runer": "did you mean 'lbp-runner'?",
        "zzz": "shipped: lbp-runner",
        "mnie.yaml": "did you mean 'mine.yaml'?",
        ".": "is a folder",
    }.items():
        with pytest.raises(EvidenceError, match=re.escape(words)) as caught:
            find_model(name)
        assert caught.value.exit_code == 2


def test_copy_of_a_model_reads_the_same(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder"
    copied = copy_model("lbp-runner", target)
    assert copied[0] == target / "lbp_runner.yaml"
    assert read_description(copied[0]).sha256 == read_description(SHIPPED).sha256
    assert (target / "model.schema.json").is_file()
    (target / "lbp_runner.yaml").write_text("mine\n")
    with pytest.raises(BayesnetError, match=r"already there: .*lbp_runner.yaml"):
        copy_model("lbp-runner", target)
    assert (target / "lbp_runner.yaml").read_text() == "mine\n"


def test_copy_sets_the_schema_comment_right(tmp_path: Path) -> None:
    Path("m.yaml").write_text(f"# yaml-language-server: $schema=../far/x.json\n{MODEL}")
    copied = copy_model("./m.yaml", tmp_path / "copy")
    first = copied[0].read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=model.schema.json"


def test_copy_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BayesnetError, match="cannot be written"):
        copy_model("lbp-runner", tmp_path / "file" / "folder")


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


@given(st.data())
def test_a_model_with_values_swapped_is_read_or_refused(data: st.DataObject) -> None:
    model = yaml.safe_load(MODEL)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(holders(model)))
        holder[key] = data.draw(VALUES)
    try:
        assert read({"m.yaml": json.dumps(model)}).nodes
    except ModelFileError:
        return
