"""`python -m athar`."""

from athar.cli import app

app()
