"""A whole model instead of one person: draw people from it."""
