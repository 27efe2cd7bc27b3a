"""A model file changed in place: which bytes of it a number takes, and nothing else touched."""
