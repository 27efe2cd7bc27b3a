"""Models whose numbers are in a network: made of its roles, linked to it, and written back."""
