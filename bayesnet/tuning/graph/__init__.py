"""A model drawn: risk factors, causes and findings, with how strongly they are tied."""
