"""The one origin: each service under its own path, its pages at `/` and its JSON at `/api/v1`."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from string import Template

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from shared.language.errors import Broken, MethodNotAllowed, NotFound
from shared.plumbing.edge.headers import SafeHeaders
from shared.plumbing.problems import answer

TITLES = {
    "intake": "الاستقبال · Intake",
    "research": "البحث الاجتماعي · Research",
    "notifications": "الإشعارات · Notifications",
    "feedback": "رأي المستفيد · Feedback",
}
PAGES = {
    "intake": '<a href="/intake/sign-in">تسجيل الدخول</a>',
    "notifications": '<a href="/notifications/">الرسائل التي كانت ستُرسل</a>',
}
HOME = Path(__file__).parent / "home.html"
STYLE = Path(__file__).parent / "home.css"
ITEM = Template(
    '<li><h2>$title</h2>$page <a href="/$name/openapi.json" lang="en" dir="ltr">OpenAPI</a>'
    ' <a href="/$name/asyncapi.json" lang="en" dir="ltr">AsyncAPI</a></li>'
)


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

    async def home(_: Request) -> HTMLResponse:
        services = "".join(ITEM.substitute(name=name, title=TITLES[name], page=PAGES.get(name, "")) for name in apps)
        return HTMLResponse(Template(HOME.read_text(encoding="utf-8")).substitute(services=services))

    async def style(_: Request) -> Response:
        return Response(STYLE.read_text(encoding="utf-8"), media_type="text/css")

    async def not_here(request: Request, _: Exception) -> JSONResponse:
        return answer(request, NotFound())

    async def not_so(request: Request, _: Exception) -> JSONResponse:
        return answer(request, MethodNotAllowed())

    async def broken(request: Request, _: Exception) -> JSONResponse:
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
            Route("/home.css", style),
            Route("/health", health),
            Route("/ready", ready),
            *(Mount(f"/{name}", app=app) for name, app in apps.items()),
        ],
        lifespan=lifespan,
        exception_handlers={404: not_here, 405: not_so, Exception: broken},
    )
    inner = gateway.build_middleware_stack
    gateway.build_middleware_stack = lambda: SafeHeaders(inner())  # type: ignore[method-assign]
    return gateway
