"""What notifications knows: whom to reach, what each message says, and what became of it."""
