"""Files that people send: looked at, made plain, sealed, and kept outside of the databases."""
