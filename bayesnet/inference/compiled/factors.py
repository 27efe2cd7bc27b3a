"""The compiled kernel: what matters in a case, and the factors of tables (see `rows`)."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bayesnet.inference.compiled.layout import ENTRIES, FACTORS, VERTICES, ZERO, Ints, Net, Work
from bayesnet.inference.tuning import ROW_CLIQUE
from bayesnet.network import Array

Flags = NDArray[np.bool_]


def _has_a_cache() -> bool:
    """Tell whether numba finds a folder to keep compiled functions in; it refuses to go without."""
    try:
        njit(cache=True)(lambda: None)
    except RuntimeError:
        return False
    return True


# Nothing makes room for itself, so that no references are counted: it would take longer than a
# loop over lanes, and most of the time to compile. Nor does Python call what is not an entry.
_UNCOUNTED: dict[str, Any] = {"cache": _has_a_cache(), "nogil": True, "_nrt": False}
_INNER = {**_UNCOUNTED, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
Function = TypeVar("Function", bound=Callable[..., Any])


def entry(function: Function) -> Function:
    """Compile what Python calls."""
    return cast(Function, njit(**_UNCOUNTED)(function))


def compiled(function: Function) -> Function:
    """Compile what only compiled functions call."""
    return cast(Function, njit(**_INNER)(function))


def inlined(function: Function) -> Function:
    """Compile as a part of each caller.

    For what takes no longer than to be called; and for what has one caller, which would else be
    compiled both by itself and, as all that a function calls is, with its caller.
    """
    return cast(Function, njit(inline="always", **_INNER)(function))


@compiled
def copy(to: Any, source: Any) -> None:
    """Fill in one array from another. To assign a slice would make room for a copy first."""
    for at in range(len(to)):
        to[at] = source[at]


@compiled
def outline(net: Net, work: Work, codes: Ints, soft: Ints, wanted: Flags) -> None:
    """Mark what matters, and the roots that are summed out with their only child.

    wanted: of each variable, whether it is asked for.
    """
    relevant, absorbed, needed = work.relevant, work.absorbed, work.needed
    _need(net, work, codes, soft, wanted)
    for v in range(len(codes)):
        relevant[v] = codes[v] >= 0 or soft[v] >= 0 or needed[v]
        absorbed[v] = False
    for at in range(len(net.order) - 1, -1, -1):
        v = net.order[at]
        if relevant[v]:
            for p in range(net.parents_at[v], net.parents_at[v + 1]):
                relevant[net.parent[p]] = True
    for v in range(len(codes)):
        if not relevant[v] or codes[v] >= 0 or needed[v]:
            continue
        if net.parents_at[v + 1] > net.parents_at[v]:
            continue
        children, last = 0, 0
        for c in range(net.children_at[v], net.children_at[v + 1]):
            if relevant[net.child[c]]:
                children += 1
                last = net.child[c]
        absorbed[v] = children == 1 and net.noisy[last]
    count = 0
    for v in range(len(codes)):
        work.vertex[v] = -1
        if relevant[v] and codes[v] < 0 and not absorbed[v]:
            work.vertex[v] = count
            work.size[count] = net.sizes[v]
            work.weight[count, : net.sizes[v]] = 1.0
            count += 1
    work.used[FACTORS] = 0
    work.used[ENTRIES] = 0
    work.used[VERTICES] = count


@inlined
def _need(net: Net, work: Work, codes: Ints, soft: Ints, wanted: Flags) -> None:
    """Mark the variables that have to be vertices, and the leaves read from their parents."""
    work.needed[:] = False
    for v in range(len(codes)):
        work.hanging[v] = wanted[v] and net.leaf[v] and codes[v] < 0 and soft[v] < 0
        if work.hanging[v]:
            for at in range(net.parents_at[v], net.parents_at[v + 1]):
                work.needed[net.parent[at]] = True
        elif wanted[v]:
            work.needed[v] = True


@compiled
def add_factor(work: Work, scope: Ints, length: int) -> Any:
    """Room for a factor; its number, or -1 where there is none left."""
    number = work.used[FACTORS]
    entries = 1
    if length > ROW_CLIQUE:
        return -1
    for at in range(length):
        work.scope[number, at] = scope[at]
        entries *= work.size[scope[at]]
        if work.used[ENTRIES] + entries > len(work.table):
            return -1
    work.length[number] = length
    work.start[number] = work.used[ENTRIES]
    work.sender[number] = -1
    work.used[ENTRIES] += entries
    work.used[FACTORS] += 1
    return number


@compiled
def _root_weight(net: Net, codes: Ints, soft: Ints, likelihoods: Array, v: int, s: int) -> Any:
    """P(root in a state), as listed, times its likelihood."""
    at = net.sizes[v] - 1 - s if net.noisy[v] and net.turned[v] else s
    weight = net.values[net.values_at[v] + at]
    return weight * likelihoods[soft[v], s] if soft[v] >= 0 else weight


@compiled
def table_family(net: Net, work: Work, codes: Ints, v: int) -> Any:
    """Add a table family's factor, less what is observed. Returns a constant, -1: no room."""
    scope, strides = work.digits[0], work.digits[1]
    base, stride, length = net.values_at[v], 1, ZERO
    first, last = net.parents_at[v], net.parents_at[v + 1]
    for back in range(last - first + 1):
        each = v if back == 0 else net.parent[last - back]
        if codes[each] >= 0:
            base += stride * codes[each]
        else:
            if length > ROW_CLIQUE - 1:
                return -1.0
            scope[length] = work.vertex[each]
            strides[length] = stride
            length += 1
        stride *= net.sizes[each]
    if length == 0:
        return net.values[base]
    if length == 1:
        for s in range(work.size[scope[0]]):
            work.weight[scope[0], s] *= net.values[base + s * strides[0]]
        return 1.0
    number = add_factor(work, scope, length)
    if number < 0:
        return -1.0
    _cut(net, work, number, base, strides, length)
    return 1.0


@inlined
def _cut(net: Net, work: Work, number: int, base: int, strides: Ints, length: int) -> None:
    """Copy the entries of a factor from the values, the last vertex fastest."""
    digit = work.digits[2]
    digit[:length] = 0
    at, source = work.start[number], base
    while True:
        work.table[at] = net.values[source]
        at += 1
        place = length - 1
        while place >= 0:
            digit[place] += 1
            source += strides[place]
            if digit[place] < work.size[work.scope[number, place]]:
                break
            source -= digit[place] * strides[place]
            digit[place] = 0
            place -= 1
        if place < 0:
            return


@compiled
def row_of(
    net: Net,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    link: int,
    p: int,
    states: int,
    row: Array,
) -> None:
    """Fill in the row of an observed or absorbed parent's link, (states,), lowest state first."""
    if codes[p] >= 0:
        for t in range(states):
            row[t] = net.values[link + codes[p] * states + t]
        return
    row[:states] = 0.0
    for s in range(net.sizes[p]):
        weight = _root_weight(net, codes, soft, likelihoods, p, s)
        for t in range(states):
            row[t] += weight * net.values[link + s * states + t]
