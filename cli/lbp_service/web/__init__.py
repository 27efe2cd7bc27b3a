"""The page at `/`: an interview as forms, each of which holds all that was said; no transport."""
