"""How evidence is answered, exactly: one way to compute, from the ground up.

- `structure`: the network by index, a noisy-MAX with its lowest state first. `cases`: what is
  known of one person, by index.
- `noisy_sources`, `family_factors`, `factors`: a case becomes factors, tables over free variables.
  What is observed is sliced away; what tells nothing is left out; a noisy-MAX is a weight for each
  parent, a table, a chain of running maxima, or a signed auxiliary where that is much smaller and
  loses no digits; a root that nobody asks for is summed into its only child.
- `elimination_order`, `tape`, `tape_layout`: an order in which the variables are summed out, and
  with it the tape: a list of steps, each the product of two tables, mostly summed over one
  variable.
  `problem` makes factors and tape of a case, refuses what is too wide before it allocates, and
  remembers plans (a memo: a plan is a function of the factors' scopes alone).
- `rings`, `passes`: the tape run forward, and generically in reverse: every table's adjoint is the
  product of all others. In plain numbers where each part of the network is more probable than
  SAFE; else once more on logarithms, where nothing underflows and zero is zero; with maxima for
  most probable states. Variants of a case are lanes, a column each.
- `beliefs`, `sums`: posteriors of what stands together in a step, and from these joints of any
  variables. `posteriors`: marginals and joints of a case, also of leaves outside the tape.
- `impossible_evidence`: which evidence cannot hold together. `sketch`: what will be computed and
  what it costs. `tuning`: every constant, with what was measured.
- `compiled`: for the compiled and the numba executor the same passes over a whole tape in one
  compiled function, to the last bit; for numba also whole cases, factors and order included, in
  one compiled function, which refuses what it cannot do, and the case goes the way above.

What holds throughout: the path depends on the network, the case and what is asked, so the same
evidence gives the same bits first, again, alone, in a table and in any thread, per executor; numpy
and compiled passes give the same ones. Sums are made in an order that shapes fix (see `rings`).
"""
