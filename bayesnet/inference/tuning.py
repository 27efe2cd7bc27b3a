"""Every constant of the engine that was tuned or chosen, each with what was measured.

None of them changes what an answer is, only how soon it comes and in which order sums are made;
an answer's bits depend on them, on the network and on the case, and on nothing else.
"""

UNIT = 1 << 16
"""What one bit of a vertex's size weighs in an elimination rule; whole numbers, so that what is
added up edge by edge does not depend on the order."""

SPREAD = 0.45
"""The share of its weight that a vertex loses by chance at most, in a further try at an order.
On link, munin1 and barley 0.3 to 0.6 found the cheapest orders; ties broken by chance did not."""

WORTH = 2000
"""Table entries in the tape that repay looking at one vertex once more."""

MOST_LOOKS = 100_000
"""Vertices and edges looked at in one connected part, all tries together: about half a second."""

MOST_PAIRED = 16
"""Tables among which the smallest one looks for another to be multiplied with."""

GIVE_UP = 1 << 40
"""Entries at which an order is no longer looked for: no machine holds as many."""

TABLE_ENTRIES = 64
"""A noisy-MAX whose table (free parents, and itself where it is free) has at most this many
entries stays a table; a larger one becomes a chain of running maxima. With tables to five free
parents the tapes of the runner model have a quarter of the steps and as many entries; at seven
and more a single finding of 15 parents makes a tape of 32,768 entries by itself."""

HANGING_ENTRIES = 1 << 16
"""A leaf that nobody observed is read from the joint of its parents while the table of both has
at most this many entries, else as the mean of a product. The first keeps a small chance's
digits; the joint of 15 parents with two states took 2 ms of the runner model."""

SAFE = 1e-150
"""Probability of a connected part from which on the plain pass is right. What underflows there is
below 1e-308 an entry, so it is under 1e-150 of the whole; below SAFE the pass is made again on
logarithms, where nothing underflows and zero is zero."""

MOST_PRODUCTS = 8
"""Products that an answer may become where its unobserved parents stay out of the tape. With the
nine shared findings of the runner model in it, a tape for the questions had 10 to 16 times the
entries."""

LANES = 32
"""Variants of a case that go through the tape together where memory allows. The compiled loop of
lanes takes 1.3 ns a product at 16, 0.8 at 32 and 0.6 at 64; numpy 3.5, 3.0 and 2.8."""

LANES_BYTES = 256 << 20
"""Of the tables of all variants that go through a tape together; larger tapes take fewer."""

LANES_MOST = 256
"""The same where tables are small and what counts is how many calls there are."""

LANES_ENTRIES = 1 << 19
"""Entries of the largest product, over all lanes, that such blocks are for: what a cache holds."""

EVIDENCE_SHARE = 0.2
"""Of the variables, how many evidence may be counted on to make known."""

EVIDENCE_DRAWS = 5
"""How many such draws say whether a wide network fits once something is known."""

SEARCHED = 4000
"""Subsets tried before a conflict is settled for that no single removal makes possible."""

PLANS_KEPT = 256
"""Plans remembered. A plan is a pure function of scopes, so this changes time alone."""

SLOPES_AT_ONCE = 1 << 20
"""Derivatives of a family's entries by its numbers that are made at once: 8 MB."""

FAMILIES_KEPT = 1 << 12
"""Families as some case leaves them whose factors are remembered, at most some kB each: making
them anew took a fifth of a report's time."""

JOINT_BUDGET = 1 << 29
"""Bytes of the largest joint that is read."""

SUMMED_AT_ONCE = 4096
"""Entries from which a belief is summed one vertex after another, each sum kept for the next
joint; smaller ones are summed in one call, which costs about as much as keeping book."""

SUMMED_AS_MADE = 1 << 12
"""Entries of a product up to which it is made in one call and then summed: 2 us. Above, the first
sum is made with it, so that the table of the product is never there."""

LAYOUTS_KEPT = 1 << 12
"""Pairs of label sets whose axes are remembered: a few numbers each, the same in all tapes."""

RUN_ENTRIES = 128
"""Entries of the innermost loop of a larger product: tables that lack an axis of it are filled up
first. With 10 merged axes and 2 lanes 2.6 to 4 ns an entry in place of 3.6 to 5.2."""

KEPT_TABLE = 1 << 17
"""Entries up to which a family's full table is made once and kept; larger ones are made of their
sources in each case."""

SLICED_TABLE = 1 << 13
"""Entries of a noisy-MAX's full table up to which a case's factor is cut from it."""

ROW_CLIQUE = 24
"""Vertices of the largest product in the compiled kernel of single cases."""

ROW_ENTRIES = 1 << 19
"""Entries of all factors and messages of a case in that kernel: 20 MB a thread. A case that takes
more is run in the large room, one at a time."""

ROW_ENTRIES_MOST = 7 << 20
"""The same of the large room, 280 MB if a case needs them all: what takes more goes the numpy way.
All of 128 full histories of the runner model with 27 causes fit, with the process at 430 MB; the
median takes 20 to 26 ms, the largest 250. With 5 << 20 eight did not."""

ROW_PAIRED = 1 << 16
"""Entries of the largest noisy-MAX table that the kernel makes at once."""

ROW_CHAINED = 1 << 16
"""Entries of all products of a case in that kernel up to which noisy-MAXes stay chains: 1 ms."""

SIGNED_REPAYS = 1.5
"""How many times the entries signed auxiliaries have to save in that kernel: a fifth of the full
histories of the runner model lose too many digits to signs, and are run with chains after all."""

ROW_BLOCK = 1 << 10
"""Entries of a message that are worked on together there: they stay in the nearest cache."""

ROW_TRIES = 16
"""Orders by chance in that kernel beside min-fill: full histories then take 0.7 of the entries."""

ROW_WORTH = 20_000
"""Table entries there that repay another order: the passes over them take as long, 0.2 ms."""

ROW_LANES = 32
"""Chances in that kernel that go through a case's tape together: what one core's registers hold."""

ROW_LANE_ENTRIES = 1 << 17
"""Entries of all messages of a case, up to which lanes are held for each."""

ROW_VARIABLES = 400
"""Variables of the largest network that the kernel is for; its order looks at every vertex each
time, and a larger network's tables are large as well."""

ROWS_A_CHUNK = 64
"""Cases that one thread takes at a time."""

EVIDENCE_LOOKS = 5_000
"""Vertices and edges looked at for each of these draws."""

SIGNED_FROM = 3
"""Free variables of a noisy-MAX over which a signed auxiliary takes the place of its chain. Of 200
causes and 8 present findings with 60 parents each, chains make 42 million entries (10 findings:
8e10) and signed auxiliaries 3,868 (7,676). Full histories of a model of 27 causes have
33,000 to 10 million entries (chains: 140,000 to 11 million), at 4 up to a tenth fewer; but ten
present findings alone take up to two thirds more work at 4, and at 2 and 5 either may be larger."""

SIGNED_LOSS = 1e-10
"""Largest share of the whole that rounding may have moved (see `lost_to_signs`), in roundings of
the numbers that are used. Over it the case is run in longer numbers, which take three times as
long, and then goes the chains' way."""

WHOLE_ENTRIES = 1 << 18
"""Entries of a tape up to which the compiled passes take all of its steps in one call: both passes
of the runner model with ten answers then take 0.3 ms in place of 3.3, and 0.4 of 6.5 with 28 lanes.
With 124 k entries they take half as long as step by step."""

WHOLE_NUMBERS = 1 << 21
"""Numbers that such a pass makes at most, over all lanes: more are made step by step, in memory
that is used again and again, where one piece of it would have to be cleared by the system first."""
