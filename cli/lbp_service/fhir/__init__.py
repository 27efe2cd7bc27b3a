"""The FHIR door without its transport: what it can do, what it is sent, and what that is about."""
