"""The CDS Hooks door without its transport: what it offers, what it is called with, its cards."""
