"""The command line: its options, its commands and their help."""
