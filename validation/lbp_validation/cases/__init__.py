"""Published cases, textbook presentations, and causes that the model does not hold."""
