"""What intake does, a file each."""
