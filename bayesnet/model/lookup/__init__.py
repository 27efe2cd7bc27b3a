"""What can be asked of a description: entries by id, numbers by path, sources, grades, values."""
