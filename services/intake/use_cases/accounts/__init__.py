"""What intake does about staff and their sessions, one file a feature."""
