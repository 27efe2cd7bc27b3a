"""One case after another in one compiled function: factors, order, both passes, what is read.

The same tape as `problem` and `passes` lay out, for cases whose tables are small, with one lane
and nothing remembered between cases; so a case's bits are its own. What it cannot do (tables too
large, a part of the network below SAFE) it says, and the case goes the numpy way.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import (
    Flags,
    compiled,
    entry,
    inlined,
    outline,
    table_family,
)
from bayesnet.inference.compiled.lanes import load, meet, rise, write
from bayesnet.inference.compiled.layout import ZERO, Flag, Ints, Net, Work, whole
from bayesnet.inference.compiled.noisy import lowest_family, noisy_family
from bayesnet.inference.compiled.order import ordered
from bayesnet.inference.compiled.passes import down as down_pass
from bayesnet.inference.compiled.passes import up as up_pass
from bayesnet.inference.tuning import (
    ROW_BLOCK,
    ROW_CHAINED,
    ROW_TRIES,
    SAFE,
    SIGNED_LOSS,
    SIGNED_REPAYS,
)
from bayesnet.network import Array

UNIT_ROUNDOFF = np.finfo(np.float64).eps
NO, YES = np.bool_(False), np.bool_(True)
ONE_ORDER, MORE_ORDERS = ZERO, whole(ROW_TRIES)


@inlined
def _one(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, wanted: Flags, down: Flag
) -> Any:
    """Both passes of one case; its log probability, nan where it is refused.

    Chains of running maxima, and signed auxiliaries where these make large tables. What is read
    of lanes is put together from conditional chances, which signs may cancel to nothing.
    """
    log_z = _lay_down(net, work, codes, soft, likelihoods, wanted, NO)
    entries, room = ordered(work, ONE_ORDER), len(work.product)
    lanes = _needs_lanes(work)
    block = room if lanes else ROW_BLOCK
    if entries > ROW_CHAINED and not lanes:
        signed = _lay_down(net, work, codes, soft, likelihoods, wanted, YES)
        fewer = ordered(work, MORE_ORDERS)
        if not np.isnan(signed) and SIGNED_REPAYS * fewer < entries and fewer <= room:
            signed += up_pass(work, block)
            if not np.isnan(signed) and UNIT_ROUNDOFF * down_pass(work) <= SIGNED_LOSS:
                return signed
        log_z = _lay_down(net, work, codes, soft, likelihoods, wanted, NO)
    if np.isnan(log_z) or entries > 2 * room or ordered(work, MORE_ORDERS) > room:
        return np.nan
    log_z += up_pass(work, block)
    if down and not np.isnan(log_z):
        down_pass(work)
    return log_z


@compiled
def _needs_lanes(work: Work) -> Any:
    """Whether anything is read of lanes."""
    found = False
    for v in range(len(work.hanging)):
        found = found or work.hanging[v]
    return found


@compiled
def _lay_down(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, wanted: Flags, signed: Flag
) -> Any:
    """Lay down the factors of a case; the log of their constant, nan where there is no room."""
    outline(net, work, codes, soft, wanted)
    row, log_z = work.rows[0], 0.0
    for v in range(len(codes)):
        if not work.relevant[v] or work.absorbed[v]:
            continue
        if not net.noisy[v]:
            constant = table_family(net, work, codes, v)
        elif codes[v] >= 0 and codes[v] == (net.sizes[v] - 1 if net.turned[v] else 0):
            constant = lowest_family(net, work, codes, soft, likelihoods, v, row)
        else:
            constant = noisy_family(net, work, codes, soft, likelihoods, v, row, signed)
        if not constant >= SAFE:
            return np.nan
        log_z += np.log(constant)
        if soft[v] >= 0 and codes[v] >= 0:
            return np.nan
        if soft[v] >= 0:
            for s in range(net.sizes[v]):
                work.weight[work.vertex[v], s] *= likelihoods[soft[v], s]
    return log_z


@inlined
def _read(
    net: Net,
    work: Work,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    read: Ints,
    at: Ints,
    found: Array,
) -> Any:
    """Write the posteriors of variables; False where they have to be found another way."""
    hanging, leaves, count = work.lists[0], work.lists[1], ZERO
    for i in range(len(read)):
        v = read[i]
        if codes[v] >= 0:
            found[at[i] + codes[v]] = 1.0
        elif work.hanging[v]:
            hanging[count], leaves[count] = v, i
            count += 1
        else:
            for s in range(net.sizes[v]):
                found[at[i] + s] = work.marginal[work.vertex[v], s]
    chances, start = work.before[0], ZERO
    while start < count:
        end = load(net, work, codes, soft, likelihoods, hanging[:count], start)
        if end == start or not rise(work):
            return False
        meet(work, chances)
        for place in range(start, end):
            v, i = hanging[place], leaves[place]
            part = found[at[i] : at[i] + net.sizes[v]]
            write(net, work, v, work.lane[place], chances, part)
        start = end
    return True


@entry
def run_rows(
    net: Net,
    work: Work,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    wanted: Flags,
    read: Ints,
    at: Ints,
    found: Array,
    log_z: Array,
) -> None:
    """Posteriors of variables of each case.

    codes, soft: shape (cases, variables); soft: the row of a likelihood, -1 for none. wanted:
    see `factors.outline`. found: posteriors of those in `read`, side by side from at[i] on. log_z:
    nan where a case has to go another way.
    """
    for case in range(len(codes)):
        own, weak = codes[case], soft[case]
        log_z[case] = _one(net, work, own, weak, likelihoods, wanted, len(read) > 0)
        if np.isnan(log_z[case]):
            continue
        if not _read(net, work, own, weak, likelihoods, read, at, found[case]):
            log_z[case] = np.nan
