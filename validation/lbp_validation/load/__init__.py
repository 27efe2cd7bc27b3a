"""The service under load, beside a plain echo of the same server, on this machine alone."""
