"""The codes of the runner model: of which terminologies, and where they were looked up."""

from support.models import runner

from bayesnet.model.checks.code_systems import ICD_10_CM, LOINC
from bayesnet.model.lookup.codings import codings_of

TABULAR_LIST, LOINC_TABLE = "terminology-001", "terminology-002"


def test_only_terminologies_that_anybody_may_use_are_shipped() -> None:
    systems = {coding.system for _, coding in codings_of(runner().description)}
    assert systems == {ICD_10_CM, LOINC}


def test_each_code_cites_the_terminology_that_it_is_of() -> None:
    where = {ICD_10_CM: TABULAR_LIST, LOINC: LOINC_TABLE}
    for path, coding in codings_of(runner().description):
        assert coding.source[0] == where[coding.system], path


def test_no_code_stands_for_two_causes() -> None:
    causes = [coding for path, coding in codings_of(runner().description) if path[0] == "causes"]
    assert causes
    assert len({(each.system, each.code) for each in causes}) == len(causes)


def test_a_report_carries_them() -> None:
    report = runner().diagnose({"age": 42, "sex": "female"})
    assert [code.code for code in report.cause("cauda_equina").codings] == ["G83.4"]
    assert [[code.code for code in each.codings] for each in report.evidence] == [
        ["30525-0"],
        ["76689-9"],
    ]
