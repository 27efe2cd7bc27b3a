"""Warnings of a model: each kind is given once, at its place, and none of a model that is fine."""

from pathlib import Path

import pytest
from support.reader import MODEL, changed, place_of

from bayesnet.model.reading.notices import Noticed, read_noticing

pytestmark = pytest.mark.usefixtures("in_folder")

GUESS = 'source: [expert judgement], why: "a guess"'
NUMBER = f"value: 0.1, interval: [0.05, 0.2], {GUESS}"
CAUSE = "  cracked_gear:\n    label"
FACTOR = "  old_oil:\n    label"
FINDING = "  heat:\n    label"
RULES = "  rules:\n"
PATHWAYS = "pathways:\n"
LONELY = (
    f"  lonely:\n    label: L\n    about: A.\n    prevalence: {{{NUMBER}}}\n"
    "    textbook: {hum: true}\n"
)
ROW = f"    risk_factors:\n      - {{factor: old_oil, relative_risk: 2, sample_size: 9, {GUESS}}}\n"
WORTHLESS = (
    f"  wait:\n    label: W\n    urgency: emergency\n    value:\n"
    f"      no_identified_cause: {{value: -9, {GUESS}}}\n"
    "    phases: [{name: N, goal: G., enter_when: E., move_on_when: M.}]\n    source: [fig-1]\n"
)
HIGH = "value: 0.93, interval: [0.9, 0.95]"
THRESHOLD = f"  thresholds: {{worn_bearing: {{emergency: {{benefit: 1, harm: 1, {GUESS}}}}}}}\n"


def finding(background: float, causes: str, more: str = "") -> str:
    return (
        f"  squeak:\n    label: S\n    asked: {{question: S?, group: tests{more}}}\n"
        f"    background: {{value: {background}, sample_size: 20, {GUESS}}}\n{causes}"
    )


def rule(when: str, more: str = "") -> str:
    said = GUESS.replace(", ", "\n      ")
    return (
        f"{RULES}    extra:\n      level: emergency\n      when: {when}\n{more}"
        f"      reason: Look.\n      {said}\n"
    )


def shown(cause: str, source: str) -> str:
    causes = f"    causes: {{{cause}: {{value: 0.45, sample_size: 20, {source}}}}}\n"
    return finding(0.1, causes) + FINDING


FIGURE = (
    "evidence:\n",
    'evidence:\n  fig-3: {figure: f, kind: prevalence, value: 0.1, citation: "A B 2020, J C 1"}\n',
)
# {what is planted: (changes, what the warning points at, some of its words)}
PLANTED = {
    "a cause that nothing moves": (
        [(CAUSE, LONELY + CAUSE)],
        "lonely:",
        "nothing can move 'lonely'",
    ),
    "a cause of factors alone": (
        [(CAUSE, LONELY + ROW + CAUSE)],
        "lonely:",
        "no finding shows 'lonely'",
    ),
    "a number as the background": (
        [
            (CAUSE, LONELY + CAUSE),
            (FINDING, finding(0.1, f"    causes: {{lonely: {{{NUMBER}}}}}\n") + FINDING),
        ],
        "lonely:",
        "nothing can move 'lonely'",
    ),
    "a finding of no cause": (
        [(FINDING, finding(0.1, "") + FINDING)],
        "squeak:",
        "no cause explains 'squeak'",
    ),
    "a pattern not measured": (
        [("      vibration: {value: 0.6, interval: [0.4, 0.8], source: [fig-1]}\n", "")],
        "vibration:",
        "no finding measures 'vibration'",
    ),
    "a factor that raises nothing": (
        [
            (
                FACTOR,
                "  colour:\n    label: C\n    asked: {question: C?, group: tests}\n"
                f"    frequency: {{{NUMBER}}}\n{FACTOR}",
            )
        ],
        "colour:",
        "'colour' raises no cause",
    ),
    "yes and no": (
        [(RULES, rule("{all: [{finding: hum}, {finding: hum, absent: true}]}"))],
        "when: {all",
        "no answers fulfil this condition, so that the rule 'extra' raises nobody's urgency",
    ),
    "a state and its opposite": (
        [
            (
                RULES,
                rule("{all: [{finding: heat, equals: [hot]}, {finding: any_heat, absent: true}]}"),
            )
        ],
        "when: {all",
        "no answers fulfil",
    ),
    "numbers apart": (
        [(RULES, rule("{all: [{finding: hours, at_least: 50}, {finding: hours, below: 50}]}"))],
        "when: {all",
        "no answers fulfil",
    ),
    "a count out of reach": (
        [(RULES, rule("{count: 2, of: [{finding: hum}, {finding: hum, absent: true}]}"))],
        "when: {count",
        "no answers fulfil",
    ),
    "all exempted": (
        [
            (
                RULES,
                rule(
                    "{finding: hours, at_least: 60}",
                    "      unless: {finding: hours, at_least: 50}\n",
                ),
            )
        ],
        "when: {finding: hours, at_least: 60",
        "exempted by `unless`",
    ),
    "a pathway that cannot win": (
        [(PATHWAYS, PATHWAYS + WORTHLESS)],
        "wait:",
        "'wait' can never be advised: at each of its levels 'stop'",
    ),
    "a red flag in no rule": (
        [
            (RULES, THRESHOLD + RULES),
            (
                FINDING,
                finding(
                    0.01,
                    f"    causes: {{worn_bearing: {{value: 0.4, sample_size: 20, {GUESS}}}}}\n",
                    ", red_flag: true",
                )
                + FINDING,
            ),
        ],
        "squeak:",
        "'squeak' is in no rule of triage, though it is 40 times more common",
    ),
    "a rule about what nobody is asked": (
        [('"How warm?", group: tests', '"How warm?", group: tests, ranked: false')],
        "ranked: false",
        "'heat' is never proposed, and a rule of triage needs it",
    ),
    "far from its figure": (
        [(FINDING, shown("cracked_gear", "source: [fig-3]")), FIGURE],
        "value: 0.45",
        "0.45 is far from what its sources say (fig-3: 0.1)",
    ),
    "a figure outside itself": (
        [FIGURE, ("value: 0.1, cit", "value: 0.1, intervals: {value: [0.2, 0.4]}, cit")],
        "value: [0.2",
        "outside its own interval",
    ),
    "a ratio that does not fit": (
        [FIGURE, ("value: 0.1, cit", "sensitivity: 0.8, specificity: 0.8, lr_positive: 8, cit")],
        "lr_positive",
        "which make 4",
    ),
    "no year": ([("Jones 2001, J", "Jones, J")], 'citation: "Jones', "names no year"),
    "too short": (
        [('source: ["Smith 2019, J Gears 1:2"]', 'source: ["Smith 2019"]')],
        '"Smith 2019"]',
        "too short to find the source",
    ),
    "too many causes": (
        [
            (CAUSE, LONELY.replace("value: 0.1, interval: [0.05, 0.2]", HIGH) + CAUSE),
            (FINDING, shown("lonely", GUESS)),
        ],
        f"prevalence: {{{HIGH}",
        "leave only 5 of 100 without any",
    ),
    "a long sentence": (
        [("A tooth with a crack.", " ".join(["a"] * 31))],
        "about: a a",
        "a sentence of 31 words",
    ),
    "a long word": (
        [('"Is the oil old?"', '"Is it thermooxidatively worn?"')],
        'question: "Is it therm',
        "has 17 letters",
    ),
    "hard words": (
        [
            (
                "A tooth with a crack.",
                "Surface pitting following insufficient lubrication of "
                "rotating elements under repeated loading",
            )
        ],
        "about: Surface",
        "LIX",
    ),
    "one name twice": (
        [("label: Cracked gear", "label: Worn bearing")],
        "label: Worn bearing\n    about: A tooth",
        "as 'worn_bearing' is",
    ),
    "a textbook turned round": (
        [("textbook: {hum: true, heat", "textbook: {hum: false, heat")],
        "hum: false",
        "answers 'hum' with no, which speaks against 'worn_bearing'",
    ),
    "a textbook that is gone": (
        [("    textbook: {hum: true}\n", "")],
        "cracked_gear:",
        "has no textbook presentation",
    ),
}


def noticed(text: str) -> Noticed:
    Path("m.yaml").write_text(text, encoding="utf-8")
    return read_noticing(Path("m.yaml"))


def test_a_model_without_doubts_has_no_notice() -> None:
    found = noticed(MODEL)
    assert found.model is not None
    assert found.notices == ()


def test_a_figure_with_an_identifier_can_be_found_however_short_its_citation() -> None:
    changes = ('citation: "Smith 2019, J Gears 1:2"}', 'citation: "Smith", doi: 10.1000/gears.2}')
    assert noticed(changed(changes)).notices == ()


@pytest.mark.parametrize("kind", PLANTED)
def test_one_doubt_is_one_warning_at_its_place(kind: str) -> None:
    changes, at, words = PLANTED[kind]
    text = changed(*changes)
    found = noticed(text)
    assert found.of("error") == ()
    (warning,) = found.notices
    assert f"{warning.file}:{warning.line}:{warning.column}" == place_of(text, at)
    assert words in warning.message
    assert warning.remedy
