"""UAI files: any case, remarks, evidence files, MARKOV networks against brute force."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.interop import probabilities, read_text, refused_file
from support.networks import joint_distribution

import bayesnet
from bayesnet.errors import FormatError
from bayesnet.network.formats import markov
from bayesnet.network.formats.files import read_evidence, read_network

UAI = "BAYES\n2\n2 2\n2\n1 0\n2 0 1\n\n2\n 0.25 0.75\n\n4\n 0.9 0.1\n 0.2 0.8\n"


@pytest.mark.parametrize(
    "text",
    [
        UAI,
        UAI.replace("BAYES", "Bayes"),
        UAI.replace("BAYES", "bayes"),
        f"c a remark\nc\n{UAI}",
        f"# a remark\n{UAI}# the end",
        UAI.replace("2 2\n2", "2 2  # sizes\nc 5 functions\n2", 1),
        " ".join(UAI.split()),
        UAI.replace("\n", "\r\n"),
    ],
)
def test_the_first_word_in_any_case_and_remarks(text, tmp_path):
    found = probabilities(read_text(text, "a.uai", tmp_path))
    assert found["v1"].tolist() == pytest.approx([0.375, 0.625], abs=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.2 0.8", "0.2 0.8 0.5", "a.uai:13:10: '0.5' stands after what the counts announce"),
        ("0.2 0.8", "0.2", "a.uai:14:1: ends too early"),
        ("2 0 1", "2 0 0", "a.uai:1:1: the scope 0 0 names a variable twice"),
        ("2 0 1", "2 0 7", "a.uai:1:1: the scope 0 7 names a variable twice, or one that is not"),
        ("2 0 1", "2 1 0", "exactly one function that it is the last of"),
        ("0.9 0.1", "0.9 x", "a.uai:12:6: 'v1' has 'x' where a number should be"),
        ("0.9 0.1", "0.9 0.3", "a.uai:12:2: the row P(v1 | v0=s0) sums to 1.2"),
    ],
)
def test_counts_and_numbers_at_fault_are_placed(old, new, said, tmp_path):
    assert said in refused_file(UAI.replace(old, new), "a.uai", tmp_path)


# ---- Evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("1\n1 1 0\n", [{"v1": "s0"}]),
        ("1 1 0", [{"v1": "s0"}]),
        ("1 1 1 0", [{"v1": "s0"}]),
        ("2 0 1 1 0", [{"v0": "s1", "v1": "s0"}]),
        ("2\n1 0 1\n1 1 0\n", [{"v0": "s1"}, {"v1": "s0"}]),
        ("2\n1 0 1\n0\n", [{"v0": "s1"}, {}]),
        ("2 1 0 0 0", [{"v1": "s0", "v0": "s0"}]),
        ("1\n0\n", [{}]),
        ("0", [{}]),
        ("c a remark\n1\n1 1 0 # v1", [{"v1": "s0"}]),
    ],
)
def test_evidence_files_of_either_form(text, cases, tmp_path):
    network = read_text(UAI, "a.uai", tmp_path)
    (tmp_path / "a.uai.evid").write_text(text)
    assert read_evidence(tmp_path / "a.uai.evid", network) == cases


def test_evidence_gives_the_right_posterior(tmp_path):
    network = read_text(UAI, "a.uai", tmp_path)
    (tmp_path / "a.uai.evid").write_text("1\n1 1 0\n")
    (case,) = bayesnet.read_evidence(tmp_path / "a.uai.evid", network)
    assert probabilities(network, case)["v0"].tolist() == pytest.approx([0.6, 0.4], abs=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 2 0", "observes variable 2 in state 0, which the network does not have"),
        ("1 0 2", "observes variable 0 in state 2"),
        ("2 0 1 0 1", "observes variable 0 twice"),
        ("2 0 1", "its counts and its numbers do not fit"),
        ("3\n1 0 1\n1 1 0\n0 0", "its counts and its numbers do not fit"),
        ("1 x 0", "a.evid:1:3: a count or an index is out of range: x"),
        ("", "is empty"),
        ("# nothing", "ends too early"),
    ],
)
def test_evidence_files_at_fault_are_named(text, said, tmp_path):
    network = read_text(UAI, "a.uai", tmp_path)
    (tmp_path / "a.evid").write_text(text)
    with pytest.raises(FormatError) as caught:
        read_evidence(tmp_path / "a.evid", network)
    assert said in str(caught.value)


# ---- MARKOV -------------------------------------------------------------------------------------


def test_factors_that_are_tables_are_taken_as_they_are(tmp_path):
    found = probabilities(read_text(UAI.replace("BAYES", "MARKOV"), "a.uai", tmp_path))
    assert found["v0"].tolist() == pytest.approx([0.25, 0.75], abs=1e-12)
    assert found["v1"].tolist() == pytest.approx([0.375, 0.625], abs=1e-12)


@st.composite
def markov_files(draw):
    """A MARKOV file of up to 5 variables and 7 factors, and the product of its factors."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = rng.integers(1, 4, draw(st.integers(1, 5)))
    scale = draw(st.sampled_from([1.0, 1e-200, 1e200]))
    product = np.ones(sizes)
    scopes, tables = [], []
    for _ in range(draw(st.integers(0, 7))):
        scope = rng.permutation(len(sizes))[: rng.integers(0, 4)]
        values = np.asarray(rng.random(sizes[scope]) ** 4)
        values = np.where(rng.random(values.shape) < 0.1, 0, values)
        spread = values.transpose(np.argsort(scope))
        shape = [sizes[v] if v in scope else 1 for v in range(len(sizes))]
        product = product * spread.reshape(shape)
        scopes.append(" ".join(map(str, (len(scope), *scope))))
        tables.append(f"{values.size}\n{' '.join(map(repr, (values * scale).ravel().tolist()))}")
    heading = f"Markov\n{len(sizes)}\n{' '.join(map(str, sizes))}\n{len(scopes)}"
    return "\n".join([heading, *scopes, *tables]), product


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(file=markov_files())
def test_a_markov_network_has_the_distribution_of_its_factors(file, tmp_path):
    text, product = file
    (tmp_path / "a.uai").write_text(text)
    if product.sum() == 0:
        with pytest.raises(FormatError, match="its factors are 0 together"):
            read_network(tmp_path / "a.uai")
        return
    joint = joint_distribution(read_network(tmp_path / "a.uai"))
    np.testing.assert_allclose(joint, product / product.sum(), rtol=0, atol=1e-12)


def test_many_small_factors_do_not_underflow(tmp_path):
    count = 400
    pairs = [f"2 {i} {i + 1}" for i in range(count)]
    tables = ["4 3e-5 1e-5 1e-5 3e-5"] * count
    lines = ["MARKOV", str(count + 1), "2 " * (count + 1), str(count), *pairs, *tables]
    found = probabilities(read_text("\n".join(lines), "a.uai", tmp_path), {"v0": "s0"})
    assert found["v1"][0] == pytest.approx(0.75, abs=1e-12)
    assert found[f"v{count}"][0] == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MARKOV 1 2 1 1 0 2 -1 2", "a.uai:1:20: factor 0 has a number that is negative"),
        ("MARKOV 1 2 1 1 0 2 1e999 2", "factor 0 has a number that is negative or too large"),
        ("MARKOV 1 2 1 1 0 3 1 2 3", "a.uai:1:20: factor 0 has 3 numbers, expected 2"),
        ("MARKOV 1 2 1 1 0 2 0 0", "its factors are 0 together"),
    ],
)
def test_factors_at_fault_are_named(text, said, tmp_path):
    assert said in refused_file(text, "a.uai", tmp_path)


def test_a_markov_network_that_is_too_wide_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(markov, "MOST_NUMBERS", 7)
    text = "MARKOV 3 2 2 2 3 2 0 1 2 1 2 2 2 0 4 1 1 1 1 4 1 1 1 1 4 1 1 1 1"
    said = refused_file(text, "a.uai", tmp_path)
    assert "its factors tie 3 variables together, in a table of over 7 numbers" in said
