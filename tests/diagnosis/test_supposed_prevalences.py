"""Causes that are supposed more or less common: another model, solved again; this one stays."""

import pytest
from support.diagnostic import pump
from support.models import GEARBOX_FILE, gearbox

import bayesnet
from bayesnet import EvidenceError, UnknownNameError


def test_it_is_the_model_of_a_file_with_that_number(tmp_path):
    file = tmp_path / "clinic.yaml"
    number = "{value: 0.25, interval: [0.14, 0.38], source: [audit 2026]}"
    base = gearbox().description.model.id
    file.write_text(
        f"extends: {GEARBOX_FILE}\ncauses: {{worn_bearing: {{prevalence: {number}}}}}\n",
        encoding="utf-8",
    )
    written, other = bayesnet.load_model(str(file)), gearbox().supposing({"worn_bearing": 0.25})
    assert other.description.model.id == base
    assert other.compiled.nodes == written.compiled.nodes
    answers = {"whine": True, "hours": 4000}
    assert other.diagnose(answers).causes[0].probability == pytest.approx(
        written.diagnose(answers).causes[0].probability, abs=1e-12
    )


def test_every_cause_is_as_common_as_supposed_and_the_model_stays():
    before = gearbox().diagnose().to_dict()
    for cause in gearbox().causes:
        prior = gearbox().description.causes[cause].prevalence.value
        other = gearbox().supposing({cause: 1.02 * prior})
        found = other.diagnose().cause(cause)
        assert found.probability == pytest.approx(1.02 * prior, abs=1e-9)
        low, high = other.description.causes[cause].prevalence.interval
        assert low <= 1.02 * prior <= high
        assert other.compiled.sha256 != gearbox().compiled.sha256
    assert gearbox().diagnose().to_dict() == before
    assert gearbox().supposing({}).diagnose().to_dict() == before


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 22.0, float("nan"), float("inf")])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(EvidenceError, match="'worn_bearing'"):
        gearbox().supposing({"worn_bearing": share})


def test_what_the_other_numbers_leave_no_room_for_is_said_and_an_unknown_cause_too():
    with pytest.raises(EvidenceError, match=r"leave no room: .*'worn_bearing'"):
        gearbox().supposing({"worn_bearing": 0.6})
    with pytest.raises(UnknownNameError, match="worn_bearing"):
        gearbox().supposing({"worn_baring": 0.3})


def test_a_model_whose_numbers_are_in_a_network_says_where_to_change_them():
    cause = next(iter(pump().causes))
    with pytest.raises(EvidenceError, match=r"in the network, .*xdsl; change them there"):
        pump().supposing({cause: 0.2})
