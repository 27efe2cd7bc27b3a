"""A person: answers, posterior, triage, pathway, question, explanation, report."""
