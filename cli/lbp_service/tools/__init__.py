"""What a language model can call: each tool's arguments, its answer, and the words beside it."""
