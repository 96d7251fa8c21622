"""`athar events`: the story of a case, what is being told, and who is behind."""

from athar.cli.events.commands import app

__all__ = ["app"]
