"""What care must say: who reads the first phase of a pathway reads what guidelines put first."""

import re

import pytest
from support.models import runner

from bayesnet.model.format.pathways import Actions, spelled_out

FIRST = {
    "nerve_root_care": (
        r"after six weeks.*injection or an operation",
        r"gabapentin.*steroid.*benzodiazepine.*opioid",
        r"heels and on toes",
        r"driving",
    ),
    "bone_stress": (
        r"MRI of sacrum and pelvis",
        r"X-ray .* misses",
        r"repeat it after",
        r"DXA",
        r"periods",
        r"Vitamin D",
        r"[Nn]o anti-inflammatory",
    ),
    "pars_stress": (r"MRI within two to four weeks", r"brace", r"Parents.*school"),
    "compression_fracture_care": (
        r"X-ray within days",
        r"myeloma",
        r"weakest.*shortest",
        r"bed rest",
    ),
    "rheumatology_referral": (
        r"before 45.*four or more",
        r"HLA-B27",
        r"normal X-ray",
        r"[Rr]ed.*eye",
    ),
    "calm_and_neutral": (
        r"Stay active; no bed rest",
        r"Hands-on treatment .* added to exercise",
        r"Paracetamol alone does little",
        r"No opioid",
        r"long run or race",
        r"Test the direction",
    ),
    "stenosis_flexion": (r"pulses", r"newly.*emergency department", r"surgical opinion"),
    "pelvic_girdle_care": (r"Maternity unit now", r"no anti-inflammatory"),
    "femoral_bone_stress": (r"crutches", r"MRI", r"emergency|displace"),
    "hip_assessment": (r"X-ray of both hips the same day", r"MRI of the hip within days"),
    "zoster_care": (r"72 hours",),
}
"""{pathway: what its first phase must say, advice blocks written out}."""


def words(actions: Actions) -> str:
    """Join actions, whoever they are for, advice blocks written out."""
    blocks = runner().description.advice
    each = spelled_out(actions)
    return "\n".join(a.text if a.advice is None else words(blocks[a.advice].actions) for a in each)


@pytest.mark.parametrize("pathway", FIRST)
def test_the_first_phase_says_what_cannot_wait(pathway: str) -> None:
    said = words(runner().description.pathways[pathway].phases[0].actions)
    for needed in FIRST[pathway]:
        assert re.search(needed, said), needed


def test_the_emergency_page_says_what_its_reason_asks_for() -> None:
    legs = {"saddle_numbness": True, "urine_retention": True}
    ill = {"fever": True, "rigors_or_confusion": True}
    pages = [runner().diagnose({"age": 40, **each}).pathway for each in (legs, ill)]
    tail, infection = ("\n".join(page.phases[0].actions) for page in pages)
    assert re.search(r"cauda equina.*Do not drive", tail)
    assert re.search(r"bladder scan and an MRI", tail)
    assert "infected" not in tail
    assert "cauda equina" not in infection
    for page in (tail, infection):
        assert "If sent home" in page


def test_no_plan_is_worth_more_because_it_tells_the_signs_that_every_plan_tells() -> None:
    """The escape clause stands in each phase, so only who is examined gains by a cauda equina."""
    for name in ("bone_stress", "femoral_bone_stress", "pars_stress", "strain_recovery"):
        assert "cauda_equina" not in runner().description.pathways[name].value


def test_a_response_is_the_source_of_a_direction_and_structure_only_of_what_harms() -> None:
    """Long 2004 sorted people by response, so it says nothing of a structure."""
    for cause in runner().description.causes.values():
        assert not any("Long 2004" in each for harm in cause.harmed_by for each in harm.source)


@pytest.mark.parametrize("picture", ["disc", "facet_joint"])
def test_where_no_cause_stands_out_care_is_neutral(picture: str) -> None:
    """Answers that tell no cause from another are no reason for the plan of one."""
    report = runner().diagnose({"onset": "gradual", "main_pain": "back", "age": 38})
    own = max(
        (p.value[picture].value, name)
        for name, p in runner().description.pathways.items()
        if picture in p.value
    )[1]
    assert report.pathway.id != own
    assert not runner().description.pathways[report.pathway.id].direction


LATER = re.compile(r"(?i)no gain|without gain|still (at|cut)|no better after|unbearable before")


def test_what_to_do_without_gain_stands_in_the_first_phase() -> None:
    """Who gains nothing never reaches a later one."""
    for name, pathway in runner().description.pathways.items():
        for phase in pathway.phases[1:]:
            assert not LATER.search(words(phase.actions)), (name, phase.name)
