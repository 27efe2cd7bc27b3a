"""What a model file may say: one frozen record for each kind of entry."""
