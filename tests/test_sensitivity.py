"""`--sensitivity`: the numbers that move a cause most, and exactly what they make of it."""

import math
from functools import cache

import pytest
from cli_support import answer, refused, run
from msgspec import structs

import bayesnet
from bayesnet.description.building import build_network
from bayesnet.description.number_change import number_at, with_number
from bayesnet.description.number_words import number_words
from bayesnet.description.numbers import RiskRow
from bayesnet.description.parameters import solve
from bayesnet.description.slopes import uncertainty_of
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.sensitivity import Sensitivity
from bayesnet.errors import UnknownNameError

SEEN = {"leaning_back": True, "downhill_running": True, "referral": "buttock", "age": 42}


@cache
def model() -> DiagnosticModel:
    return bayesnet.load_model("lbp-runner")


@cache
def found() -> Sensitivity:
    return model().sensitivity(SEEN, "facet_joint")


@cache
def found_many() -> Sensitivity:
    return model().sensitivity(SEEN, "facet_joint", most=40)


def test_it_speaks_of_the_answer_that_diagnose_gives() -> None:
    cause = next(c for c in model().diagnose(SEEN).causes if c.id == "facet_joint")
    assert found().probability == pytest.approx(cause.probability, abs=1e-12)
    assert found().interval == pytest.approx(cause.interval)


def test_the_strongest_come_first_and_their_shares_are_of_one_whole() -> None:
    shares = [each.share for each in found().numbers]
    assert shares == sorted(shares, reverse=True)
    assert 0.5 < sum(shares) <= 1.0
    every = found_many()
    assert every.uncertain > len(every.numbers) == 40
    assert 0.98 < sum(each.share for each in every.numbers) <= 1.0 + 1e-9


def test_both_ends_are_what_the_changed_model_says() -> None:
    """Every kind of number: solved anew as a whole, and asked by another engine."""
    every = found_many().numbers
    kinds = {(each.path[0], each.path[2]): each for each in reversed(every)}
    assert {"causes", "findings", "risk_factors"} <= {section for section, _ in kinds}
    evidence = {**SEEN, "leaning_back": "yes", "downhill_running": "yes", "age": "35_to_44"}
    for each in kinds.values():
        for end in (each.low, each.high):
            number = number_at(model().description, each.path)
            if isinstance(end.value, dict):
                moved = structs.replace(number, values=end.value)
            elif not isinstance(number, RiskRow):
                moved = structs.replace(number, value=end.value)
            else:
                moved = structs.replace(number, relative_risk=end.value)
            nodes, problems = solve(with_number(model().description, each.path, moved))
            assert not [p for p in problems if p.path[0] == "causes"]
            again = build_network(nodes).compile().marginals(evidence, ["facet_joint"])
            assert end.probability == pytest.approx(again["facet_joint"][1], abs=1e-9), each.path


def test_the_ends_of_a_distribution_lower_and_raise_the_probability_as_far_as_its_spread() -> None:
    """In log-odds its ends lie as far apart as its share of the whole variance says."""
    several = [each for each in found().numbers if isinstance(each.value, dict)]
    assert len(several) >= 2
    low, high = map(_log_odds, found().interval)
    for each in several:
        assert each.low.probability < found().probability < each.high.probability
        apart = _log_odds(each.high.probability) - _log_odds(each.low.probability)
        assert apart == pytest.approx((high - low) * each.share**0.5, rel=0.1), each.path
        assert all(sum(end.value.values()) == pytest.approx(1) for end in (each.low, each.high))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_ends_are_those_of_the_interval_where_nothing_stands_in_the_way() -> None:
    prevalence = next(
        each for each in found().numbers if each.path == ("causes", "facet_joint", "prevalence")
    )
    given = model().description.causes["facet_joint"].prevalence
    assert (prevalence.low.value, prevalence.high.value) == given.interval
    assert prevalence.low.probability < found().probability < prevalence.high.probability


def test_what_leaves_no_room_has_no_probability() -> None:
    """Relative risks that explain more of a cause than there is of it: said, not guessed."""
    description = model().description
    path = ("causes", "spinal_infection", "risk_factors", 0)
    row = structs.replace(number_at(description, path), interval=(1.0, 5000.0))
    wide = with_number(description, path, row)
    nodes, _ = solve(wide)
    compiled = structs.replace(
        model().compiled, description=wide, uncertainty=uncertainty_of(wide, nodes)
    )
    every = DiagnosticModel(compiled).sensitivity({}, "spinal_infection", most=3)
    assert [each.path for each in every.numbers] == [("causes", "spinal_infection", "prevalence")]
    seen = DiagnosticModel(compiled).sensitivity({"recent_infection": True}, "spinal_infection")
    effect = next(each for each in seen.numbers if each.path == path)
    assert effect.low.probability is not None
    assert effect.high.probability is None


def test_words_say_what_is_counted_among_whom() -> None:
    said = {
        path: number_words(model().description, path)
        for path in model().compiled.uncertainty.numbers
    }
    assert said[("causes", "disc", "prevalence")] == (
        "how many people in this setting have 'Disc pain'"
    )
    assert said[("findings", "coughing", "background")] == (
        "how many people with none of the causes have 'Pain on coughing or sneezing'"
    )
    assert said[("findings", "coughing", "causes", "disc")] == (
        "how many people with 'Disc pain' and no other cause have 'Pain on coughing or sneezing'"
    )
    assert said[("causes", "facet_joint", "risk_factors", 0)] == (
        "how many times more common 'Facet joint pain' is with 'Age' under 20"
    )
    assert len(set(said.values())) == len(said)


def test_an_unknown_cause_is_met_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'facet_joint'"):
        model().sensitivity({}, "facet_joints")


FLAGS = ["--leaning-back", "--downhill-running", "--referral", "buttock", "--age", "42"]


def test_the_page_draws_each_number_between_its_ends() -> None:
    out = run(*FLAGS, "--sensitivity").stdout
    page = out[out.index("What moves Facet joint pain most") :]
    assert "How many people in this setting have 'Facet joint pain': 10 %" in page
    assert "at 5 %" in page
    assert "at 18 %" in page
    assert "not an answer that was given" in " ".join(page.split())
    assert page.rstrip().endswith("does not replace an examination.")
    assert "What moves" not in run(*FLAGS).stdout


def test_one_cause_may_be_named_and_json_holds_the_same() -> None:
    named = answer(*FLAGS, "--sensitivity", "disc")
    assert [each["cause"] for each in named["sensitivity"]] == ["disc"]
    assert "sensitivity" not in answer(*FLAGS)
    assert "did you mean 'disc'" in refused(*FLAGS, "--sensitivity", "discs")
