"""Simulated patients: calibration, discrimination, intervals, robustness."""
