"""Model files to start from: a small whole model, and an overlay of a model that is there."""
