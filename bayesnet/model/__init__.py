"""The model file: its records, reading and checking it, turning its numbers into a network."""
