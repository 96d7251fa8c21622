"""The one origin: each service under its own path, its pages at `/` and its JSON at `/api/v1`."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from shared.language.errors import Broken, MethodNotAllowed, NotFound
from shared.plumbing.edge.headers import SafeHeaders
from shared.plumbing.problems import answer
from shared.ui import Frame, Look
from shared.ui.app import show_problems_as_pages
from shared.ui.language import mark

LOOK = Look(Path(__file__).parent)


@dataclass(frozen=True)
class Shown:
    """A service as the home page shows it; `pages` are the words and addresses of what a person may open."""

    name: str
    icon: str
    title: str
    what: str
    pages: tuple[tuple[str, str], ...] = ()


SHOWN = {
    shown.name: shown
    for shown in (
        Shown(
            "intake",
            "inbox",
            mark("Intake"),
            mark("The branch's desk: people, requests, papers, delivery, benefit."),
            pages=(
                (mark("Sign in"), "/intake/sign-in"),
                (mark("Ask for help"), "/intake/ask"),
                (mark("Follow your request"), "/intake/follow"),
            ),
        ),
        Shown(
            "research", "scale", mark("Social research"), mark("Studies, meetings, votes, and the answer that is held.")
        ),
        Shown(
            "notifications",
            "mail",
            mark("Notifications"),
            mark("What people are told, by SMS and e-mail, once each."),
            pages=((mark("What would have been sent"), "/notifications/"),),
        ),
        Shown(
            "feedback",
            "smile",
            mark("Feedback"),
            mark("Surveys, complaints, suggestions, and what came of them."),
            pages=((mark("Complain"), "/feedback/complaint"),),
        ),
    )
}


def make_gateway(apps: Mapping[str, FastAPI]) -> Starlette:
    """All services behind one address; they start and end with it."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # All at once: each waits for its own stream, and would have the next one wait for it.
        lives = [app.router.lifespan_context(app) for app in apps.values()]
        await asyncio.gather(*(life.__aenter__() for life in lives))
        try:
            yield
        finally:
            await asyncio.gather(*(life.__aexit__(None, None, None) for life in lives))

    first = next(iter(apps.values()))

    async def home(request: Request) -> HTMLResponse:
        services = [SHOWN[name] for name in apps]
        gallery = first.state.runtime.settings.environment != "production"
        return LOOK.page(request, "home.html", frame=Frame(here="home"), services=services, gallery=gallery)

    async def not_here(request: Request, _: Exception) -> Response:
        return answer(request, NotFound())

    async def not_so(request: Request, _: Exception) -> Response:
        return answer(request, MethodNotAllowed())

    async def broken(request: Request, _: Exception) -> Response:
        return answer(request, Broken())

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "services": list(apps)})

    async def ready(_: Request) -> JSONResponse:
        looks = await asyncio.gather(*(app.state.runtime.watchman.look() for app in apps.values()))
        down = any(look.status == "down" for look in looks)
        services = {look.service: look.model_dump() for look in looks}
        return JSONResponse({"ready": not down, "services": services}, status_code=503 if down else 200)

    gateway = Starlette(
        routes=[
            Route("/", home),
            Route("/health", health),
            Route("/ready", ready),
            # The look is the same in all of them: whoever is first answers for it.
            Route("/ui/{rest:path}", first),
            *(Mount(f"/{name}", app=app) for name, app in apps.items()),
        ],
        lifespan=lifespan,
        exception_handlers={404: not_here, 405: not_so, Exception: broken},
    )
    show_problems_as_pages(gateway)
    inner = gateway.build_middleware_stack
    gateway.build_middleware_stack = lambda: SafeHeaders(inner())  # type: ignore[method-assign]
    return gateway
