"""Staff: who they are, where they sit, and how they are known to be themselves."""
