"""What is advised: the pathway by true cause, its worth, and whether it contradicts the triage."""
