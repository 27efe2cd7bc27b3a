"""BIF as other programs and hands write it; counts and percentages in place of probabilities."""

import pytest
from support.interop import probabilities, read_text, refused_file

from bayesnet.network.formats.files import read_network

BIF = """network n { }
variable a { type discrete [ 2 ] { y, n }; }
variable b { type discrete [ 2 ] { y, n }; }
variable c { type discrete [ 2 ] { y, n }; }
probability ( a ) { table 0.5, 0.5; }
probability ( b ) { table 0.5, 0.5; }
probability ( c | a, b ) { ROWS }
"""


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ("default 0.1, 0.9; (y, y) 0.8, 0.2;", 0.275),
        ("(y, y) 0.8, 0.2; default 0.1, 0.9;", 0.275),
        ("default 0.1 0.9;", 0.1),
        ("(n, y) 0.5 0.5; default 0.1 0.9; (y, n) 0.7 0.3;", 0.35),
        ("default 1 0; (y,y) 0 1; (y,n) 0 1; (n,y) 0 1; (n,n) 0 1;", 0.0),
    ],
)
def test_a_default_row_is_for_what_has_no_row(rows, right, tmp_path):
    found = probabilities(read_text(BIF.replace("ROWS", rows), "a.bif", tmp_path))
    assert found["c"][0] == pytest.approx(right, abs=1e-12)


def test_states_in_another_case_are_meant_where_one_fits(tmp_path):
    text = """network n { } variable Fever { type discrete [ 2 ] { Yes, No }; }
    variable b { type discrete [ 3 ] { y, Y, n }; }
    probability ( fever ) { table 0.1, 0.9; }
    probability ( b | FEVER ) { (yes) 1, 0, 0; (NO) 0, 0.5, 0.5; }"""
    assert probabilities(read_text(text, "a.bif", tmp_path))["b"].tolist() == [0.1, 0.45, 0.45]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("default 0.1, 0.9, 0;", "7:28: 'c' has 3 probabilities in the row default, expected 2"),
        ("table 1 0 1 0 0 1 0 1; default 1 0;", "7:28: 'c' has 'table' where a row should"),
        ("default 0.2, 0.9;", "7:1: the row P(c | a=y, b=y) sums to 1.1"),
        ("(y) 0.8, 0.2; default 1 0;", "7:28: 'c' has a row (y); expected 2 states of its parents"),
    ],
)
def test_default_rows_at_fault_are_placed(rows, said, tmp_path):
    assert refused_file(BIF.replace("ROWS", rows), "a.bif", tmp_path).startswith(f"a.bif:{said}")


def test_a_default_row_for_too_many_parents_is_refused_before_its_table_is_made(tmp_path):
    names = [f"p{i}" for i in range(40)]
    text = "".join(f"variable {n} {{ type discrete [ 2 ] {{ y, n }}; }}\n" for n in [*names, "c"])
    text += "".join(f"probability ( {n} ) {{ table 0.5, 0.5; }}\n" for n in names)
    text += f"probability ( c | {', '.join(names)} ) {{ default 0.5 0.5; }}\n"
    said = refused_file(text, "a.bif", tmp_path)
    assert "the table of 'c' over its 40 parents would hold 2,199,023,255,552 numbers" in said


def test_intervals_need_quotation_marks(tmp_path):
    text = """variable age { type discrete [ 2 ] { [18,35], (35,55] }; }
    probability ( age ) { table 0.4, 0.6; }"""
    said = refused_file(text, "a.bif", tmp_path)
    assert "a state with a comma in it needs quotation marks" in said
    quoted = text.replace("[18,35], (35,55]", '"[18,35]", "(35,55]"')
    assert read_text(quoted, "b.bif", tmp_path).states("age") == ("[18,35]", "(35,55]")


def test_a_continuous_variable_of_a_bif(tmp_path):
    text = """variable t { type continuous; } variable a { type discrete [ 2 ] { y, n }; }
    probability ( a ) { table 0.25, 0.75; } probability ( t | a ) { table 1 2; }"""
    assert "1:1: 't' is a continuous node" in refused_file(text, "a.bif", tmp_path)
    network = read_network(tmp_path / "a.bif", chance_only=True)
    assert probabilities(network)["a"].tolist() == [0.25, 0.75]


# ---- Counts and percentages ---------------------------------------------------------------------

TWO = """variable a { type discrete [ 2 ] { y, n }; } variable b { type discrete [ 2 ] { y, n }; }
probability ( a ) { table A; }
probability ( b | a ) { (y) Y; (n) N; }
"""


@pytest.mark.parametrize(
    ("a", "y", "n", "right"),
    [
        ("25, 75", "1, 3", "9, 1", 0.25 * 0.25 + 0.75 * 0.9),
        ("0.333, 0.666", "0.5, 0.5", "1000, 0", 0.5 / 3 + 2 / 3),
        ("1e300 1e300", "2 2", "1e-300 3e-300", 0.375),
        ("1, 0", "0.3, 0.7", "0, 0", 0.3),
    ],
)
def test_counts_become_probabilities_when_asked_for(a, y, n, right, tmp_path):
    text = TWO.replace("A;", f"{a};").replace("Y;", f"{y};").replace("N;", f"{n};")
    said = refused_file(text, "a.bif", tmp_path)
    assert "give normalise=True (--normalise) if these are counts" in said
    network = read_network(tmp_path / "a.bif", normalise=True)
    assert probabilities(network)["b"][0] == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        ("0, 0", "a.bif:3:1: the row P(b | a=n) is all zeros and can come about"),
        ("-1, 2", "a.bif:3:1: the row P(b | a=n) has -1, which is no probability"),
        ("1e999, 2", "has inf"),
        ("1e308, 1e308", "sums to inf, expected 1"),
    ],
)
def test_rows_that_no_scaling_helps_are_refused(n, said, tmp_path):
    text = TWO.replace("A;", "1, 3;").replace("Y;", "1, 1;").replace("N;", f"{n};")
    assert said in refused_file(text, "a.bif", tmp_path, normalise=True)


def test_a_row_of_zeros_is_let_pass_where_a_grandparent_rules_it_out(tmp_path):
    text = """net { } node a { states = (y n); } node b { states = (y n); }
    node c { states = (y n); } potential (a) { data = (4 0); }
    potential (b | a) { data = ((0 3)(1 1)); }
    potential (c | b a) { data = (((0 0)(5 5))((1 3)(0 0))); }"""
    (tmp_path / "a.net").write_text(text)
    network = read_network(tmp_path / "a.net", normalise=True)
    assert probabilities(network)["c"].tolist() == [0.25, 0.75]
