"""What a model must make sense of beyond its shape, one module for each kind of mistake."""
