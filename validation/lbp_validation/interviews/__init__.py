"""Interviews of simulated people, of textbook persons and of published cases."""
