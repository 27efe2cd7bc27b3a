"""The interview at a terminal: what is asked, what was typed, and what follows from it."""
