"""The passes as one function that numba compiles, a case at a time; only the numba executor."""
