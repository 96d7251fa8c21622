"""What is measured, a module each: `run(bench)` gives plain data for the results' file."""
