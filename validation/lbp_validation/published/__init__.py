"""Published figures beside those that the model implies."""
