"""The route of a page: a refusal is shown as a page, and a GET may write where a browser is sent by another page."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response

from services.intake.pages.html import refused_page
from shared.language.errors import Refusal, TooManyRequests
from shared.plumbing.browser import way_in
from shared.plumbing.early import EarlyRoute


def with_wait(response: Response, refusal: Refusal) -> Response:
    """The page of a refusal, with how long to wait where that is what it says."""
    if isinstance(refusal, TooManyRequests):
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


class PageRoute(EarlyRoute):
    """As any route, in HTML."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def show(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                if way_in(request, refusal) is not None:
                    raise
                return with_wait(refused_page(request, refusal), refusal)

        return show


class ArrivalRoute(PageRoute):
    """Where a browser arrives by a redirect: a GET that begins or renews a session, and so writes."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.writes = True
