"""Case files and tables of people: read, checked, written whole or not at all."""
