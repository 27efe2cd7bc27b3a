"""One person: diagnoses of the runner model and of a larger one, and cold starts."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import bayesnet
from lbp_validation.bench.child import run
from lbp_validation.bench.conditioned import by_cases
from lbp_validation.bench.contest import Entry, beside, filled, race
from lbp_validation.bench.goals import CLINIC, COLD, DIAGNOSE, FIRST_DIAGNOSE
from lbp_validation.bench.people import AGE_AND_SEX, FACET, MODEL, Answers, people
from lbp_validation.bench.row import EXECUTORS, NEVER, Row, farthest, refused
from lbp_validation.bench.timing import Contender, Pace, Told, Took, ready

PACE = Pace(9, 20.0, warm_up=1)
SEEDS = (2, 3)
"""Draws of the larger model: 108 k and 172 k entries of tables in one pass of min-fill with age and
sex known, 1.2 M and 2.6 M without."""
PROCESSES, COLD_ROUNDS = 5, 15
FLAGS = (
    *("--leaning-back", "--downhill-running", "--prolonged-standing", "--side-bending"),
    *("--spasm", "--one-sided", "--no-coughing"),
    *("--referral", "buttock", "--age", "42", "--sex", "female"),
)
SAME_ANSWERS: Answers = {
    **dict.fromkeys(("leaning_back", "downhill_running", "prolonged_standing"), "yes"),
    **dict.fromkeys(("side_bending", "spasm", "one_sided"), "yes"),
    **{"coughing": "no", "referral": "buttock", "age": "35_to_44", "sex": "female"},
}
# Imports nothing of the benchmark, so that all that a diagnosis needs is in the time.
FIRST = f"""
import json, time, numpy, bayesnet
times = [time.process_time()]
model = bayesnet.load_model({MODEL!r})
for _ in range(8):
    report = model.diagnose({dict(FACET)!r})
    times.append(time.process_time())
print(json.dumps([after - before for before, after in zip(times, times[1:])]))
"""
COMMAND = (sys.executable, "-m", "lbp_infer", "--json", *FLAGS)
BASELINE = (sys.executable, "-c", "import numpy, click")


def diagnose(told: Told) -> list[Row]:
    """Time `diagnose` in process, warm, beside pyAgrum's posteriors for the same person."""
    ours = {executor: bayesnet.load_model(MODEL, executor=executor) for executor in EXECUTORS}
    rows: list[Row] = []
    for who, answers in people(ours["numpy"]).items():
        told(who)
        entries = [
            Entry(
                Row(
                    "diagnose",
                    f"`diagnose`, {who}",
                    executor,
                    apart=_apart(answers, model),
                    goal=DIAGNOSE[who, executor],
                ),
                ready(executor, partial(_whole, model, answers)),
            )
            for executor, model in ours.items()
        ]
        told(f"{who}, pyAgrum")
        rows += beside(entries, "pyAgrum SSI", run("pyagrum", who, "all"), PACE)
    return rows


def _whole(model: Any, answers: Answers) -> Any:
    return model.diagnose(answers, audience="clinician")


def _apart(answers: Answers, model: Any) -> float:
    """Difference between the report's probabilities and those of all ages and sexes together."""
    causes = _whole(model, answers).causes
    expected = by_cases(model.engine, answers, tuple(AGE_AND_SEX), [cause.id for cause in causes])
    return farthest(abs(cause.probability - expected[cause.id][1]) for cause in causes)


def clinics(told: Told) -> list[Row]:
    """Time the questions of a model of 27 causes and 150 findings, some draws of it together."""
    rows = []
    for known, goal in CLINIC.items():
        told(known)
        what = f"27 causes, 150 findings, ten positive, {known}"
        drawn = [run("clinic", known, seed) for seed in SEEDS]
        base = Row("synthetic", what, "numba", goal=goal)
        if fault := next((each for each in drawn if each.why_not), None):
            found = NEVER if fault.stopped else None
            rows.append(replace(base, note=fault.why_not, found=found))
            continue
        apart = farthest(each.answer["apart"] for each in drawn)
        row = filled(base, np.concatenate([each.answer["ours"] for each in drawn]), None, "")
        note = f"{len(SEEDS)} draws, their rounds together; checked on a smaller one of 10 causes"
        rows.append(refused(replace(base, apart=apart)) or replace(row, apart=apart, note=note))
    return rows


def first_diagnose(told: Told) -> list[Row]:
    """Time the first diagnosis of a process, its model's loading included, against a warm one."""
    told("processes")
    base = Row(
        "first-diagnose",
        "first `load_model(...).diagnose` of a process, against a warm `diagnose`",
        unit="x",
        goal=FIRST_DIAGNOSE,
    )
    ran = [answer_of((sys.executable, "-c", FIRST)) for _ in range(PROCESSES)]
    if faults := [each for each in ran if isinstance(each, str)]:
        return [replace(base, note=faults[0])]
    seconds = np.array(ran)
    warm = np.median(seconds[:, 2:], axis=1)
    return [filled(base, seconds[:, 0], warm, "itself, warm")]


def cold(told: Told) -> list[Row]:
    """Time the command line from nothing, against importing what it cannot do without."""
    told("processes")
    base = Row(
        "cold",
        "cold `lbp-infer --json`, ten answers, against `import numpy, click`",
        unit="x",
        goal=COLD,
    )
    answer = answer_of(COMMAND)
    if isinstance(answer, str):
        return [replace(base, note=f"the command line does not answer: {answer}")]
    report = bayesnet.load_model(MODEL).diagnose(SAME_ANSWERS)
    probabilities = {cause["id"]: cause["probability"] for cause in answer["causes"]}
    apart = farthest(abs(probabilities[c.id] - c.probability) for c in report.causes)
    entry = Entry(replace(base, apart=apart), _process("ours", COMMAND))
    return race([entry], [_process("python -c 'import numpy, click'", BASELINE)], Pace(COLD_ROUNDS))


def answer_of(command: Sequence[str]) -> Any:
    """Return what a command prints as JSON, or as a string why it printed none."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    try:
        return json.loads(done.stdout)
    except ValueError:
        return "what it prints is not JSON"


def _process(name: str, command: Sequence[str]) -> Contender:
    def job() -> Took:
        before = _of_children()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return Took(_of_children() - before)

    return ready(name, job)


def _of_children() -> float:
    """Return the seconds that the processor spent on all processes that this one has waited for."""
    spent = os.times()
    return spent.children_user + spent.children_system
