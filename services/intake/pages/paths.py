"""Where the pages are under the one origin, and where somebody goes from them."""

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from shared.plumbing import browser
from shared.plumbing.doors import MadeAnew


def base_of(request: Request) -> str:
    """Where this service is under the one origin."""
    base: str = request.scope.get("root_path", "")
    return base


def next_of(request: Request) -> str:
    """Where to go in the end: a path of ours, as the page was asked with; empty when none."""
    return browser.local(request.query_params.get("next"), otherwise="")


def address(request: Request, path: str, *, then: str = "") -> str:
    """A page of this service."""
    return base_of(request) + path + (f"?{urlencode({'next': then})}" if then else "")


def go(path: str, *, status: int = 303) -> Response:
    return RedirectResponse(path, status_code=status, headers={"Cache-Control": "no-store"})


def anew(page: Response) -> MadeAnew:
    """A page on the way, where nothing was written yet: pressed again, it is made again, as things are by then."""
    again = MadeAnew(page.body, page.status_code)
    again.raw_headers = page.raw_headers
    return again
