"""What the README promises runs as it stands there."""

import io
import re
import shlex

import numpy as np
import pytest
from lbp_infer.main import main
from support.models import runner
from support.paths import ROOT

import bayesnet
from bayesnet import Network, Table, Variable, noisy_or

README = (ROOT / "README.md").read_text(encoding="utf-8")
REPORT = (ROOT / "validation" / "report.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)).replace("\\\n", " ")
TABLE = re.findall(r"^\| `(lbp-infer [^`]*)` \|", README, re.MULTILINE)


def small_alarm() -> Network:
    names = ("HYPOVOLEMIA", "HR", "CO", "CVP")
    variables = tuple(Variable(name, ("HIGH", "LOW")) for name in names)
    families = (
        Table("HYPOVOLEMIA", (), np.array([0.8, 0.2])),
        noisy_or("HR", {"HYPOVOLEMIA": 0.6}, 0.1),
        noisy_or("CO", {"HR": 0.5, "HYPOVOLEMIA": 0.3}, 0.2),
        noisy_or("CVP", {"HYPOVOLEMIA": 0.7}, 0.05),
    )
    return Network(variables, families)


def test_the_first_two_commands_are_make_targets():
    first = re.search(r"```sh\n(.*?)```", README, re.DOTALL).group(1)
    targets = [line.split()[1] for line in first.splitlines()]
    assert targets == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make (\w+)`", README)) | set(targets)
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_the_python_examples_run(number, tmp_path, monkeypatch, capsys):
    bayesnet.write_network(small_alarm(), tmp_path / "alarm.bif")
    monkeypatch.chdir(tmp_path)
    exec(compile(PYTHON[number], f"README python {number}", "exec"), {"bayesnet": bayesnet})
    if "report" in PYTHON[number]:
        assert "0." in capsys.readouterr().out


@pytest.mark.parametrize("command", TABLE)
def test_the_commands_of_the_table_run(command, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"why\nstop\n")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    case = tmp_path / "case.json"
    case.write_text('{"leaning_back": true, "age": 42}')
    (tmp_path / "people.csv").write_text("id,leaning_back,age\n7,yes,42\n8,,61\n")
    model = ROOT / "models" / "lbp_runner.yaml"
    words = shlex.split(command.replace("...", "--leaning-back"))[1:]
    bayesnet.write_network(small_alarm(), tmp_path / "alarm.bif")
    file = model if "--model" in words else tmp_path / "alarm.bif" if "network" in words else case
    places = {"FILE": str(file)}
    places |= {name: str(tmp_path / name) for name in ("people.csv", "answers.parquet")}
    assert main([places.get(word, word) for word in words]) == 0
    assert "".join(capsys.readouterr()).strip()
    assert ("batch" in words) == (tmp_path / "answers.parquet").exists()


def test_the_way_of_a_clinician_runs_and_the_prevalence_is_what_was_written(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    lines = [line for line in SHELL.splitlines() if "my-model" in line]
    assert len(lines) == 4
    commands = [shlex.split(line, comments=True) for line in lines]
    assert main(commands[0][1:]) == 0
    causes = tmp_path / commands[1][1]
    prevalence = runner().description.causes["facet_joint"].prevalence
    tuned = round((prevalence.value + prevalence.interval[1]) / 2, 3)
    before, after = causes.read_text(encoding="utf-8").split("  facet_joint:", 1)
    changed = re.sub(r"(prevalence:\s+\{?value:) [\d.]+", rf"\1 {tuned}", after, count=1)
    causes.write_text(f"{before}  facet_joint:{changed}", encoding="utf-8")
    assert main(commands[2][1:]) == 0
    assert main(commands[3][1:]) == 0
    capsys.readouterr()
    report = bayesnet.load_model(tmp_path / commands[2][-1]).diagnose({})
    found = {cause.id: cause.probability for cause in report.causes}
    assert found["facet_joint"] == pytest.approx(tuned, abs=1e-9)
    assert tuned != prevalence.value


def test_the_shipped_model_is_found_by_its_name_whatever_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert bayesnet.load_model("lbp-runner").description == runner().description


def rows(heading: str) -> dict[str, list[str]]:
    """The report's first table after a heading: cells by the first of each row."""
    table = re.search(r"(?:^\|.*\n)+", REPORT[REPORT.index(heading) :], re.MULTILINE).group()
    cells = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines())
    return {first: rest for first, *rest in cells}


def test_the_tables_of_cases_are_those_of_the_report():
    """Both say what came out when the report was made; nothing is diagnosed again here."""
    found, triaged = rows("\nConfirmed cause found:"), rows("\nTriage:")
    for kind in ("mechanical", "serious"):
        assert f"| {kind} | {' | '.join(found[f'{kind} cause'])} |" in README
    cases, *marks = triaged["all"]
    assert f"| triage of {cases} cases | too low | right | too high |" in README
    assert f"| | {' | '.join(marks)} |" in README


def test_the_figures_to_reach_are_those_of_the_report():
    table = re.search(r"## Figures to reach\n\n(.*?)\n\n", REPORT, re.DOTALL).group(1)
    assert table in README
    further = REPORT[REPORT.index("## Further published cases") :]
    for found in re.findall(r"(?:^\|[^\n]*\n)+", further, re.MULTILINE)[:2]:
        assert found in README
    page = (ROOT / "validation" / "report.html").read_text(encoding="utf-8")
    assert re.search(r"<h1>(.*)</h1>", page).group(1) == REPORT.splitlines()[0].removeprefix("# ")


def test_the_table_of_interviews_is_that_of_its_report():
    report = (ROOT / "validation" / "interviews.md").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "interview.md").read_text(encoding="utf-8")
    after = report[report.index("## At the end of the interview") :]
    table = re.search(r"(?:^\|[^\n]*\n)+", after, re.MULTILINE).group()
    assert table.count("\n") > 5
    assert table in page
