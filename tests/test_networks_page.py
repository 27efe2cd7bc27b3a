"""The example of docs/networks.md, run as it stands there."""

import re
from pathlib import Path

import pytest
from support.cli import answer, run
from support.paths import ROOT

import bayesnet

PAGE = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")
(XDSL,) = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)
(ENTRIES,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for line in PAGE.splitlines() if line.startswith("lbp-infer") and "pump" in line]
HEAD = 'model: {id: pump, version: "1", title: Pumps, setting: A plant, disclaimer: An estimate.}\n'


@pytest.fixture(autouse=True)
def file(in_folder: None) -> None:
    Path("pump.xdsl").write_text(XDSL)


def test_its_commands_run(monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(Path.cwd()))
    assert len(COMMANDS) == 4
    for line in COMMANDS:
        said = run(*line.split()[1:], stdin="no\n")
        assert said.exit_code == 0, (line, said.stderr)
    given = {"leak": True, "oil_level": "low"}
    for file in ("pump.xdsl", "pump.yaml", "again.xdsl"):
        report = bayesnet.load_model(file).diagnose(given)
        # 0.02 x 0.9 x 0.8 beside 0.08 x 0.5 x 0.3 and 0.9 x 0.02 x 0.1
        expected = 0.0144 / (0.0144 + 0.012 + 0.0018)
        assert report.cause("seal_torn").probability == pytest.approx(expected, abs=1e-12)


def test_what_it_says_of_the_example_is_so():
    known = bayesnet.load_model("pump.xdsl").description
    assert list(known.causes) == ["seal_worn", "seal_torn"]
    assert known.findings["oil_level"].asked.cost == 3
    assert known.findings["leak"].asked.question == "Is it wet under the pump?"
    told = answer("--model", "pump.xdsl", "--leak", "present", "--oil-level", "low")
    assert (told["triage"]["level"], told["triage"]["label"]) == ("soon", "urgency not judged")
    assert told["pathway"] is None
    assert {each["interval"] for each in told["causes"]} == {None}


def test_its_model_file_is_one():
    Path("own.yaml").write_text(HEAD + ENTRIES)
    report = bayesnet.load_model("own.yaml").diagnose({"leak": True})
    expected = 0.018 / (0.018 + 0.04 + 0.018)
    assert report.cause("seal_torn").probability == pytest.approx(expected, abs=1e-12)
