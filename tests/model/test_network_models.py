"""Models whose numbers are in a network: read by content, imported, exported, and every mistake."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.cli import refused, run
from support.diagnostic import PUMP_XDSL, PUMP_YAML, pump, with_roles
from support.models import GEARBOX_FILE, gearbox
from support.service import service

import bayesnet
from bayesnet.errors import ModelFileError
from bayesnet.network import Network
from bayesnet.network.formats.files import read_network, write_network

pytestmark = pytest.mark.usefixtures("in_folder")

EVIDENCE = {"leak": True, "noise": "loud", "age": "old"}


@pytest.fixture
def changed() -> Callable[..., str]:
    """Writes the pump's files here, of one of which some texts are others; gives its name."""

    def change(file: Path, *pairs: tuple[str, str]) -> str:
        for each in (PUMP_XDSL, PUMP_YAML):
            text = each.read_text()
            for old, new in pairs if each == file else ():
                assert old in text
                text = text.replace(old, new)
            Path(each.name).write_text(text)
        return file.name

    return change


def mistakes(name: str) -> tuple[str, ...]:
    with pytest.raises(ModelFileError) as caught:
        bayesnet.load_model(name)
    return caught.value.problems


def bare() -> Network:
    """The pump's network without its roles."""
    return with_roles(read_network(PUMP_XDSL), {})


def probabilities(model: bayesnet.DiagnosticModel, evidence: dict) -> dict[str, float]:
    return {each.id: each.probability for each in model.diagnose(evidence).causes}


def test_a_network_is_told_by_its_content():
    Path("named wrong.txt").write_bytes(gzip.compress(PUMP_XDSL.read_bytes()))
    model = bayesnet.load_model("named wrong.txt")
    assert (model.description.model.id, model.description.model.title) == (
        "named-wrong",
        "named wrong",
    )
    assert probabilities(model, EVIDENCE) == probabilities(pump(), EVIDENCE)


def test_names_become_ids_and_flags():
    known = pump().description
    assert list(known.causes) == ["seal_worn", "seal_torn", "bearing_fault"]
    assert [each.label for each in known.causes.values()] == [
        "Shaft seal: worn",
        "Torn seal",
        "Bearing",
    ]
    assert known.findings["leak"].asked.question == "Look under the pump. Wet?"
    assert known.findings["leak"].asked.mandatory
    assert known.findings["noise"].asked.cost == 1.5
    assert known.findings["age"].asked.question == "Age of the pump?"
    assert [each.is_yes_no for each in pump().findings.values()] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert known.findings["serial"].answer.labels == {"a": "A", "b": "B"}


def test_imported_it_is_the_same_model_to_be_edited():
    said = run("model", "import", str(PUMP_XDSL), "-o", "own.yaml", "--title", "Our pumps")
    assert said.exit_code == 0, said.stderr
    assert Path("pump.xdsl").read_bytes() == PUMP_XDSL.read_bytes()
    model = bayesnet.load_model("own.yaml")
    assert probabilities(model, EVIDENCE) == probabilities(pump(), EVIDENCE)
    assert model.diagnose(EVIDENCE).questions == pump().diagnose(EVIDENCE).questions
    assert run("model", "check", "own.yaml").exit_code == 0
    assert "is there already" in refused(
        "model", "import", str(PUMP_XDSL), "-o", "own.yaml", code=1
    )


def test_a_model_is_known_by_its_network_s_numbers(changed):
    before = bayesnet.load_model(changed(PUMP_YAML)).compiled.sha256
    assert bayesnet.load_model(changed(PUMP_YAML)).compiled.sha256 == before
    changed(PUMP_XDSL, ("<probabilities>0.6 0.4<", "<probabilities>0.5 0.5<"))
    assert bayesnet.load_model("pump.yaml").compiled.sha256 != before


def test_another_network_beside_it_is_refused():
    Path("pump.xdsl").write_text("<smile/>")
    said = refused("model", "import", str(PUMP_XDSL), "-o", "own.yaml", code=1)
    assert "'pump.xdsl' is there already, with other content" in said
    assert not Path("own.yaml").exists()


def test_exported_it_keeps_roles_and_imported_again_it_is_the_same():
    assert run("model", "export", str(PUMP_XDSL), "-o", "again.xdsl").exit_code == 0
    before, after = read_network(PUMP_XDSL).roles, read_network("again.xdsl").roles
    for name in ("Seal", "Bearing.fault", "Noise", "Leak", "Serial"):
        for key in ("kind", "faults", "ranked", "mandatory"):
            assert getattr(after[name], key) == getattr(before[name], key), (name, key)
    assert after["Noise"].question == "How loud is it?"
    assert (after["Noise"].cost, after["Leak"].cost, after["Age"].cost) == (1.5, 3.0, 1.0)
    model = bayesnet.load_model("again.xdsl")
    assert {n: (c.label, c.in_network) for n, c in model.description.causes.items()} == {
        n: (c.label, c.in_network) for n, c in pump().description.causes.items()
    }
    known = model.description.findings
    assert known == {name: pump().description.findings[name] for name in known}
    found = probabilities(model, EVIDENCE)
    assert found == pytest.approx(probabilities(pump(), EVIDENCE), abs=1e-12)


def test_a_model_file_is_exported_with_its_own_words():
    said = run("model", "export", str(PUMP_YAML), "-o", "own.xdsl")
    assert "that several states are one cause: chamber" in said.stderr
    assert "2 pathways" in said.stderr
    roles = read_network("own.xdsl").roles
    assert roles["Seal"].state_labels == {"worn": "Worn seal", "torn": "Torn seal"}
    assert roles["Pressure"].faults == ("low", "high")
    assert roles["Leak"].properties == {"group": "noises", "red_flag": "true"}
    assert roles["Leak"].mandatory
    again = bayesnet.load_model("own.xdsl").description
    assert again.findings["leak"].asked.red_flag
    assert again.causes["seal_worn"].label == "Worn seal"


def test_a_solved_model_exported_and_loaded_has_the_same_posteriors_and_questions():
    model = gearbox()
    assert run("model", "export", str(GEARBOX_FILE), "-o", "g.xdsl").exit_code == 0
    again = bayesnet.load_model("g.xdsl")
    evidence = {"whine": True, "whine_under_load": False, "felt_at": "floor"}
    found = probabilities(again, evidence)
    assert found == pytest.approx(probabilities(model, evidence), abs=1e-9)
    for name, each in model.known.items():
        if each.derived_from or each.is_number:
            continue
        same = again.known[name].asked
        for key in ("question", "group", "cost", "asked_of", "red_flag"):
            assert getattr(same, key) == getattr(each.asked, key), (name, key)
        assert same.mandatory == (each.asked.mandatory or each.asked.red_flag)


def test_what_cannot_be_done_with_such_numbers_says_so(changed):
    name = changed(PUMP_YAML)
    fitted = refused("model", "fit", name, "s.csv", "-o", "fit.yaml")
    assert "the numbers of 'pump' are in its network, pump.xdsl" in fitted
    assert "make a model file of it with 'lbp-infer model import'" in refused(
        "model", "set", "pump.xdsl", "conflict_from=5", "--source", "Audit 2020, J Pumps 1:2"
    )
    assert "in the model's network" in run("model", "show", name, "leak", "--numbers").stdout
    assert run("model", "show", name, "seal_torn").exit_code == 0
    given = "--source", "audit 2026", "--sample-size", "50", "--yes"
    for number in ("seal_torn.prevalence", "leak.background", "leak.seal_torn"):
        said = refused("model", "set", name, f"{number}=0.2", *given)
        assert f"of '{number.partition('.')[0]}' are in the network of this model" in said
    assert "in the model's network" in run("model", "show", name, "leak", "--origin").stdout
    told = run("--model", name, "--sensitivity", "--leak").stdout
    assert "does not say how sure it is of its numbers" in " ".join(told.split())


def test_it_is_copied_with_its_network_and_can_be_extended():
    assert run("model", "copy", str(PUMP_YAML), "copied").exit_code == 0
    assert Path("copied/pump.xdsl").exists()
    Path("copied/mine.yaml").write_text(
        "extends: pump.yaml\nfindings:\n  leak: {label: Wet floor}\n  puddle: null\n"
    )
    mine = bayesnet.load_model("copied/mine.yaml")
    assert mine.description.findings["leak"].label == "Wet floor"
    assert "puddle" not in mine.known
    given = {"leak": True, "noise": "loud", "age": 12}
    expected = probabilities(bayesnet.load_model(PUMP_YAML), given)
    assert probabilities(mine, given) == pytest.approx(expected, abs=1e-12)


XDSL_MISTAKES = {
    "no fault": (
        [(' fault="true" /><state id="absent"', ' /><state id="absent"')],
        "16:7: 'Bearing.fault' is a target without a fault state",
    ),
    "mandatory target": (
        [('<cpt id="Seal" diagtype="target"', '<cpt id="Seal" diagtype="target" mandatory="true"')],
        "9:5: 'Seal' is mandatory and no observation",
    ),
    "cost": ([("<cost>3<", "<cost>-3<")], "39:7: 'Leak' has the cost '-3'; give a number from 0"),
    "cost that is none": ([("<cost>3<", "<cost>nan<")], "39:7: 'Leak' has the cost 'nan'"),
    "no targets": (
        [('diagtype="target"', ""), (' fault="true"', "")],
        "1:1: no node is a target, so there is nothing to find",
    ),
    "no observations": (
        [(' diagtype="observation"', ""), (' mandatory="true"', "")],
        "1:1: no node is an observation, so there is nothing to ask",
    ),
    "two ids alike": (
        [('id="Puddle"', 'id="lEAK"')],
        "41:5: 'Leak' and 'lEAK' would both be 'leak'; ids have small letters",
    ),
    "two states alike": (
        [('<state id="B" />', '<state id="a" />')],
        "46:5: the states 'A' and 'a' of 'Serial' would both be 'a'",
    ),
    "deterministic": (
        [
            ('<cpt id="Serial" diag', '<deterministic id="Serial" diag'),
            ("<probabilities>0.9 0.1 0.3 0.7</probabilities>\n    </cpt>",
             "<resultingstates>A B</resultingstates>\n    </deterministic>"),
        ],
        "46:5: 'Serial' is an observation and a deterministic node",
    ),
    "decision": (
        [
            ('<cpt id="Serial" diag', '<decision id="Serial" diag'),
            ("<probabilities>0.9 0.1 0.3 0.7</probabilities>\n    </cpt>", "</decision>"),
        ],
        "46:5: a network file that cannot be read: 'Serial' is a decision node",
    ),
    "pyAgrum": (
        [("A diagnostic network as", "created by pyAgrum, as")],
        "1:1: the file says that pyAgrum wrote it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", XDSL_MISTAKES)
def test_a_mistake_in_the_network_is_told_at_its_place(name, changed):
    pairs, said = XDSL_MISTAKES[name]
    (first, *_) = mistakes(changed(PUMP_XDSL, *pairs))
    assert first.startswith(f"pump.xdsl:{said}"), first


def test_all_mistakes_are_told_at_once(changed):
    pairs = [("<cost>3<", "<cost>-3<"), ("<cost>1.5<", "<cost>x<")]
    assert len(mistakes(changed(PUMP_XDSL, *pairs))) == 2


YAML_MISTAKES = {
    "variable": (("variable: Leak", "variable: Leek"), "unknown variable of the network: 'Leek'; "
                 "did you mean 'Leak'"),
    "state": (("yes: present", "yes: presnt"), "unknown state of 'Leak': 'presnt'"),
    "state of a cause": (("states: [torn]", "states: [tron]"), "unknown state of 'Seal': 'tron'"),
    "all states": (("states: [low, high]", "states: [low, right, high]"), "all of its states"),
    "same cause": (("states: [torn]", "states: [worn]"), "'seal_worn' is the same in the network"),
    "answer": (("{no: absent, yes: present}", "{no: absent, maybe: present}"),
               "'maybe' is no answer; there is no, yes"),
    "no state": (("{no: absent, yes: present}", "{no: absent}"), "no state for the answer 'yes'"),
    "twice": (("{no: absent, yes: present}", "{no: absent, yes: absent}"), "'absent' is given twi"),
    "asked twice": (("variable: Puddle, states: {no: \"false\", yes: \"true\"}",
                     "variable: Leak, states: {no: absent, yes: present}"),
                    "'leak' asks about 'Leak' already"),
    "mixed order": (("states: [silent, audible, loud]", "states: [audible, silent, loud]"),
                    "a noisy-MAX has its answers in the order of the network's states, or in"),
    "no file": (("network: pump.xdsl", "network: pomp.xdsl"), "there is no file 'pomp.xdsl'; did"),
    "outside": (("network: pump.xdsl", "network: ../pump.xdsl"), "is outside the model's folder"),
    "no network": (("network: pump.xdsl\n", ""), "the model names no network; add `network:`"),
    "beside": (("label: Bad bearing", "label: Bad bearing\n    prevalence: {value: 0.1, interval: "
                "[0.05, 0.2], source: [expert judgement], why: x}"),
               "'prevalence' is in the network of this model already"),
    "not said": (("    in_network: {variable: Bearing.fault, states: [present]}\n", ""),
                 "'in_network' is missing in 'bearing_fault'"),
    "risk factor": (("triage:", "risk_factors:\n  rust:\n    label: Rust\n    asked: {question: "
                     "\"Rust?\", group: history}\n    frequency: {value: 0.1, interval: [0.05, 0.2]"
                     ", source: [expert judgement], why: x}\n\ntriage:"),
                    "write 'rust' under `findings` with `in_network`"),
}  # fmt: skip


@pytest.mark.parametrize("name", YAML_MISTAKES)
def test_a_mistake_in_the_model_file_is_told_at_its_place(name, changed):
    pair, said = YAML_MISTAKES[name]
    found = mistakes(changed(PUMP_YAML, pair))
    assert any(said in each for each in found), found
    assert all(each.startswith("pump.yaml:") for each in found)


def test_a_number_that_is_missing_is_still_missing():
    Path("m.yaml").write_text(
        "model: {id: m, version: '1', title: T, setting: S, disclaimer: D}\n"
        "causes:\n  a: {label: A, about: A}\n"
        "findings:\n  f: {label: F, asked: {question: 'F?', group: g}}\n"
    )
    assert mistakes("m.yaml") == (
        "m.yaml:3:3: 'prevalence' is missing in 'a'; add it",
        "m.yaml:5:3: 'background' is missing in 'f'; add it",
    )


def test_a_network_without_roles_says_how_to_give_them():
    write_network(bare(), Path("bare.bif"))
    (said,) = mistakes("bare.bif")
    assert said.startswith("bare.bif:1:1: this is a network file (BIF) and not a model")
    for words in ("Diagnosis tab", "`network: bare.bif`", "`in_network`"):
        assert words in said


def test_a_network_of_any_kind_gets_its_roles_from_a_model_file(changed):
    name = changed(PUMP_YAML, ("network: pump.xdsl", "network: pump.net.gz"))
    write_network(bare(), Path("pump.net.gz"))
    given = {"leak": True, "noise": "loud", "age": 12}
    expected = probabilities(bayesnet.load_model(PUMP_YAML), given)
    assert probabilities(bayesnet.load_model(name), given) == pytest.approx(expected, abs=1e-12)


def test_every_door_answers(changed):
    name = str(Path(changed(PUMP_XDSL)).absolute())
    given = run("--model", name, "--leak", "present", "--noise", "loud", "--json")
    assert given.exit_code == 0, given.stderr
    caller = service(name)
    reply = caller.post("/v1/diagnosis", {"evidence": {"leak": "present", "noise": "loud"}})
    assert reply.body == given.stdout_bytes
    assert caller.get("/v1/models").json["models"][0]["name"] == "pump"
    assert b"nothing of what to do, or of how urgent it is" in caller.get("/").body
    Path("t.csv").write_text("id,leak,noise\n1,present,loud\n2,,\n")
    done = run("batch", "t.csv", "-o", "o.ndjson", "--keep", "id", "--model", name)
    assert done.exit_code == 0, done.stderr
    first = json.loads(Path("o.ndjson").read_text().splitlines()[0])
    found = json.loads(given.stdout)
    for each in found["causes"]:
        np.testing.assert_allclose(first[each["id"]], each["probability"], atol=1e-12)
    assert first["next_question"] == found["next_question"]["id"]


def test_an_observation_named_as_an_option_has_another_flag():
    text = PUMP_XDSL.read_text().replace('"Puddle"', '"Model"')
    Path("m.xdsl").write_text(text)
    said = run("--model", "m.xdsl", "--answer-model", "--json", "--fields", "evidence")
    assert json.loads(said.stdout)["evidence"][0]["id"] == "model"


def test_what_has_to_be_asked_and_is_no_red_flag_is_not_denied_with_them(changed):
    name = changed(PUMP_XDSL)
    found = run("--model", name, "--no-red-flags")
    assert "Not asked yet: --leak" in found.stdout
    assert "Denied together" not in found.stdout
    flagged = changed(
        PUMP_XDSL,
        ('<property id="team">', '<property id="red_flag">true</property><property id="team">'),
    )
    assert "(none of them: --no-red-flags): --leak" in run("--model", flagged).stdout
    assert "Denied together: --no-leak" in run("--model", flagged, "--no-red-flags").stdout


def test_an_answer_may_be_what_the_network_calls_the_state(changed):
    name = changed(
        PUMP_XDSL,
        ('<state id="loud" />', '<state id="> 80 dB" />'),
        ('<state id="some" />', '<state id="&lt; 80 dB" />'),
        ('<state id="none" />', '<state id="-" label="gar nicht hörbar" />'),
    )
    model = bayesnet.load_model(name)
    said = {"> 80 db": "over_80_db", "< 80 dB": "under_80_db", "Gar nicht hörbar": "state_2"}
    for words, state in said.items():
        assert model.diagnose({"noise": words}).evidence[0].value == state
    with pytest.raises(bayesnet.UnknownNameError):
        model.diagnose({"noise": "80 dB"})
