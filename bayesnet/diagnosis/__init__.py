"""From a described model and evidence to a report: causes, question, pathway, triage."""
