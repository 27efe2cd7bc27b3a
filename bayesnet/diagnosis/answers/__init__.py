"""Check answers against the model and turn them into evidence on its network."""
