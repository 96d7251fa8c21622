"""The rules of feedback, a file a subject."""
