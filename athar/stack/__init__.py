"""The embedded stack: one machine, one command, a folder of data."""
