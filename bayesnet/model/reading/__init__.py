"""From YAML files to a checked description, with the place of every mistake."""
