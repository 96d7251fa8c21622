"""Puts the look on an app: its files, the pages that every service has, and refusals as pages."""

from functools import cache
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.applications import Starlette

from shared.language.errors import Collided, NotFound, PartDown, TooManyRequests
from shared.plumbing.browser import FIELDS_LIMIT
from shared.plumbing.doors import ANYONE, refuses
from shared.plumbing.operations import DoorAlone
from shared.plumbing.problems import Problem
from shared.ui import assets, gallery
from shared.ui.frame import Frame
from shared.ui.language import Language, language_of
from shared.ui.look import Look

LOOK = Look()
SENT_AGAIN = frozenset({Collided.code, PartDown.code, TooManyRequests.code})
"""Refusals that say nothing of what was sent: the same may be taken a moment later."""
SECRETS = frozenset({"code", "fact"})
"""Fields that open something, beside passwords: they stand on no page."""


def dress(app: FastAPI) -> None:
    """Serve the look's files and pages under `/ui/`, and answer a browser's refused request with a page."""
    app.router.routes.extend(look_routes().routes)
    show_problems_as_pages(app)


def show_problems_as_pages(app: Starlette) -> None:
    app.state.problem_page = problem_page


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """A refusal or a failure for who asked with a browser: the same sentence that a program is told."""
    arabic = language_of(request) is Language.ARABIC
    sentence = problem.sentences.ar if arabic else problem.sentences.en
    sent = _sent(request, problem)
    return LOOK.page(
        request, "ui/problem.html", status_code=problem.status, problem=problem, sentence=sentence, sent=sent
    )


def _sent(request: Request, problem: Problem) -> list[tuple[str, str]]:
    """What a form sent that may be taken the next time: it goes along on the page, to be sent as it was."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if problem.code not in SENT_AGAIN or request.method != "POST" or kind != "application/x-www-form-urlencoded":
        return []
    try:
        # As it arrived; what did not arrive whole cannot be sent again from here.
        body: bytes = getattr(request, "_body", b"")
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_LIMIT)
    except ValueError:
        return []
    # Whoever finds the page left open would send them.
    return [] if any("password" in name or name in SECRETS for name, _ in fields) else fields


@cache
def look_routes() -> APIRouter:
    """The doors of the look, the same in every service."""
    # Without a transaction: a page of refusal has to look right when the database is down.
    routes = APIRouter(prefix="/ui", route_class=DoorAlone, tags=["pages"], include_in_schema=False)

    @routes.get("/offline", response_class=HTMLResponse, summary="What a device shows when there is no network")
    async def show_offline(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
        return LOOK.page(request, "ui/offline.html", frame=Frame(keeps=True))

    @routes.get("/outbox", response_class=HTMLResponse, summary="What waits on this device")
    async def show_outbox(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
        return LOOK.page(request, "ui/outbox.html", frame=Frame(here="outbox", keeps=True))

    @routes.get("/gallery", response_class=HTMLResponse, summary="Every part of the look")
    @refuses(NotFound)
    async def show_gallery(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
        return _example(request, "parts")

    @routes.get("/gallery/{example}", response_class=HTMLResponse, summary="The look in a page as it will be")
    @refuses(NotFound)
    async def show_example(request: Request, example: str, _: Annotated[None, ANYONE]) -> HTMLResponse:
        return _example(request, example)

    @routes.get("/{file}", response_class=Response, summary="A file of the look")
    @refuses(NotFound)
    async def show_file(request: Request, file: str, _: Annotated[None, ANYONE]) -> Response:
        found = assets.answer(request, file)
        if found is None:
            raise NotFound
        return found

    return routes


def _example(request: Request, example: str) -> HTMLResponse:
    """Raises `NotFound` in production: its people are invented, and somebody might believe in them."""
    if request.app.state.runtime.settings.environment == "production" or example not in gallery.EXAMPLES:
        raise NotFound
    return LOOK.page(request, f"gallery/{example}.html", **gallery.facts(example, language_of(request), request))
