"""Mistakes in overlays: each on its line of the overlay, with a remedy, and nothing else beside."""

import pytest
from support.reader import MODEL, problems

pytestmark = pytest.mark.usefixtures("in_folder")

HEAD = 'extends: m.yaml\nsource: ["audit 2026, n=212"]\n'


def told(text: str | bytes) -> list[str]:
    return problems({"clinic.yaml": text, "m.yaml": MODEL})


def line_of(start: str) -> int:
    """Return the line of the base that begins so."""
    return next(at for at, line in enumerate(MODEL.splitlines(), 1) if line.startswith(start))


BASES = {
    "missing": ("extends: n.yaml\n", "1:10: `extends`: there is no model file 'n.yaml'; did you"),
    "misspelt": ("extends: lbp-runer\n", "1:10: `extends`: unknown model 'lbp-runer'; did you"),
    "itself": ("extends: clinic.yaml\n", "1:10: 'clinic.yaml' extends itself"),
    "folder": ("extends: .\n", "1:10: `extends`: '.' is a folder"),
    "several": ("extends: [m.yaml]\n", "1:10: `extends` takes one model"),
    "nothing": ("extends:\n", "1:9: `extends` takes one model"),
}


@pytest.mark.parametrize(("text", "said"), BASES.values(), ids=BASES)
def test_a_base_that_cannot_be(text: str, said: str) -> None:
    (found,) = told(text + "causes: {worn_bearing: {label: Worn}}\n")
    assert found.startswith(f"clinic.yaml:{said}")


def test_overlays_in_a_circle() -> None:
    (found,) = problems({"one.yaml": "extends: two.yaml\n", "two.yaml": "extends: one.yaml\n"})
    assert found.startswith("two.yaml:1:10: 'one.yaml' extends itself, directly or in turn")


def test_a_base_with_mistakes_is_told_of_in_its_own_file() -> None:
    base = MODEL.replace("value: 0.2, interval: [0.1, 0.3]", "value: 0.2, interval: [0.3, 0.1]", 1)
    (found,) = problems({"clinic.yaml": "extends: m.yaml\n", "m.yaml": base})
    assert found == ("m.yaml:13:30: the interval runs from 0.3 down to 0.1; write [0.1, 0.3]")


def test_a_base_that_only_an_overlay_makes_whole_is_refused() -> None:
    base = MODEL.replace("    label: Worn bearing\n", "")
    overlay = "extends: m.yaml\ncauses: {worn_bearing: {label: Worn bearing}}\n"
    (found,) = problems({"top.yaml": "extends: mid.yaml\n", "mid.yaml": overlay, "m.yaml": base})
    assert found == "m.yaml:10:3: 'label' is missing in 'worn_bearing'; add it"


NUMBERS = {
    "comma": ("prevalence: {value: 0,3}", "5:18: 'value' is the text '0,3', not a number; write it "
              "with a point: 0.3"),
    "percent": ("prevalence: {value: 30%}", "5:18: 'value' is the text '30%', not a number; write "
                "it as a fraction: 0.3"),
    "large": ("prevalence: {value: 30}", "5:18: 'value' is 30; it must be at least 0 and at most"),
    "bare": ("prevalence: 0.3", "5:5: 'prevalence' is the number 0.3, not a block"),
    "interval": ("prevalence: {value: 0.3, interval: [0.4, 0.5]}", "5:30: 0.3 is outside its"),
    "key": ("prevalance: {value: 0.3}", "5:5: unknown key 'prevalance'; did you mean"),
    "ratio": ("risk_factors: [{factor: old_oil, relative_risk: 40}]", "5:38: the risk factors of"),
    "twice": ("risk_factors: [{factor: old_oil, relative_risk: 2}, {factor: old_oil, "
              "relative_risk: 3}]", "5:57: a second row about the same; keep one"),
    "required": ("label: null", "4:3: 'label' is missing in 'worn_bearing'"),
    "empty": ("label:", "5:5: 'label' is empty; give what differs, or `null` to remove it"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "said"), NUMBERS.values(), ids=NUMBERS)
def test_a_slip_in_what_differs(line: str, said: str) -> None:
    (found,) = told(f"{HEAD}causes:\n  worn_bearing:\n    {line}\n")
    assert found.startswith(f"clinic.yaml:{said}")


ENTRIES = {
    "near": ("causes: {worn_baring: {prevalence: {value: 0.3}}}", "3:10: the base has no "
             "'worn_baring'; did you mean 'worn_bearing'? a new one needs label, about"),
    "far": ("causes: {zebra: {prevalence: {value: 0.3}}}", "3:10: the base has no 'zebra'; a new "
            "one needs label, about"),
    "row": ("findings: {hum: {causes: {worn_baring: {value: 0.8, interval: [0.6, 0.9]}}}}",
            "3:27: unknown cause 'worn_baring'; did you mean 'worn_bearing'?"),
    "removed": ("causes: {worn_baring: null}", "3:10: the base has no 'worn_baring' to remove; did "
                "you mean 'worn_bearing'?"),
    "section": ("cause: {worn_bearing: {label: Worn}}", "3:1: unknown key 'cause'; did you mean"),
    "nothing": ("causes:", "3:1: 'causes' is empty; give what differs, or `null` to remove it"),
    "unsafe": ("unsafe: perhaps", "3:9: `unsafe` takes true or false"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "said"), ENTRIES.values(), ids=ENTRIES)
def test_what_the_base_does_not_have(line: str, said: str) -> None:
    (found,) = told(f"{HEAD}{line}\n")
    assert found.startswith(f"clinic.yaml:{said}")


def test_rules_that_need_a_removed_cause_are_named() -> None:
    one, other = told("extends: m.yaml\ncauses: {worn_bearing: null}\n")
    said = "clinic.yaml:2:10: 'worn_bearing' is removed here, and triage rule 'seizing' needs it, "
    rule = line_of("    seizing:")
    assert one.startswith(f"{said}at m.yaml:{rule + 5}:14")
    assert other.startswith(f"{said}at m.yaml:{rule + 6}:14")


def test_what_needs_a_removed_finding_is_named() -> None:
    found = told("extends: m.yaml\nfindings: {heat: null}\n")
    assert ["finding 'any_heat'" in found[0], "triage rule 'seizing'" in found[1]] == [True, True]


def test_a_pathway_that_needs_a_removed_cause_is_named() -> None:
    base = MODEL.replace(
        "    act: stop", "    unless: {cause: cracked_gear, probability_over: 0.5}\n    act: stop"
    )
    (found,) = problems(
        {"clinic.yaml": "extends: m.yaml\ncauses: {cracked_gear: null}\n", "m.yaml": base}
    )
    assert "'cracked_gear' is removed here, and pathway 'stop' needs it" in found


def test_what_an_overlay_makes_wrong_in_its_base_is_told_on_its_own_line() -> None:
    (found,) = told(f"{HEAD}findings:\n  hum:\n    background: {{value: 0.65}}\n")
    assert found.startswith("clinic.yaml:4:3: 0.6 is below the background of 0.65")
    assert found.endswith(f"(at m.yaml:{line_of('      vibration: ')}:19)")


def test_a_changed_number_needs_a_source() -> None:
    text = "extends: m.yaml\ncauses: {worn_bearing: {prevalence: {value: 0.3}}}\n"
    (found,) = told(text)
    assert "'prevalence' is changed without a source; add `source: [...]` here, or one" in found
    (found,) = told("source: our clinic\n" + text)
    assert found.startswith("clinic.yaml:1:9: 'our clinic' is not a citation in full")
    (found,) = told("source: expert judgement\n" + text)
    assert found.startswith("clinic.yaml:1:9: 'expert judgement' needs its reason")


@pytest.mark.parametrize("text", ["hello\n", "- one\n", "causes:\n\tdisc: 3\n"])
def test_no_block_of_keys(text: str) -> None:
    (found,) = told(text)
    assert found.startswith("clinic.yaml:")


def test_an_overlay_in_another_encoding() -> None:
    (found,) = told(HEAD.encode("utf-16"))
    assert (
        found == "clinic.yaml:1:1: the text is UTF-16; save the file again with the encoding UTF-8"
    )
