"""What to ask next and when to stop, by one policy for a person and for tables; a session."""
