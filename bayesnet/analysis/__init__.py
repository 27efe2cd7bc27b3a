"""What is read off an answer: information, weights, conflict, derivatives, explanations."""
