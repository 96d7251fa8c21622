"""The command `athar`."""

from athar.cli.commands import app

__all__ = ["app"]
