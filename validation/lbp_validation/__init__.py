"""What shows that the model and the engine do what they say: cases, promises, benchmarks."""
