"""Whether fitted intervals hold the numbers that cases were drawn with."""
