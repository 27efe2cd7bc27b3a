"""The model file: what it may say, reading it, checking it, turning it into a network."""
