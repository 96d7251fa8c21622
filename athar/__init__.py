"""Putting the services together: the command line, the embedded stack, the demonstration."""
