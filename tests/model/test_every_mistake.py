"""Mistakes planted in a copy of the shipped model: each is reported once, at its place."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from support.planted_mistakes import MISTAKES, Mistake

from bayesnet.errors import ModelFileError
from bayesnet.model.reading import files, yaml_source
from bayesnet.model.reading.reader import read_description
from bayesnet.model.shipped import copy_model

# The same parts are read again and again, and most of them unchanged.
_parse = cache(yaml_source.parse)


@pytest.fixture(autouse=True)
def _copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "parse", _parse)
    copy_model("lbp-runner", tmp_path)


def path_of(mistake: Mistake) -> Path:
    return Path("lbp_runner", f"{mistake.file}.yaml") if mistake.file else Path("lbp_runner.yaml")


def plant(mistakes: Sequence[Mistake]) -> None:
    for mistake in mistakes:
        path = path_of(mistake)
        before, anchor, after = path.read_text("utf-8").partition(mistake.anchor)
        assert mistake.old in after, mistake
        changed = after.replace(mistake.old, mistake.new, 1)
        path.write_text(f"{before}{anchor}{changed}", "utf-8")


def place(mistake: Mistake) -> str:
    """file:line:column of what the mistake must point at."""
    text = path_of(mistake).read_text("utf-8")
    at = text.index(mistake.at, text.index(mistake.anchor))
    line = text.count("\n", 0, at) + 1
    return f"{path_of(mistake)}:{line}:{at - text.rfind(chr(10), 0, at)}: "


def assert_exactly(*mistakes: Mistake) -> None:
    plant(mistakes)
    with pytest.raises(ModelFileError) as caught:
        read_description(Path("lbp_runner.yaml"))
    found = list(caught.value.problems)
    for mistake in mistakes:
        fitting = [each for each in found if each.startswith(place(mistake))]
        assert [each for each in fitting if mistake.words in each], (mistake, found)
    assert len(found) == len(mistakes), found


def test_sound_model_has_no_mistake() -> None:
    assert read_description(Path("lbp_runner.yaml")).nodes


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_problem(name: str) -> None:
    assert_exactly(MISTAKES[name])


# Different kinds, in the same or other entries; most reach beyond their entry.
PAIRED = (
    "unknown key",
    "misspelt section",
    "percentage",
    "background over 1",
    "text for an answer",
    "unknown factor",
    "unknown cause",
    "id used twice",
    "gap between bands",
    "below the background",
    "factors exceed the prevalence",
)


@pytest.mark.parametrize("pair", list(combinations(PAIRED, 2)), ids=" + ".join)
def test_two_mistakes_are_two_problems(pair: tuple[str, str]) -> None:
    assert_exactly(*(MISTAKES[name] for name in pair))


def test_five_mistakes_of_different_kinds_are_all_reported() -> None:
    names = (
        "unknown cause",
        "duplicate key",
        "background over 1",
        "missing source",
        "factors exceed the prevalence",
    )
    assert_exactly(*(MISTAKES[name] for name in names))


SAME_ENTRY = {
    "cause": [
        Mistake(
            "causes",
            "  muscle_strain:",
            "value: 0.16",
            "value: 1.6",
            "value: 1.6",
            "it must be at least 0 and at most 1",
        ),
        Mistake(
            "causes",
            "  muscle_strain:",
            "interval: [0.09, 0.26]",
            "interval: [0.26, 0.09]",
            "interval: [0.26",
            "write [0.09, 0.26]",
        ),
        Mistake(
            "causes",
            "  muscle_strain:",
            "muscle_strain-003, expert",
            "muscle-3, expert",
            "muscle-3",
            "is not the id of a published figure",
        ),
        Mistake(
            "causes",
            "  muscle_strain:",
            "factor: poor_warm_up",
            "factor: poor_warmup",
            "factor: poor_warmup",
            "unknown risk factor",
        ),
        Mistake(
            "causes",
            "  muscle_strain:",
            "    textbook: {onset",
            "    textboook: {onest",
            "textboook",
            "unknown key 'textboook'",
        ),
        Mistake(
            "causes",
            "  muscle_strain:",
            "    textboook",
            "    textboook",
            "onest",
            "unknown finding or risk factor 'onest'",
        ),
    ],
    "cause with a network that cannot be": [
        MISTAKES["factors exceed the prevalence"],
        Mistake(
            "causes",
            "  nerve_root:",
            "label: Nerve",
            "label: [Nerve] # ",
            "label",
            "'label' is a list",
        ),
        Mistake(
            "causes",
            "  nerve_root:",
            "radiculopathy-001,",
            "radiculopathy-0001,",
            "radiculopathy-0001",
            "is not the id of a published figure",
        ),
        Mistake(
            "causes",
            "  nerve_root:",
            "referral: foot",
            "referal: foot",
            "referal",
            "unknown finding or risk factor",
        ),
    ],
    "finding": [
        Mistake(
            "findings",
            "  main_pain:",
            "group: referral",
            "group: reference",
            "group: reference",
            "unknown group 'reference'",
        ),
        Mistake("findings", "  main_pain:", "back: 0.86", "back: 86", "back: 86", "write 0.86"),
        Mistake("findings", "  main_pain:", "nerve_root:", "nerve_rot:", "nerve_rot", "unknown"),
        Mistake(
            "findings",
            "  main_pain:",
            "back: 0.10, buttock: 0.66",
            "back: 0.10, buttok: 0.66",
            "buttok",
            "unknown state 'buttok'",
        ),
        Mistake("findings", "  main_pain:", "", "", "values: {back: 0.10, buttok", "no value for"),
        Mistake(
            "findings",
            "  main_pain:",
            "sample_size: 20, source: [hip-001",
            "source: [hip-001",
            "hip_joint",
            "no uncertainty",
        ),
    ],
    "risk factor": [
        Mistake("history", "  osteoporosis:", "value: 0.30, ", "", "{when", "no number"),
        Mistake("history", "  osteoporosis:", "sex: male", "sex: mail", "sex: mail", "'mail'"),
        Mistake("history", "  osteoporosis:", "value: 0.13", "value: x", "value: x", "'x'"),
        Mistake(
            "history",
            "  osteoporosis:",
            "red_flag: true",
            "red_flag: yes",
            "red_flag: yes",
            "write true",
        ),
    ],
    "rule": [
        Mistake("triage", "    trauma:", "level: urgent", "level: now", "level: now", "choice"),
        Mistake(
            "triage",
            "    trauma:",
            "finding: significant_trauma",
            "finding: significant",
            "finding: significant",
            "unknown finding",
        ),
        Mistake(
            "triage",
            "    trauma:",
            "vertebral_fracture-010",
            "fracture-010",
            "fracture-010",
            "is not the id",
        ),
    ],
    "pathway": [
        MISTAKES["utility in words"],
        MISTAKES["cause of a pathway"],
        MISTAKES["unknown exercise"],
        Mistake(
            "pathways",
            "  bone_stress:",
            "urgency: urgent",
            "urgency: urgnet",
            "urgency",
            "did you mean 'urgent'?",
        ),
    ],
}


@pytest.mark.parametrize("entry", SAME_ENTRY)
def test_mistakes_of_one_entry_are_all_reported(entry: str) -> None:
    assert_exactly(*SAME_ENTRY[entry])


def test_a_mistake_in_each_of_many_entries() -> None:
    # Of a network with a circle, and of answers that cannot be read, there is no more to say.
    last_words = ("circle of causes", "text for an answer", "misspelt answer")
    several = {name: each for name, each in MISTAKES.items() if name not in last_words}
    apart = {(each.file, each.anchor): each for each in several.values()}
    assert len(apart) > 50
    assert_exactly(*apart.values())
