"""What notifications does; `ls` is the list."""
