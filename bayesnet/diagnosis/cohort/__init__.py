"""The same decisions for a table of people."""
