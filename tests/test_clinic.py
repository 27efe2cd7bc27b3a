"""The page about a clinic and its model, followed to the letter."""

import re
import shlex
from pathlib import Path

import pytest
from support.cli import run
from support.models import runner
from support.paths import ROOT

import bayesnet

pytest.importorskip("pyarrow")

PAGE = (ROOT / "docs" / "clinic.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
WRITTEN = next(text for kind, text in BLOCKS if kind == "yaml")


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """What each command said, by what it does, in the folder that it was followed in."""
    said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("clinic"))
        patch.delenv("LBP_INFER_MODEL", raising=False)
        for kind, text in BLOCKS:
            if kind == "yaml":
                Path("clinic.yaml").write_text(text, encoding="utf-8")
            for line in text.splitlines() if kind == "sh" else ():
                words = shlex.split(line)
                done = run(*words[1:])
                assert done.exit_code == 0, f"{line}\n{done.output}"
                name = " ".join(word for word in words[1:4] if not word.startswith("-"))
                said[name] = done.output
        yield said


def test_it_goes_through_every_step_of_tuning(followed):
    steps = [re.match(r"model (\w+)", each)[1] for each in followed if each.startswith("model ")]
    assert {"check", "show", "diff", "simulate", "test", "fit", "graph", "export"} == set(steps)


def test_what_each_step_says_names_the_clinics_file(followed):
    for command in ("model check clinic.yaml", "clinic.yaml", "model test clinic.yaml"):
        assert "clinic over lbp-runner" in " ".join(followed[command].split()), command
    assert "is sound" in followed["model check fitted.yaml"]
    assert "facet_joint.prevalence" in followed["model diff lbp-runner"]
    assert "URGENCY LOWERED" in followed["model diff lbp-runner"]
    line = next(n for n, text in enumerate(WRITTEN.splitlines(), 1) if "prevalence" in text)
    shown = " ".join(followed["model show clinic.yaml"].split())
    assert f"clinic.yaml {line} facet_joint.prevalence" in shown


def test_the_fit_lies_on_top_of_the_clinics_file_and_says_from_where_its_numbers_are(followed):
    origin = [each.id for each in bayesnet.load_model("fitted.yaml").compiled.origin]
    assert origin == [runner().description.model.id, "clinic", "fitted"]
    number = bayesnet.load_model("fitted.yaml").description.causes["facet_joint"].prevalence
    assert any("fitted to 40 cases" in source for source in number.source)
    assert "before the fit" in number.why


def test_what_is_handed_on_is_the_network_and_a_drawing(followed):
    assert "<svg" in Path("facet.html").read_text(encoding="utf-8")
    exported, own = bayesnet.read_network("fitted.xdsl"), bayesnet.load_model("fitted.yaml").network
    assert {name: exported.states(name) for name in exported.nodes} == {
        name: own.states(name) for name in own.nodes
    }
