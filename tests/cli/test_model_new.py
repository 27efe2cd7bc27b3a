"""`lbp-infer model new`: a model or an overlay to start from, and nothing that is there touched."""

import re
from pathlib import Path

import pytest
import yaml
from support.cli import answer, refused, run
from support.models import GEARBOX_FILE, runner

import bayesnet
from bayesnet.model.copying import OVERLAY_SCHEMA, SCHEMA

pytestmark = pytest.mark.usefixtures("in_folder")


def uncommented(text: str) -> str:
    """The overlay's own part, with its commented lines of YAML counting."""
    own = text[text.index("extends:") :]
    return re.sub(r"^# (?=(causes|findings):$|  )", "", own, flags=re.MULTILINE)


def test_a_new_model_is_sound_and_gives_a_diagnosis():
    said = run("model", "new", "my_pump.yaml", "--title", 'A "pump": #1')
    assert said.exit_code == 0
    assert Path(SCHEMA).is_file()
    for command in re.findall(r"\d\. (?:check|use) +lbp-infer (.*)", said.output):
        assert run(*command.split()).exit_code == 0
    report = answer("--model", "my_pump.yaml", "--glass", "black", "--no-burning-smell")
    assert (report["model"]["id"], report["model"]["title"]) == ("my-pump", 'A "pump": #1')
    assert report["causes"][0]["id"] == "bulb"
    assert report["pathway"]["id"] == "change_bulb"
    asks = answer("--model", "my_pump.yaml", "--no-burning-smell")
    assert asks["next_question"] is not None
    danger = answer("--model", "my_pump.yaml", "--burning-smell")
    assert (danger["triage"]["level"], danger["pathway"]["id"]) == ("urgent", "unplug")


def test_every_command_that_a_new_model_names_runs():
    run("model", "new", "pump.yaml")
    commands = re.findall(r"^#   lbp-infer (.*?)(?:  \(|$)", Path("pump.yaml").read_text(), re.M)
    assert len(commands) == 4
    for command in commands:
        stdin = "stop\n" if command.startswith("ask") else None
        assert run(*command.split(), stdin=stdin).exit_code == 0, command


def test_lines_of_a_new_model_fit_a_screen():
    assert run("model", "new", "pump.yaml").exit_code == 0
    lines = Path("pump.yaml").read_text().splitlines()
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("extends", [(), ("--extends", "lbp-runner")])
def test_what_is_there_is_never_touched(extends):
    Path("mine.yaml").write_text("mine")
    assert "there already" in refused("model", "new", "mine.yaml", *extends, code=1)
    assert Path("mine.yaml").read_text() == "mine"
    assert not Path(SCHEMA).exists()


def test_a_schema_that_is_there_stays():
    Path(SCHEMA).write_text("mine")
    assert run("model", "new", "pump.yaml").exit_code == 0
    assert Path(SCHEMA).read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "says", "code"),
    [
        (("pump",), "end it in .yaml", 2),
        (("no/pump.yaml",), "make its folder first", 1),
        (("pump.yaml", "--extends", "lbp-runer"), "did you mean 'lbp-runner'?", 2),
        (("pump.yaml", "--extends", "lbp-runner", "--title", "x"), "leave '--title' out", 2),
        (("a\0.yaml",), "cannot be written", 1),
    ],
)
def test_what_cannot_be_written_is_said_with_a_remedy(arguments, says, code):
    assert says in refused("model", "new", *arguments, code=code)
    assert list(Path().iterdir()) == []


def test_an_overlay_says_nothing_yet_but_whose_it_is():
    assert run("model", "new", "clinic.yaml", "--extends", "lbp-runner").exit_code == 0
    text = Path("clinic.yaml").read_text()
    said = yaml.safe_load(text)
    assert (said.pop("extends"), sorted(said)) == ("lbp-runner", ["source", "why"])
    assert text.startswith(f"# yaml-language-server: $schema={OVERLAY_SCHEMA}\n")
    assert Path(OVERLAY_SCHEMA).is_file()
    assert not Path(SCHEMA).exists()


def test_a_new_overlay_is_sound_and_answers_as_its_base():
    assert run("model", "new", "shop.yaml", "--extends", str(GEARBOX_FILE)).exit_code == 0
    checked = run("model", "check", "shop.yaml").stdout
    assert checked.startswith("shop over gearbox 1.2 is sound: ")
    new, base = (answer("--model", each, "--whine") for each in ("shop.yaml", str(GEARBOX_FILE)))
    assert new.pop("model")["sha256"] == base.pop("model")["sha256"]
    assert new == base


def test_the_commented_lines_of_an_overlay_are_those_of_its_base():
    run("model", "new", "clinic.yaml", "--extends", "lbp-runner")
    said = yaml.safe_load(uncommented(Path("clinic.yaml").read_text()))
    base = runner().description
    ((cause, entry),) = said["causes"].items()
    low, high = entry["prevalence"]["interval"]
    assert entry["prevalence"]["value"] == base.causes[cause].prevalence.value
    assert low < entry["prevalence"]["value"] < high
    ((finding, words),) = said["findings"].items()
    assert words["label"] == base.findings[finding].label


def test_an_overlay_of_a_file_names_it_from_where_it_lies():
    Path("sub").mkdir()
    assert run("model", "new", "sub/mine.yaml", "--extends", str(GEARBOX_FILE)).exit_code == 0
    written = yaml.safe_load(Path("sub/mine.yaml").read_text())["extends"]
    assert Path("sub", written).resolve() == GEARBOX_FILE.resolve()
    assert bayesnet.load_model(Path("sub", written)).description.model.id == "gearbox"
