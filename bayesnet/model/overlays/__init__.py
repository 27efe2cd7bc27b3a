"""Overlays: a model file that extends another and holds only what differs."""
