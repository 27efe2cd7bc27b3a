"""Judge whether the answers fit the model, by two criteria that are kept apart.

Conflict: the findings are many times less likely under every cause, and under none of them, than
their own frequencies make them (`bayesnet.analysis.conflict`). Pointing elsewhere: a finding is
present that the model marks as a sign of something it does not hold; under every cause such a
finding is as rare as by itself, so that no conflict can show it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.conflict import Conflict, Hypothesis, conflict, least_conflicts
from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study, known_before
from bayesnet.diagnosis.answers.intake import Intake
from bayesnet.diagnosis.answers.reading import is_yes
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.report.fit_records import Clash, Fit, Pointer
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.lookup.expected_value import OneOrMany
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Observed

CLASHING = 5
"""How many findings are named as those that clash most: what fits into one sentence."""
LEAST_CLASH = 1.0
"""Decibans under which a finding is not named: it is less than 1.26 times as likely by itself."""
MOST = 300.0
"""Decibans at which a ratio is cut, at 1e30: a report's numbers have to be finite."""
EXAMINE = "Have it examined before acting on the causes named here."


def judge_fit(
    description: ModelDescription,
    network: Network,
    study: Study,
    intake: Intake,
    probabilities: Mapping[str, float],
) -> Fit:
    """Judge both criteria for one case, whose evidence must be possible.

    probabilities: the posterior of each cause, and of none of them.
    """
    names = [name for name in intake.evidence if name in description.findings]
    findings = [network.position(name) for name in names]
    hypotheses = _hypotheses(description, network, probabilities)
    events = [{v: np.eye(2)[state] for v, state in named.items()} for named, _ in hypotheses]
    known = study.case.without(findings)
    every = [network.position(name) for name in description.findings]
    unfound = known_before(study.planner, known, every, study.targets, events)
    before = unfound.of(findings)
    after = [probability for _, probability in hypotheses]
    found = conflict(study.case, before, findings, after, study.log_z)
    decibans = _decibans(found)
    times, limit = 10.0 ** (decibans / 10.0), description.model.conflict_from.value
    clashes: tuple[Clash, ...] = ()
    if conflicting := bool(names) and times >= limit:
        others = study.log_z - np.array([study.without[v].log_z for v in findings])
        clashes = _clashes(description, intake, names, found.own - others)
    pointers = tuple(_pointers(description, intake))
    return Fit(
        decibans=decibans,
        times_less_likely=times,
        threshold=limit,
        conflict=conflicting,
        findings=clashes,
        points_elsewhere=pointers,
        flagged=conflicting or bool(pointers),
        message=" ".join(_sentences(times if conflicting else None, clashes, pointers)),
    )


def conflicting(
    description: ModelDescription,
    inference: Inference,
    observed: Observed,
    probabilities: Mapping[str, Array],
    log_evidence: Array,
) -> NDArray[np.bool_]:
    """Tell whether the findings of each of many cases conflict, shape (cases,).

    probabilities: {cause, or `no_identified_cause`: posterior, shape (cases,)}; log_evidence:
    natural log of the probability of each case's evidence, shape (cases,). Not worked out, and
    False, for a model none of whose triage rules asks for it.
    """
    rules = description.triage.rules.values() if description.triage else ()
    asking = [each for rule in rules for each in (rule.when, rule.unless) if each is not None]
    if not any(map(_asks_for_conflict, asking)):
        return np.zeros(observed.cases, dtype=np.bool_)
    findings = [inference.network.position(name) for name in description.findings]
    hypotheses = _hypotheses(description, inference.network, probabilities)
    cases = cases_of(observed)
    least = least_conflicts(inference.posteriors, cases, findings, hypotheses, log_evidence)
    conflicts = least >= math.log(description.model.conflict_from.value)
    return np.asarray(conflicts & _has_any(observed, findings))


def _has_any(observed: Observed, variables: Sequence[int]) -> NDArray[np.bool_]:
    """Tell whether anything is known of some of the variables in each case, shape (cases,)."""
    found = (observed.codes[list(variables)] != MISSING).any(axis=0)
    for variable in set(variables) & observed.likelihoods.keys():
        found = found | (observed.likelihoods[variable] != 1.0).any(axis=1)
    return np.asarray(found)


def _asks_for_conflict(condition: Condition) -> bool:
    parts = (*condition.any, *condition.all, *condition.of)
    return condition.conflict or any(_asks_for_conflict(part) for part in parts)


def _hypotheses(
    description: ModelDescription, network: Network, probabilities: Mapping[str, OneOrMany]
) -> list[tuple[Hypothesis, OneOrMany]]:
    """List the hypotheses that conflict is measured under, each with its probability.

    They are: each cause present, the others as they come; and no cause present.
    """
    places = {cause: network.position(cause) for cause in description.causes}
    found: list[tuple[Hypothesis, OneOrMany]] = []
    found += [({place: 1}, probabilities[cause]) for cause, place in places.items()]
    found.append((dict.fromkeys(places.values(), 0), probabilities[NONE]))
    return found


def _decibans(found: Conflict) -> float:
    """Convert the least conflict over the hypotheses from natural logarithms to decibans."""
    return float(np.clip(10.0 * found.least / math.log(10.0), -MOST, MOST))


def _clashes(
    description: ModelDescription, intake: Intake, names: Sequence[str], nats: Array
) -> tuple[Clash, ...]:
    """List the findings that are less likely beside the others than by themselves, most first."""
    said = {item.id: item.label for item in intake.items}
    sizes = np.clip(10.0 * nats / math.log(10.0), -MOST, MOST).tolist()
    ranked = sorted(zip(sizes, names, strict=True), key=lambda each: (-each[0], each[1]))
    return tuple(
        Clash(name, said.get(name, description.findings[name].label), size)
        for size, name in ranked[:CLASHING]
        if size >= LEAST_CLASH
    )


def _pointers(description: ModelDescription, intake: Intake) -> Iterator[Pointer]:
    for name, value in intake.given.items():
        finding = description.findings.get(name)
        if finding is not None and finding.points_to and is_yes(value):
            yield Pointer(name, finding.label, finding.points_to)


def _sentences(
    times: float | None, clashes: Sequence[Clash], pointers: Sequence[Pointer]
) -> Iterator[str]:
    """Yield what a person should know; nothing when all fits. times: None if nothing conflicts."""
    if times is not None:
        yield (
            f"Together these findings are {times:.2g} times less likely under every cause that "
            "this model knows, and under none of them, than their own frequencies make them. "
            "The cause may be one that the model does not know, or an answer may be mistaken."
        )
        if clashes:
            yield f"Most at odds with the rest: {'; '.join(each.label for each in clashes)}."
    for each in pointers:
        yield f"{each.label} may point to {each.points_to}, which this model does not hold."
    if times is not None or pointers:
        yield EXAMINE
