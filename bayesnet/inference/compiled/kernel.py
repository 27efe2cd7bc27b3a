"""One case after another in one compiled function: factors, order, both passes.

The same tape as `problem` and `passes` lay out, for cases whose tables are small, with one lane
and nothing remembered between cases; so a case's bits are its own. What it cannot do (tables too
large, a part of the network below SAFE) it says, and the case goes the numpy way.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import Flags, compiled, outline, table_family
from bayesnet.inference.compiled.layout import FACTORS, Ints, Net, Work
from bayesnet.inference.compiled.leaves import read_leaf
from bayesnet.inference.compiled.noisy import lowest_family, noisy_family
from bayesnet.inference.compiled.order import REFUSED, ordered
from bayesnet.inference.compiled.passes import down as down_pass
from bayesnet.inference.compiled.passes import up as up_pass
from bayesnet.inference.tuning import SAFE
from bayesnet.network import Array


@compiled
def _one(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, wanted: Flags, down: bool
) -> Any:
    """Both passes of one case; its log probability, nan where it is refused."""
    outline(net, work, codes, soft, wanted)
    row = np.empty(work.weight.shape[1])
    log_z = 0.0
    for v in range(len(codes)):
        if not work.relevant[v] or work.absorbed[v]:
            continue
        if not net.noisy[v]:
            constant = table_family(net, work, codes, v)
        elif codes[v] >= 0 and codes[v] == (net.sizes[v] - 1 if net.turned[v] else 0):
            constant = lowest_family(net, work, codes, soft, likelihoods, v, row)
        else:
            constant = noisy_family(net, work, codes, soft, likelihoods, v, row)
        if not constant >= SAFE:
            return np.nan
        log_z += np.log(constant)
        if soft[v] >= 0 and codes[v] >= 0:
            return np.nan
        if soft[v] >= 0:
            for s in range(net.sizes[v]):
                work.weight[work.vertex[v], s] *= likelihoods[soft[v], s]
    factors = work.used[FACTORS]
    if ordered(work) == REFUSED:
        return np.nan
    up = up_pass(work)
    if down and not np.isnan(up):
        down_pass(work, factors)
    return log_z + up


@compiled
def _read(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, v: int, found: Array
) -> Any:
    """Write the posterior of a variable; False where it has to be found another way."""
    if codes[v] >= 0:
        found[codes[v]] = 1.0
        return True
    if work.hanging[v]:
        return read_leaf(net, work, codes, soft, likelihoods, v, found)
    total = 0.0
    for s in range(net.sizes[v]):
        total += work.marginal[work.vertex[v], s]
    for s in range(net.sizes[v]):
        found[s] = work.marginal[work.vertex[v], s] / total
    return True


@compiled
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
    """Posteriors of the variables in `read` for each case, side by side from at[i] on.

    codes, soft: shape (cases, variables); soft: the row of a likelihood, -1 for none. wanted:
    whether each variable has to be a vertex. log_z: nan where a case has to go another way.
    """
    for case in range(len(codes)):
        log_z[case] = _one(net, work, codes[case], soft[case], likelihoods, wanted, len(read) > 0)
        if np.isnan(log_z[case]):
            continue
        for i in range(len(read)):
            part = found[case, at[i] : at[i] + net.sizes[read[i]]]
            if not _read(net, work, codes[case], soft[case], likelihoods, read[i], part):
                log_z[case] = np.nan
                break
