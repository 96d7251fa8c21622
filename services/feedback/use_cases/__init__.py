"""What feedback does, a file each."""
