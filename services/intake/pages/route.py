"""The route of a page to which another page sends a browser: a GET that begins or renews a session, and so writes."""

from collections.abc import Callable
from typing import Any

from shared.plumbing.early import EarlyRoute


class ArrivalRoute(EarlyRoute):
    """As any route, in a transaction that writes."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.writes = True
