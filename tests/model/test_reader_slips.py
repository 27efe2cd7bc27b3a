"""Slips of the keyboard: each is told once, on its line, with what to do that works."""

import pytest
from support.reader import MODEL, problems, read

pytestmark = pytest.mark.usefixtures("in_folder")

BACKGROUND = (
    "background: {value: 0.1, interval: [0.05, 0.2], source: [fig-1]}\n    causes:\n      worn"
)
NUMBER = "prevalence: {value: 0.2, interval: [0.1, 0.3]"
ABOUT = "    about: A bearing past its life."

SLIPS = {
    "comma for a point": (
        "value: 0.2, interval: [0.1, 0.3]",
        "value: 0,2, interval: [0.1, 0.3]",
        "write it with a point: 0.2",
    ),
    "per cent": (
        "value: 0.2, interval: [0.1, 0.3]",
        "value: 20 %, interval: [0.1, 0.3]",
        "as a fraction: 0.2",
    ),
    "a fraction": (NUMBER, NUMBER.replace("0.2,", "1/5,"), "anything else: 0.2"),
    "so many in 100": (NUMBER, NUMBER.replace("0.2,", "20 in 100,"), "anything else: 0.2"),
    "about": (NUMBER, NUMBER.replace("0.2,", "~0.2,"), "anything else: 0.2"),
    "a long minus": (
        "no_identified_cause: {value: -5",
        "no_identified_cause: {value: −5",
        "anything else: -5",
    ),
    "full width": (NUMBER, NUMBER.replace("0.2,", "０.２,"), "anything else: 0.2"),
    "no number": (NUMBER, NUMBER.replace("0.2,", ".nan,"), "such as 0.25"),
    "a number alone": (
        BACKGROUND,
        "background: 0.1\n    causes:\n      worn",
        "write {value: 0.1, interval:",
    ),
    "a range": ("[0.1, 0.3]", "10-30%", "in brackets: [0.1, 0.3]"),
    "a range in words": ("[0.1, 0.3]", "0.1 to 0.3", "in brackets: [0.1, 0.3]"),
    "round brackets": ("[0.1, 0.3]", "(0.1, 0.3)", "in brackets: [0.1, 0.3]"),
    "commas in an interval": ("[0.1, 0.3]", "[0,1, 0,3]", "with points for commas: [0.1, 0.3]"),
    "curly quotes": (ABOUT, "    about: “A bearing: worn”", "curly quotes"),
    "curly quotes and a comma": ('why: "dry"', "why: “dry, seldom the cause”", "curly quotes"),
    "curly quotes in a list": (
        "source: [fig-1]}\n    risk",
        "source: [“Smith 2019 J Gears”]}\n    risk",
        "curly quotes",
    ),
    "a comma without quotes": (
        'why: "dry"',
        "why: dry, seldom the cause",
        'put it in quotes: "dry, seldom the cause"',
    ),
    "a tab": (ABOUT, "\tabout: A bearing", "not tabs"),
    "no-break spaces in front": (
        ABOUT,
        "    about: A bearing".replace("    ", "\u00a0" * 4),
        "no-break space",
    ),
    "no-break space after a colon": (ABOUT, "    about:\u00a0A bearing", "no-break space"),
    "unseen in an id": (
        "  worn_bearing:\n    label",
        "  worn\u200b_bearing:\n    label",
        "zero width space",
    ),
    "unseen in a number": ("value: 0.2, int", "value: 0.2\u200b, int", "zero width space"),
    "a letter of another alphabet": (
        "worn_bearing: {value: 0.7",
        "worn_be\u0430ring: {value: 0.7",
        "is Cyrillic and only looks like 'a'",
    ),
    "another alphabet in a key": (
        "prevalence: {value: 0.2",
        "prev\u0430lence: {value: 0.2",
        "type the word again: prevalence",
    ),
    "a number sign in a label": (
        "label: Worn bearing",
        "label: Bearing #1 worn",
        "put the text in quotes",
    ),
    "a number sign in brackets": ('"Does it hum?"', "Does gear #2 hum?", "put the text in quotes"),
    "a quote never closed": ('"Does it hum?"', '"Does it hum?', "a quote that is never closed"),
    "a quote never closed on a line": (
        'version: "1"',
        'version: "1',
        "a quote that is never closed",
    ),
    "an apostrophe": (ABOUT, "    about: 'The bearing's life'", "double quotes"),
    "two versions": ("    label: Cracked", "<<<<<<< HEAD\n    label: Cracked", "two versions"),
    "no space after a colon": (
        "label: Worn bearing",
        "label:Worn bearing",
        "a space is missing after ':'",
    ),
    "an equals sign": ("label: Worn bearing", "label = Worn bearing", "write 'key: value'"),
    "a brace not closed": (
        NUMBER + ", source: [fig-1]}",
        NUMBER + ", source: [fig-1]",
        "'{' that is not closed",
    ),
    "a brace too many": (
        NUMBER + ", source: [fig-1]}",
        NUMBER + ", source: [fig-1]}}",
        "closes nothing",
    ),
    "a semicolon": (NUMBER, NUMBER.replace("0.2,", "0.2;"), "a ';' where a ',' belongs"),
    "no dash": ("      - {factor: old_oil", "      {factor: old_oil", "without '- '"),
    "no space after a dash": (
        "      - {factor: old_oil",
        "      -{factor: old_oil",
        "missing after '-'",
    ),
    "letters with marks in an id": ("    seizing:", "    Rücken-Größe:", ": ruecken_groesse"),
    "per cent in an interval": (
        "interval: [0.1, 0.3], source: [fig-1]}\n    risk",
        "interval: [10, 30], source: [fig-1]}\n    risk",
        "is in per cent; write [0.1, 0.3]",
    ),
    "a number and its range": (NUMBER, NUMBER.replace("0.2,", "0.2 (0.1-0.3),"), "0.2, and `int"),
    "so many people": ("sample_size: 50", "sample_size: n=50", "anything else: 50"),
    "a key by another name": ("relative_risk: 2.0", "rr: 2.0", "did you mean 'relative_risk'?"),
    "a section by another name": ("causes:\n  worn", "cause:\n  worn", "did you mean 'causes'?"),
    "a question alone": (
        '{question: "Does it hum?", group: aggravating}',
        '"Does it hum?"',
        "write {question: ..., group: ...}",
    ),
    "a list for a block": (
        "values: {none: 0.7, warm: 0.2, hot: 0.1}",
        "values: [0.7, 0.2, 0.1]",
        "write {name: ...}",
    ),
    "a benefit alone": (
        "worn_bearing: {value: 50, source: [fig-1]}",
        "worn_bearing: 50",
        "write {value: 50, source: [...]}",
    ),
    "a state of a number": (
        "{finding: hours, below: 100}",
        "{finding: hours, equals: [up_to_1000]}",
        "give `at_least:` or `below:`",
    ),
    "a cause switched off": (
        "    about: A tooth",
        "    enabled: false\n    about: A tooth",
        "unknown key 'enabled'; known here",
    ),
    "yes for true": ("serious: true", "serious: yes", "write true"),
    "a level in capitals": ("level: emergency", "level: Emergency", "did you mean 'emergency'?"),
    "a finding for a factor": ("factor: old_oil", "factor: hum", "list the cause under the"),
    "judgement misspelt": (
        "source: [fig-1]}\n    risk",
        "source: [expert judgment]}\n    risk",
        "did you mean 'expert judgement'?",
    ),
    "a source without brackets": (
        "source: [fig-1]}\n    risk",
        "source: fig-1}\n    risk",
        "in brackets: [fig-1]",
    ),
    "a sum over 1": ("hot: 0.5}", "hot: 0.6}", "the values add up to 1.1"),
    "a star": ("label: Worn bearing", "label: *very* worn", "put the text in quotes"),
    "a question mark": ("label: Worn bearing", "label: ? worn", "put the text in quotes"),
    "a greater sign": ("label: Worn bearing", "label: > 50 miles", "put the text in quotes"),
    "an upright stroke": ("label: Worn bearing", "label: |x", "put the text in quotes"),
    "an at sign": ("label: Worn bearing", "label: @home", "put the text in quotes"),
    "a mark of YAML": ("label: Worn bearing", "label: &a worn", "put the text in quotes"),
    "a tag of YAML": ("label: Worn bearing", "label: !worn", "quote the text"),
    "a dash before a text": ("label: Worn bearing", "label: - worn", "put the text in quotes"),
    "brackets before a text": (
        "label: Worn bearing",
        "label: [worn] bearing",
        "put all of it in quotes",
    ),
    "quotes inside quotes": (
        "label: Worn bearing",
        'label: "Worn "dry" bearing"',
        "in single quotes",
    ),
    "a long dash for a list": ("      - {factor: old_oil", "      – {factor: old_oil", "'- '"),
    "another comment": (
        "    label: Worn bearing",
        "    // to do\n    label: Worn bearing",
        "write '#'",
    ),
    "dots that end the file": ("shared:\n", "...\nshared:\n", "delete the line"),
    "an interval without its comma": ("[0.1, 0.3]", "[0.1 0.3]", "exactly 2: [0.1, 0.3]"),
    "an interval with a semicolon": ("[0.1, 0.3]", "[0.1; 0.3]", "exactly 2: [0.1, 0.3]"),
    "an interval with a long dash": ("[0.1, 0.3]", "[0.1 – 0.3]", "exactly 2: [0.1, 0.3]"),
    "plus or minus": ("[0.1, 0.3]", "±0.1", "write both ends in brackets: [low, high]"),
    "a limit for an interval": ("[0.1, 0.3]", "<0.3", "write both ends in brackets: [low, high]"),
    "a word for a block in a list": (
        "harmed_by: [{direction: draining, source: [fig-1]}]",
        "harmed_by: draining",
        "write [{direction: ..., source: ...}]",
    ),
    "a word for a condition": (
        "unless: {finding: hours, below: 100}",
        "unless: old_oil",
        "write {finding: old_oil}, or a block",
    ),
    "a comparison": (
        "{finding: hours, at_least: 1000}",
        "{finding: hours >= 1000}",
        "write {finding: hours, at_least: ...} or {finding: hours, below: ...}",
    ),
    "a unit": ("{value: 50, source", "{value: 50 hours, source", "without anything else: 50"),
    "per cent in words": (NUMBER, NUMBER.replace("0.2,", "20 per cent,"), "as a fraction: 0.2"),
    "Arabic digits": (NUMBER, NUMBER.replace("0.2,", "٠.٢,"), "without anything else: 0.2"),
    "a no-break space behind a number": (
        NUMBER,
        NUMBER.replace("0.2,", "0.2\u00a0,"),
        "no-break space",
    ),
    "two sources in one": (
        "source: [fig-1]}\n    risk",
        "source: [fig-1 fig-2]}\n    risk",
        "put a comma between them: fig-1, fig-2",
    ),
    "a hyphen in an id": (
        "  worn_bearing:\n    label",
        "  worn-bearing:\n    label",
        "single underscores: worn_bearing",
    ),
    "a space in an id": (
        "  worn_bearing:\n    label",
        "  worn bearing:\n    label",
        "single underscores: worn_bearing",
    ),
    "an interval by its short name": (NUMBER, NUMBER.replace("interval", "ci"), "'interval'?"),
    "how many by its letter": ("sample_size: 50", "n: 50", "did you mean 'sample_size'?"),
    "a reason by another name": ('why: "dry"', 'why: "dry", reason: "dry"', "did you mean 'why'?"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_once_on_its_line(name: str) -> None:
    old, new, words = SLIPS[name]
    assert MODEL.count(old) >= 1
    line = MODEL.count("\n", 0, MODEL.index(old)) + 1
    (found,) = problems(MODEL.replace(old, new, 1))
    assert found.startswith(f"m.yaml:{line}:"), found
    assert words in found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (MODEL.encode("utf-16"), "UTF-16"),
        (MODEL.encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04\x14\x00\x06", "a Word, LibreOffice or zip file"),
        (b"{\\rtf1 abc}", "word processor"),
        (b"<html><body></body></html>", "a web page"),
        (b'<?xml version="1.0"?>\n<smile id="x"></smile>', "a network file that cannot be read"),
        (b"// by hand\nnetwork n { }\n", "no variables in it"),
        (b"\xef\xbb\xbfnet\n{ }\n", "a network file that cannot be read"),
        (MODEL.replace("label: Hum\n", "label: H\xfcm\n").encode("cp1252"), "encoding UTF-8"),
    ],
)
def test_files_that_are_no_text(content: bytes, words: str) -> None:
    (found,) = problems({"m.yaml": content})
    assert words in found


def test_an_entry_under_the_wrong_section_is_told_where_it_belongs() -> None:
    entry = "  squeak:\n    label: S\n    background: {value: 0.1}\n"
    found = problems(MODEL.replace("derived:\n", f"derived:\n{entry}", 1))
    assert any("under `derived:`" in each and "'findings'" in each for each in found)


def test_ordinary_text_is_let_alone() -> None:
    text = MODEL.replace(
        "A tooth with a crack.", '"5\u00a0% of “worn”: see #2, β-gear, Зуб"  # note'
    )
    assert "“worn”" in read(text).description.causes["cracked_gear"].about
