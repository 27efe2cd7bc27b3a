"""Model files for tests of the reader: a small sound model to change, and what reading says."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bayesnet import DiagnosticModel, load_model
from bayesnet.errors import ModelFileError
from bayesnet.model.reading.reader import ReadModel, read_description
from support.paths import MODELS

SHIPPED = MODELS / "lbp_runner.yaml"

MODEL = """\
model:
  id: gearbox
  version: "1"
  title: Gearbox
  setting: A workshop
  disclaimer: For mechanics.
  utility_unit: good hours
  live_from: {value: 0.2, source: [expert judgement], why: "a fifth is worth a look"}
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
    act_by: stop
    harmed_by: [{direction: draining, source: [fig-1]}]
    textbook: {hum: true, heat: hot, hours: 1500, old_oil: false}
  cracked_gear:
    label: Cracked gear
    about: A tooth with a crack.
    prevalence: {value: 0.1, interval: [0.05, 0.2], source: [fig-1]}
    risk_factors:
      - {factor: worn_bearing, relative_risk: 1.5, interval: [1.0, 2.0], source: [fig-1]}
    textbook: {hum: true}
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
          - {cause: worn_bearing, over_threshold: true}
          - {count: 1, of: [{finding: any_heat}, {finding: old_oil, absent: true}]}
      unless: {finding: hours, below: 100}
      reason: It may seize.
      source: ["Gears 2020, https://example.org/gears"]
exercises:
  oil_change:
    label: Oil change
    how: Drain and fill.
    dose: Once
    progression: Twice
    stop_if: It leaks
    direction: draining
    source: [fig-1]
pathways:
  stop:
    label: Stop
    act: stop the gearbox
    urgency: emergency
    value:
      worn_bearing: {value: 50, source: [fig-1]}
      no_identified_cause: {value: -5, source: [expert judgement], why: "idle time"}
    phases:
      - {name: Now, goal: Stop., enter_when: It hums., move_on_when: It is still.,
         exercises: [{exercise: oil_change}]}
    source: [fig-1]
evidence:
  fig-1: {figure: "a fifth", citation: "Smith 2019, J Gears 1:2"}
  fig-2: {figure: "a tenth", citation: "Jones 2001, J Gears 3:4", status: recalled}
"""


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


def loaded(text: str, folder: Path) -> DiagnosticModel:
    """The model of a file's text, which is written into a folder."""
    path = folder / "gearbox.yaml"
    path.write_text(text, encoding="utf-8")
    return load_model(path)


def place_of(text: str, part: str, offset: int = 0) -> str:
    """Where a part of a text stands, as file:line:column."""
    at = text.index(part) + offset
    line = text.count("\n", 0, at) + 1
    return f"m.yaml:{line}:{at - text.rfind(chr(10), 0, at)}"
