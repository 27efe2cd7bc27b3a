"""The triage of the shipped model: what each rule is there for, and whom it spares."""

from itertools import combinations

import pytest
from support.models import runner

from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.model.format.pathways import levels_of

CAUDA_EQUINA = ("bladder_change", "bowel_change", "sexual_dysfunction")
DENIED = dict.fromkeys(
    ("saddle_numbness", *CAUDA_EQUINA, "progressive_weakness", "cancer_history", "fever"), False
)
CANAL = {
    "age": 66,
    "duration": "over_12_weeks",
    "both_legs": True,
    "walking": True,
    "referral": "below_knee",
    "eased_by_bending_forward": True,
    "leg_weakness": False,
}

AT_LEAST = {
    "numb between the legs": ("emergency", "cauda_equina_signs", {"saddle_numbness": True}),
    "cannot pass urine": ("emergency", "cauda_equina_signs", {"urine_retention": True}),
    "bladder and bowel": (
        "emergency",
        "cauda_equina_signs",
        {"bladder_change": True, "bowel_change": True, "cauda_equina_new": False},
    ),
    "bladder and a numb leg": (
        "emergency",
        "cauda_equina_signs",
        {"bladder_change": True, "leg_numbness": True},
    ),
    "a leg that grows weaker": ("emergency", "growing_weakness", {"progressive_weakness": True}),
    "both legs weak": ("emergency", "both_legs", {"both_legs": True, "leg_weakness": True}),
    "both legs tingle and it is new": (
        "emergency",
        "both_legs",
        {"both_legs": True, "pins_and_needles": True, "duration": "under_2_weeks"},
    ),
    "a canal with weak legs": ("emergency", "both_legs", {**CANAL, "leg_weakness": True}),
    "fever with a weak defence": (
        "emergency",
        "fever_with_danger",
        {"fever": True, "immunosuppression": True},
    ),
    "fever": ("urgent", "fever", {"fever": True}),
    "ill with a risk": ("urgent", "fever", {"systemically_unwell": True, "recent_infection": True}),
    "rash": ("urgent", "rash_over_the_pain", {"rash_on_trunk": True}),
    "cancer and a numb leg": (
        "emergency",
        "cancer_with_nerve_signs",
        {"cancer_history": True, "leg_numbness": True},
    ),
    "cancer and pain at night": (
        "urgent",
        "cancer_and_pain_of_metastasis",
        {"cancer_history": True, "night_pain": True},
    ),
    "a beating belly": ("emergency", "pulsating_abdomen", {"pulsating_abdomen": True}),
    "a known aneurysm": ("emergency", "pulsating_abdomen", {"known_aneurysm": True, "age": 40}),
    "sudden pain of back and belly at 70": (
        "emergency",
        "sudden_belly_and_back_pain_later_in_life",
        {"age": 70, "onset": "sudden_moment", "abdominal_pain": True},
    ),
    "a fall on weak bone": (
        "emergency",
        "trauma_with_fracture_signs",
        {"significant_trauma": True, "osteoporosis": True},
    ),
    "a crash": ("emergency", "trauma_with_fracture_signs", {"high_energy_trauma": True}),
    "a fall": ("soon", "trauma", {"significant_trauma": True, "age": 30}),
    "colic with fever": (
        "emergency",
        "urinary_infection_signs",
        {"loin_to_groin_colic": True, "fever": True},
    ),
    "colic": ("urgent", "renal_colic", {"loin_to_groin_colic": True}),
    "chest pain": ("emergency", "not_the_spine", {"chest_pain": True}),
    "dark urine after extreme effort": (
        "emergency",
        "not_the_spine",
        {"extreme_effort": True, "dark_urine": True},
    ),
    "pregnant and bleeding": ("emergency", "not_the_spine", {"pregnancy_danger": True}),
    "a cold foot": ("emergency", "cold_foot", {"cold_foot": True}),
    "a foot that drops": ("urgent", "new_weakness", {"foot_drop": True}),
    "a weak leg": ("soon", "leg_weakness", {"leg_weakness": True}),
    "a weak and numb leg": (
        "urgent",
        "weakness_that_may_grow",
        {"leg_weakness": True, "leg_numbness": True, "duration": "over_12_weeks"},
    ),
    "sudden pain at a sore spot of weak bone": (
        "urgent",
        "sudden_pain_in_weak_bone",
        {"osteoporosis": True, "onset": "sudden_moment", "vertebral_tenderness": True},
    ),
    "groin pain that cannot bear weight": (
        "emergency",
        "cannot_stand_on_it",
        {"weight_bearing": "cannot_stand", "groin_pain": True},
    ),
    "groin pain on impact after a rise in training": (
        "urgent",
        "bone_that_may_give_way",
        {"running_impact": True, "walking": True, "groin_pain": True, "training_spike": True},
    ),
    "a limping child": (
        "urgent",
        "bone_that_may_give_way",
        {"age": 13, "main_pain": "hip", "walking": True},
    ),
    "sudden pain in weak bone": (
        "urgent",
        "sudden_pain_in_weak_bone",
        {"osteoporosis": True, "onset": "sudden_moment", "nearly_every_motion": True},
    ),
    "a teenager in pain day and night": (
        "urgent",
        "grave_signs_in_the_young",
        {"age": 15, "night_pain": True, "constant_pain": True},
    ),
    "pain into the leg": (
        "routine",
        "pain_into_the_leg",
        {"age": 42, "main_pain": "buttock", "leg_pain": True},
    ),
}
BELOW = {
    "classic sciatica, cauda equina not asked": (
        "urgent",
        {"age": 42, "referral": "foot", "pins_and_needles": True, "leg_numbness": True},
    ),
    "the same, denied": (
        "soon",
        {"age": 42, "referral": "foot", "leg_numbness": True, "leg_weakness": False, **DENIED},
    ),
    "an old narrowed canal": ("emergency", CANAL),
    "slow midline pain at 55": (
        "urgent",
        {
            "age": 55,
            "sex": "male",
            "onset": "gradual",
            "midline_pain": True,
            "duration": "over_12_weeks",
        },
    ),
    "a fresh strain that hurts day and night": (
        "urgent",
        {
            "age": 38,
            "onset": "sudden_moment",
            "duration": "under_2_weeks",
            "night_pain": True,
            "weight_loss": False,
            "systemically_unwell": False,
            **DENIED,
        },
    ),
    "a beating belly in the young": (
        "emergency",
        {
            "age": 24,
            "pulsating_abdomen": True,
            "abdominal_pain": False,
            "unrelated_to_movement": False,
            "known_aneurysm": False,
            "fainting": False,
        },
    ),
}


@pytest.mark.parametrize("who", AT_LEAST)
def test_no_less_urgent_and_by_the_rule_that_is_there_for_it(who):
    level, rule, person = AT_LEAST[who]
    triage = runner().diagnose(person).triage
    assert rank(triage.level) >= rank(level)
    assert (rule, level) in {(each.rule, each.level) for each in triage.reasons}


@pytest.mark.parametrize("who", BELOW)
def test_less_urgent(who):
    level, person = BELOW[who]
    assert rank(runner().diagnose(person).triage.level) < rank(level)


@pytest.mark.parametrize("item", CAUDA_EQUINA)
def test_one_cauda_equina_item_is_an_emergency_until_it_is_known_to_be_old(item):
    waiting = runner().diagnose({item: True})
    assert (waiting.triage.level, waiting.triage.provisional) == ("emergency", True)
    assert [each.id for each in waiting.triage.ask_first] == ["cauda_equina_new"]
    assert waiting.next_question.id == "cauda_equina_new"
    for answer in (True, None):
        sure = runner().diagnose({item: True, "cauda_equina_new": answer})
        assert (sure.triage.level, sure.triage.provisional) == ("emergency", False)
        assert sure.next_question is None
    old = runner().diagnose({item: True, "cauda_equina_new": False}).triage
    assert "soon" in {each.level for each in old.reasons if each.rule == "cauda_equina_single_sign"}


def test_weakness_that_is_known_to_stay_is_seen_within_two_weeks():
    weak = {"leg_weakness": True, "leg_numbness": True}
    waiting = runner().diagnose(weak).triage
    assert (waiting.level, waiting.provisional) == ("urgent", True)
    assert "progressive_weakness" in {each.id for each in waiting.ask_first}
    stays = runner().diagnose({**weak, "progressive_weakness": False}).triage
    told = {each.rule: each.level for each in stays.reasons}
    assert told["weakness_that_may_grow"] == "soon"


@pytest.mark.parametrize(
    ("rule", "person"),
    [
        ("sudden_pain_in_weak_bone", {"osteoporosis": True, "vertebral_tenderness": True}),
        ("grave_signs_in_the_young", {"age": 17, "weight_loss": True}),
    ],
)
def test_a_weak_sign_alone_acts_through_the_probabilities(rule, person):
    reasons = runner().diagnose(person).triage.reasons
    assert rule not in {each.rule for each in reasons}


def test_the_canal_is_spared_only_with_every_answer_of_the_picture():
    for name in ("age", "eased_by_bending_forward", "leg_weakness", "walking"):
        person = {key: value for key, value in CANAL.items() if key != name}
        person["getting_worse"] = True
        assert runner().diagnose(person).triage.level == "emergency", name


def test_each_serious_cause_has_thresholds_over_its_prevalence_and_a_screen_all_can_answer():
    described, scale = runner().description, runner().policy.scale
    for name, cause in described.causes.items():
        if cause.serious:
            assert name in described.triage.thresholds
            assert scale.steps[name][0].value > cause.prevalence.value
    values = [scale.steps[name][0].value for name in ("cauda_equina", "malignancy")]
    assert values == sorted(values)
    assert scale.steps["malignancy"][0].value < scale.steps["sacral_stress_fracture"][0].value


@pytest.mark.parametrize(
    ("who", "scope", "least", "tag"),
    [
        ({"age": 9}, "under_16", "routine", "manipulation"),
        ({"pregnant": True}, "pregnancy", "routine", "nsaid"),
        ({"high_energy_trauma": True}, "major_trauma", "soon", "running"),
    ],
)
def test_people_for_whom_it_is_not_made_get_words_of_their_own(who, scope, least, tag):
    triage = runner().diagnose(who).triage
    assert scope in {each.id for each in triage.scope}
    assert rank(triage.level) >= rank(least)
    assert tag in triage.forbids


ALWAYS = ("saddle_numbness", "progressive_weakness", "chest_pain", "known_aneurysm")


def test_single_flags_and_pairs_never_contradict_the_pathway():
    """One table: the level allows the pathway, and an emergency sign stays one in company."""
    known = runner().known
    flags = [
        name
        for name, each in known.items()
        if each.is_yes_no and not each.derived_from and each.asked.asked_of == "self"
    ]
    # Every tenth alone, since asking what comes next takes longest; an emergency asks nothing.
    people = [{name: True} for name in flags[::10]]
    people += [{one: True, other: True} for one, other in combinations(ALWAYS, 2)]
    people += [{one: True, other: True} for one in ALWAYS for other in flags[::4] if one != other]
    people = [{name: person.get(name, "") for name in flags} for person in people]
    result = runner().diagnose_many(people)
    pathways = runner().description.pathways
    for person, level, pathway, error in zip(
        people, result["triage"], result["pathway"], result["error"], strict=True
    ):
        said = [name for name, value in person.items() if value is True]
        if error:
            continue
        assert level in levels_of(pathways[pathway]), said
        if any(name in ALWAYS for name in said):
            assert level == "emergency", said


def test_what_raised_the_level_falls_with_the_answers_that_are_named():
    for person in (AT_LEAST["colic"][2], BELOW["classic sciatica, cauda equina not asked"][1]):
        for reason in runner().diagnose(person).triage.reasons:
            changed = {**person, **{each.id: each.value for each in reason.would_fall_if}}
            again = runner().diagnose(changed).triage.reasons
            left = {each.rule: each.level for each in again}
            assert rank(left.get(reason.rule, "self_care")) < rank(reason.level), reason


def test_small_doubts_that_only_add_up_wait_for_the_questions_that_could_clear_them() -> None:
    """Later in life each serious cause is a little more common, and nobody asked about any yet."""
    who = {"age": 78, "sex": "female", "onset": "gradual", "duration": "over_12_weeks"}
    told = {**who, "both_legs": True, "walking": True, "getting_worse": True}
    found = runner().diagnose_many([told], fields=["triage"])
    assert found["triage"][0] in ("routine", "soon")


def test_an_open_level_names_a_few_questions_and_the_most_telling_first():
    """Months of growing pain down the leg: nearly every screen could take something away."""
    person = {
        "age": 78,
        "sex": "male",
        "onset": "gradual",
        "duration": "over_12_weeks",
        "getting_worse": True,
        "referral": "below_knee",
        "burning_leg_pain": True,
    }
    triage = runner().diagnose(person).triage
    assert triage.provisional
    named = [each.id for each in triage.ask_first]
    assert 0 < len(named) <= 5
    assert not set(named) & set(person)
    screens = {name for each in runner().policy.scale.screens.values() for name in each}
    assert set(named) <= screens
