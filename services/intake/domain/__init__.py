"""The rules of the branch's desk: each refuses, or returns the event that it makes true."""
