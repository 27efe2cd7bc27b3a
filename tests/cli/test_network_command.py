"""Any network file, asked by `lbp-infer network FILE --observe X=a --query Y`."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from support.cli import refused, run
from support.networks import joint_distribution, with_evidence

from bayesnet.network import Network, Table, Variable
from bayesnet.network.formats.files import read_network, write_network

XDSL = """<smile><nodes>
<cpt id="Flu"><state id="yes"/><state id="no"/><probabilities>0.1 0.9</probabilities></cpt>
<cpt id="Cold"><state id="yes"/><state id="no"/><probabilities>0.2 0.8</probabilities></cpt>
<noisymax id="Cough"><state id="yes"/><state id="no"/><parents>Flu Cold</parents>
<strengths>0 1 0 1</strengths><parameters>0.7 0.3 0 1 0.4 0.6 0 1 0.05 0.95</parameters></noisymax>
</nodes></smile>"""
EVIDENCE = {"Cough": "yes", "Cold": "no"}


@pytest.fixture(autouse=True)
def file(in_folder: None) -> None:
    Path("a.xdsl").write_text(XDSL)


def answered(*args: str) -> dict:
    said = run("network", *args, "--json")
    assert said.exit_code == 0, said.stderr
    return json.loads(said.stdout)


def test_the_posterior_is_that_of_brute_force():
    found = answered("a.xdsl", "--observe", "Cough=yes", "--observe", "Cold=no", "--query", "Flu")
    network = read_network("a.xdsl")
    joint = with_evidence(network, joint_distribution(network), EVIDENCE)
    assert found["posteriors"]["Flu"]["yes"] == pytest.approx(
        joint.sum(axis=(1, 2))[0] / joint.sum(), abs=1e-12
    )
    assert list(found["posteriors"]) == ["Flu"]
    assert found["evidence"] == EVIDENCE
    assert np.exp(found["log_probability_of_evidence"]) == pytest.approx(joint.sum(), abs=1e-12)
    assert (found["kind"], found["schema_version"], found["notes"]) == ("XDSL", 1, [])


def test_the_page_shows_every_state_of_what_is_asked():
    said = run("network", "a.xdsl", "--observe", "Cough=yes", "--query", "Flu")
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[0] == "Given Cough = yes; P(evidence) = 0.18718"
    assert [line.split()[:3] for line in lines[2:]] == [
        ["Flu", "yes", "0.394166"],
        ["no", "0.605834", lines[3].split()[2]],
    ]


def test_without_a_query_all_that_is_not_observed_is_shown():
    assert list(answered("a.xdsl")["posteriors"]) == ["Flu", "Cold", "Cough"]
    assert list(answered("a.xdsl", "--observe", "Cold=no")["posteriors"]) == ["Flu", "Cough"]
    assert "Nothing is observed." in run("network", "a.xdsl").stdout
    observed = answered("a.xdsl", "--observe", "Cold=no", "--query", "Cold")
    assert observed["posteriors"] == {"Cold": {"yes": 0.0, "no": 1.0}}


@pytest.mark.parametrize(
    "word", ["Cough=yes", "cough=YES", "Cough=true", "Cough=present", "COUGH=y"]
)
def test_an_observation_in_other_words(word):
    assert answered("a.xdsl", "--observe", word)["evidence"] == {"Cough": "yes"}
    assert answered("a.xdsl", "--observe", "Cough=unknown")["evidence"] == {}


def test_names_with_equals_signs_and_states_that_are_numbers():
    variables = (Variable("x=1", ("0", "1=2")), Variable("x", ("1=0", "1", "1=5")))
    tables = tuple(Table(each.name, (), np.eye(len(each.states))[0]) for each in variables)
    write_network(Network(variables, tables), "b.bif")
    assert "'x=1=0' can mean 'x' in the state '1=0' or 'x=1' in the state '0'" in refused(
        "network", "b.bif", "--observe", "x=1=0"
    )
    for word, read in (("x=1=1=2", "x=1 = 1=2"), ("x=1", "x = 1"), ("x=1=5", "x = 1=5")):
        # Each is in its first state for certain, so that the refusal says how it was read.
        assert f"impossible: {read} has" in refused("network", "b.bif", "--observe", word, code=4)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--observe", "Coug=yes"), 2, "unknown variable: 'Coug'; did you mean 'Cough'?"),
        (("--observe", "Cough=ye"), 2, "unknown state of 'Cough': 'ye'; did you mean 'yes'?"),
        (("--observe", "Cough=maybe"), 2, "unknown state of 'Cough': 'maybe'; there is 'yes' or"),
        (("--observe", "Cough"), 2, "'Cough' is not VARIABLE=STATE"),
        (("--query", "Fl"), 2, "unknown variable: 'Fl'; did you mean 'Flu'?"),
        (("--observe", "Flu=no", "--observe", "Flu=yes"), 2, "'Flu' is observed as 'no' and 'yes'"),
        (("--memory", "0"), 2, "--memory"),
        (("--memory", "1e-9"), 1, "allow more with --memory"),
        (("--encoding", "klingon"), 3, "a.xdsl: unknown encoding 'klingon'"),
        (("--obsrve", "Flu=no"), 2, "no such option of 'network': '--obsrve'"),
    ],
)
def test_each_error_says_what_helps(args, code, said):
    assert said in refused("network", "a.xdsl", *args, code=code)


def test_impossible_evidence_names_what_clashes():
    both = np.eye(2)[[[0, 1], [1, 1]]]
    names = ("a", "b", "either")
    variables = tuple(Variable(name, ("no", "yes")) for name in names)
    roots = [Table(name, (), np.array([0.9, 0.1])) for name in names[:2]]
    write_network(Network(variables, (*roots, Table("either", ("a", "b"), both))), "b.bif")
    told = ["--observe", "a=no", "--observe", "b=no", "--observe", "either=yes"]
    said = refused("network", "b.bif", *told, code=4)
    assert "a = no, b = no, either = yes cannot hold together" in said


def test_a_network_that_is_too_wide_is_refused_with_its_size():
    rng = np.random.default_rng(1)
    names = [f"v{i}" for i in range(30)]
    tables = []
    for at, name in enumerate(names):
        parents = tuple(names[i] for i in rng.permutation(at)[:3])
        rows = rng.dirichlet(np.ones(4), (4,) * len(parents))
        tables.append(Table(name, parents, rows))
    variables = tuple(Variable(name, ("a", "b", "c", "d")) for name in names)
    write_network(Network(variables, tuple(tables)), "wide.bif")
    said = refused("network", "wide.bif", "--memory", "0.01", code=1)
    assert "over the limit of 10.2 MiB; observe more, query less, or allow more with --m" in said
    # What is asked may need little of it.
    assert list(answered("wide.bif", "--query", "v2", "--memory", "0.01")["posteriors"]) == ["v2"]


def test_files_that_are_not_right_are_refused_with_their_place():
    assert "gone.bif: no such file" in refused("network", "gone.bif", code=3)
    Path("b.bif").write_text("variable a { type discrete [ 2 ] { y, n }; }")
    assert "b.bif:1:1: 'a' has no probabilities" in refused("network", "b.bif", code=3)
    assert "missing argument 'FILE'" in refused("network")


def test_options_of_reading_and_their_notes():
    text = """net { } node A { states = (y n); } decision D { states = (go no); }
    node B { states = (y n); } potential (A) { data = (1 3); }
    potential (B | A D) { data = (1); }"""
    Path("b.net").write_text(text)
    assert "--chance-only" in refused("network", "b.net", code=3)
    assert "--normalise" in refused("network", "b.net", "--chance-only", code=3)
    said = run("network", "b.net", "--chance-only", "--normalise", "--json")
    assert said.stderr == "lbp-infer: b.net: left out D (decision); with that B\n"
    found = json.loads(said.stdout)
    assert found["posteriors"] == {"A": {"y": 0.25, "n": 0.75}}
    assert found["notes"] == ["b.net: left out D (decision); with that B"]
    imported = run("model", "import", "b.net", "-o", "m.yaml", "--chance-only", "--normalise")
    assert "left out D (decision)" in imported.stderr


def test_evidence_files():
    Path("a.uai").write_text("BAYES 2 2 2 2 1 0 2 0 1 2 0.25 0.75 4 0.9 0.1 0.2 0.8")
    Path("a.uai.evid").write_text("1\n1 1 0\n")
    found = answered("a.uai", "--evidence", "a.uai.evid")
    assert found["posteriors"]["v0"]["s0"] == pytest.approx(0.6, abs=1e-12)
    Path("two.evid").write_text("2\n1 1 0\n1 0 0\n")
    told = refused("network", "a.uai", "--evidence", "two.evid")
    assert "two.evid holds 2 cases; give a file of one" in told
    told = refused("network", "a.uai", "--evidence", "a.uai.evid", "--observe", "v1=s1")
    assert "'v1' is observed as 's0' and 's1'" in told


def test_a_packed_file_and_a_name_that_says_nothing():
    Path("network").write_bytes(gzip.compress(XDSL.encode()))
    assert answered("network", "--query", "Flu")["posteriors"]["Flu"]["yes"] == pytest.approx(0.1)


def test_a_model_that_is_a_network_file_is_sent_here():
    said = run("--model", "a.xdsl", "--json")
    assert said.exit_code == 3
    assert "a.xdsl:1:1: this is a network file (XDSL) and not a model" in said.stderr
    assert "'lbp-infer network' asks it as it is" in said.stderr
