"""Exact inference on discrete networks: one way to compute every answer.

How an answer comes about, from the ground up (each floor uses those above it in this list):

- `structure`: the network by index, a noisy-MAX with its lowest state first. `cases`: what is
  known of one person, by index.
- `noisy`, `factors`: a case becomes factors, tables over free variables. What is observed is
  sliced away; what tells nothing is left out; a noisy-MAX is a weight for each parent, a table,
  or a chain of running maxima; a root that nobody asks for is summed into its only child.
- `ordering`, `tape`: an order in which the variables are summed out, and with it the tape: a list
  of steps, each the product of some tables summed over one variable. `problem` makes factors and
  tape of a case, refuses what is too wide before it allocates, and remembers plans (a memo: a
  plan is a function of the factors' scopes alone).
- `rings`, `passes`: the tape run forward, and generically in reverse: every table's adjoint is
  the product of all others. In plain numbers where each part of the network is more probable
  than SAFE; else once more on logarithms, where nothing underflows and zero is zero; with maxima
  for most probable states. Variants of a case are lanes, a column each.
- `beliefs`, `sums`: posteriors of what stands together in a step, and from these joints of any
  variables. `posteriors`: marginals and joints of a case, also of leaves outside the tape.
- `questions`, `information`, `sweep`, `bits`: what each question would tell.
- `core`: targets that are few enough (a model's causes) are not summed out one by one: their
  joint is the last step, and events about them, and the case without an observation, are read
  from it. `leaving`: what is left without each observation. `adjoints`, `derivatives`: what
  every number of the network does. `conflict`: whether the findings fit together. `study`: all of
  that for one case, from one plan and one pass each way.
- `explanations`: the k most probable states. `clashes`: which evidence cannot hold together.
- `rows_layout`, `rows`, `rows_running`: the same passes as one compiled function, for tables of
  cases and for the numba executor; it refuses what it cannot do, and the case goes the way above.
- `inference`: all of it for encoded cases, by index. `engine`: names in, names out. `sketch`:
  what will be computed and what it costs. `tuning`: every constant, with what was measured.

What holds throughout: the path depends on the network, the case and what is asked, so the same
evidence gives the same bits first, again, alone, in a table and in any thread, per executor. Sums
are made in an order that shapes fix; matrix products (BLAS) have fixed numbers of rows.
"""
