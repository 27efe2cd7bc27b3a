"""A client that knows FHIR alone holds interviews, and gets the report of the command line."""

import json

import pytest
from support.adaptive_client import Plain, answer_from, asked, flat, hold
from support.cli import run
from support.fhir_door import ASSESS, NEXT, canonical
from support.models import GEARBOX_FILE, gearbox
from support.served import Served
from support.service import Caller, service

PEOPLE = {
    "a worn bearing": gearbox().description.causes["worn_bearing"].textbook,
    "an emergency": {"smoke": True},
    "little known": {"hours": 4000},
    "nothing known": {},
}


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


def posted(caller: Caller, address: str, body: Plain) -> Plain:
    reply = caller.post(address, body)
    assert reply.status == 200, reply.json
    told: Plain = reply.json
    return told


def flags_of(response: Plain, known: Plain) -> list[str]:
    """What was answered, as flags of the command line."""
    told = [each["linkId"] for each in flat(response["item"]) if "answer" in each]
    said = {name: known.get(name) for name in told}
    return [
        word
        for name, value in said.items()
        for word in (
            ["--unknown", name]
            if value is None
            else ["--present" if value else "--absent", name]
            if isinstance(value, bool)
            else [f"--{name.replace('_', '-')}", str(value)]
        )
    ]


HELD = [
    ("R4", "self", "a worn bearing"),
    ("R5", "clinician", "a worn bearing"),
    ("R5", "self", "an emergency"),
    ("R4", "clinician", "little known"),
    ("R4", "self", "nothing known"),
]


@pytest.mark.parametrize(("version", "audience", "who"), HELD)
def test_an_interview_ends_in_the_report_of_the_command_line(caller, version, audience, who):
    base, known = f"/fhir/{version}/", PEOPLE[who]

    def ask(response: Plain) -> Plain:
        return posted(caller, base + NEXT, response)

    told = hold(ask, canonical(f"gearbox-{audience}"), answer_from(known))
    assessment = posted(caller, base + ASSESS, told)
    words = ["--json", "--model", str(GEARBOX_FILE), "--audience", audience]
    report = json.loads(run(*words, *flags_of(told, known)).stdout)
    percent = {each["outcome"]["text"]: each for each in assessment.get("prediction", ())}
    causes = report["causes"] if report["triage"]["level"] != "emergency" else []
    assert len(percent) == len(causes)
    for cause in causes:
        found = percent[cause["label"]]
        assert found["probabilityDecimal"] == pytest.approx(100 * cause["probability"], abs=1e-11)
        assert found["relativeRisk"] == cause["probability"] / cause["prior"]
        (interval,) = found["extension"]
        ends = [interval["valueRange"][end]["value"] for end in ("low", "high")]
        assert ends == pytest.approx([100 * each for each in cause["interval"]], abs=1e-11)
    assert report["triage"]["message"] in assessment["mitigation"]
    assert assessment["status"] == ("final" if report["should_stop"] else "preliminary")
    assert asked(told)["item"][-1]["text"].endswith(report["triage"]["message"])


def test_each_step_asks_what_the_interview_of_the_model_asks(caller):
    session = gearbox().interview()
    known = PEOPLE["a worn bearing"]
    steps = []

    def ask(response: Plain) -> Plain:
        told = posted(caller, f"/fhir/R4/{NEXT}", response)
        steps.append([each["linkId"] for each in flat(asked(told).get("item", []))])
        return told

    hold(ask, canonical(), answer_from(known))
    for step in steps[:-1]:
        question = session.next_question
        lines = [each.id for each in question.items] or [question.id]
        assert set(lines) <= set(step)
        for line in lines:
            session = session.answer(line, known.get(line))
    assert session.should_stop


@pytest.mark.fhir
def test_over_a_socket_it_is_the_same(tmp_path):
    served = Served(tmp_path, "--workers", "1")
    try:
        known = PEOPLE["a worn bearing"]

        def ask(response: Plain) -> Plain:
            status, body = served.ask("POST", f"/fhir/R4/{NEXT}", response)
            assert status == 200, body
            told: Plain = json.loads(body)
            return told

        told = hold(ask, canonical(), answer_from(known))
        status, body = served.ask("POST", f"/fhir/R4/{ASSESS}", told)
        assert status == 200
        words = ["--json", "--model", str(GEARBOX_FILE), *flags_of(told, known)]
        report = json.loads(run(*words).stdout)
        assert [each["probabilityDecimal"] for each in json.loads(body)["prediction"]] == (
            pytest.approx([100 * each["probability"] for each in report["causes"]], abs=1e-11)
        )
        assert "worn_bearing" not in served.log
    finally:
        served.process.terminate()
        assert served.process.wait(60) == 0
