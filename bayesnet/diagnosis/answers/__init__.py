"""What was answered, checked against the model and turned into evidence on its network."""
