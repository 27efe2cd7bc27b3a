"""What follows from a posterior: triage, pathway, thresholds, next question, fit."""
