"""From numbers that a person can picture to a network's parameters and their uncertainty."""
