"""Mistakes planted in a copy of the gearbox: each is reported once, at its place."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from support.models import GEARBOX_FILE
from support.planted_mistakes import MISTAKES, Mistake

from bayesnet.errors import ModelFileError
from bayesnet.model.reading import files, yaml_source
from bayesnet.model.reading.reader import read_description

# The same parts are read again and again, and most of them unchanged.
_parse = cache(yaml_source.parse)


@pytest.fixture(autouse=True)
def _copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "parse", _parse)
    copyfile(GEARBOX_FILE, tmp_path / GEARBOX_FILE.name)
    copytree(GEARBOX_FILE.with_suffix(""), tmp_path / GEARBOX_FILE.stem)


def path_of(mistake: Mistake) -> Path:
    return Path("gearbox", f"{mistake.file}.yaml") if mistake.file else Path("gearbox.yaml")


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
        read_description(Path("gearbox.yaml"))
    found = list(caught.value.problems)
    for mistake in mistakes:
        fitting = [each for each in found if each.startswith(place(mistake))]
        assert [each for each in fitting if mistake.words in each], (mistake, found)
    assert len(found) == len(mistakes), found


def test_sound_model_has_no_mistake() -> None:
    assert read_description(Path("gearbox.yaml")).nodes


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_problem(name: str) -> None:
    assert_exactly(MISTAKES[name])


# Different kinds, in the same or other entries; most reach beyond their entry.
PAIRED = (
    "unknown key",
    "background over 1",
    "text for an answer",
    "unknown factor",
    "id used twice",
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


# fmt: off
SAME_ENTRY = {
    "cause": [
        Mistake("causes", "  worn_bearing:", "value: 0.16", "value: 1.6", "value: 1.6",
            "it must be at least 0 and at most 1"),
        Mistake("causes", "  worn_bearing:", "interval: [0.09, 0.26]", "interval: [0.26, 0.09]",
            "interval: [0.26", "write [0.09, 0.26]"),
        Mistake("causes", "  worn_bearing:", "bearing-002, expert", "bearing-2, expert",
            "bearing-2", "is not the id of a published figure"),
        Mistake("causes", "  worn_bearing:", "factor: old_oil", "factor: odl_oil",
            "factor: odl_oil", "unknown risk factor"),
        Mistake("causes", "  worn_bearing:", "    textbook: {whine", "    textboook: {wine",
            "textboook", "unknown key 'textboook'"),
        Mistake("causes", "  worn_bearing:", "    textboook", "    textboook", "wine",
            "unknown finding or risk factor 'wine'"),
    ],
    "cause with a network that cannot be": [
        MISTAKES["factors exceed the prevalence"],
        Mistake("causes", "  worn_teeth:", "label: Worn", "label: [Worn] # ", "label",
            "'label' is a list"),
        Mistake("causes", "  worn_teeth:", "source: [expert judgement]", "source: [bolt-0001]",
            "bolt-0001", "is not the id of a published figure"),
        Mistake("causes", "  worn_teeth:", "felt_at: floor", "felt_art: floor", "felt_art",
            "unknown finding or risk factor"),
    ],
    "finding": [
        Mistake("tests", "  oil_test:", "group: tests", "group: tets", "group: tets",
            "unknown group 'tets'"),
        Mistake("tests", "  oil_test:", "clean: 0.75", "clean: 75", "clean: 75", "write 0.75"),
        Mistake("tests", "  oil_test:", "worn_bearing:", "worn_baring:", "worn_baring", "unknown"),
        Mistake("tests", "  oil_test:", "clean: 0.15, grey", "clean: 0.15, gray", "gray",
            "unknown state 'gray'"),
        Mistake("tests", "  oil_test:", "sample_size: 20, source: [oil-001", "source: [oil-001",
            "worn_teeth", "no uncertainty"),
    ],
    "risk factor": [
        Mistake("history", "  new_clutch:", "value: 0.5, ", "", "{when: {drive: manuel",
            "no number"),
        Mistake("history", "  new_clutch:", "drive: manual", "drive: manuel", "drive: manuel",
            "'manuel'"),
        Mistake("history", "  new_clutch:", "value: 0.13", "value: x", "value: x", "'x'"),
        Mistake("history", "  new_clutch:", "group: history", "group: history, red_flag: yes",
            "red_flag: yes", "write true"),
    ],
    "rule": [
        Mistake("triage", "    knocked:", "level: soon", "level: now", "level: now", "choice"),
        Mistake("triage", "    knocked:", "finding: knock", "finding: knok", "finding: knok",
            "unknown finding"),
        Mistake("triage", "    knocked:", "case-002", "case-0002", "case-0002", "is not the id"),
    ],
    "pathway": [
        MISTAKES["utility in words"],
        MISTAKES["cause of a pathway"],
        MISTAKES["unknown exercise"],
        Mistake("pathways", "  bolt_check:", "urgency: soon", "urgency: son", "urgency",
            "did you mean 'soon'?"),
    ],
}
# fmt: on


@pytest.mark.parametrize("entry", SAME_ENTRY)
def test_mistakes_of_one_entry_are_all_reported(entry: str) -> None:
    assert_exactly(*SAME_ENTRY[entry])


def test_a_mistake_in_each_of_many_entries() -> None:
    # Of a network with a circle, of answers that cannot be read, and of a cause whose factors
    # have mistakes of their own, there is no more to say.
    last_words = (
        "circle of causes",
        "text for an answer",
        "misspelt answer",
        "factors exceed the prevalence",
    )
    several = {name: each for name, each in MISTAKES.items() if name not in last_words}
    apart = {(each.file, each.anchor): each for each in several.values()}
    assert len(apart) > 40
    assert_exactly(*apart.values())
