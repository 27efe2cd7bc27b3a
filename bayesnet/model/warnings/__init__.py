"""What is no mistake in a model and yet deserves a look, one module for each kind."""
