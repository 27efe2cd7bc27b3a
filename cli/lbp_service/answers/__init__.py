"""From a request to an answer, without any transport: what every door of the service stands on."""
