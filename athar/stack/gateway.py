"""The one origin: each service under its own path, its pages at `/` and its JSON at `/api/v1`."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route

TITLES = {
    "intake": "الاستقبال · Intake",
    "research": "البحث الاجتماعي · Research",
    "notifications": "الإشعارات · Notifications",
    "feedback": "رأي المستفيد · Feedback",
}
PAGES = {"notifications": "/notifications/"}


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
        rows = "".join(
            f'<li><b>{TITLES[name]}</b> <a href="{PAGES.get(name, f"/{name}/health")}">فتح</a> '
            f'<a href="/{name}/openapi.json">OpenAPI</a> <a href="/{name}/docs/events/">AsyncAPI</a></li>'
            for name in apps
        )
        return HTMLResponse(
            '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>أثر</title>'
            "<main><h1>أثر</h1><p>من الفرع إلى المركز الرئيس وإليه: طلب واحد ومسار واحد.</p>"
            f"<ul>{rows}</ul></main></html>"
        )

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "services": list(apps)})

    return Starlette(
        routes=[
            Route("/", home),
            Route("/health", health),
            *(Mount(f"/{name}", app=app) for name, app in apps.items()),
        ],
        lifespan=lifespan,
    )
