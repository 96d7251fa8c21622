"""What research does, a file each."""
