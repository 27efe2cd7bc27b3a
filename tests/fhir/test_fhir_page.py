"""The page about FHIR: its example runs, and it names what there is."""

import re

import lbp_fhir
from lbp_fhir.canonical import INTERVAL, NUMBER_RANGE, SOFT_ANSWER
from lbp_fhir.codes import MEANINGS
from support.paths import ROOT

TEXT = (ROOT / "docs" / "fhir-resources.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(example, {})
    assert re.fullmatch(r"[\w ()-]+ \d+\.\d+ %\n", capsys.readouterr().out)


def test_it_names_what_there_is():
    for name in re.findall(r"`(\w+)\([a-z, ]+\)`", TEXT):
        assert name in lbp_fhir.__all__
    for url in re.findall(r"urn:lbp-infer:fhir:StructureDefinition:[\w-]+", TEXT):
        assert url in (INTERVAL, NUMBER_RANGE, SOFT_ANSWER)
    codes = {code for _, code in MEANINGS}
    assert set(re.findall(r"LA\d+-\d|\b\d{9}\b", TEXT)) <= codes
