"""Score what a model says of cases against what was confirmed: pure functions on arrays."""
