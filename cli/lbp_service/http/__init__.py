"""The service over HTTP: JSON under /v1, on ASGI."""
