"""A small service for the browser tests: a form that works offline, a queue that stays fresh, and what arrived."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.plumbing.problems import Problem, Sentences
from shared.ui import Frame, Look

LOOK = Look(Path(__file__).parent)


@dataclass
class Taken:
    """A request that arrived: how often, and with which bytes each time."""

    fields: dict[str, str]
    files: dict[str, bytes]
    digests: list[str] = field(default_factory=list)


@dataclass
class Trial:
    """What a browser test does on the server's side."""

    taken: dict[str, Taken] = field(default_factory=dict)
    silent: bool = False
    """It does the work and its answer is lost."""
    refuses: bool = False
    signed_out: bool = False
    renews: bool = True
    rows: int = 2
    listeners: "set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[str]]]" = field(default_factory=set)

    def tell(self) -> None:
        """Say to every open page that something changed; from the test's thread into the server's loop."""
        for loop, queue in tuple(self.listeners):
            loop.call_soon_threadsafe(queue.put_nowait, "data: changed\n\n")

    def routes(self) -> list[Route]:
        return [
            Route("/trial/form", self.form),
            Route("/trial/requests", self.take, methods=["POST"]),
            Route("/trial/done", self.done),
            Route("/trial/queue", self.queue),
            Route("/trial/live", self.live),
            Route("/intake/session/renewal", self.renew),
            Route("/trial/sign-out", self.done, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        return LOOK.page(request, "form.html", frame=Frame(keeps=True, owner="trial", sign_out="/trial/sign-out"))

    async def done(self, request: Request) -> Response:
        return LOOK.page(request, "done.html", frame=Frame(owner="trial"))

    async def renew(self, _: Request) -> Response:
        self.signed_out = self.signed_out and not self.renews
        return RedirectResponse("/ui/offline", status_code=303)

    async def take(self, request: Request) -> Response:
        if self.signed_out:
            return JSONResponse({}, status_code=401)
        body = await request.body()
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            files = {name: await value.read() for name, value in form.items() if not isinstance(value, str)}
        if self.refuses:
            sentences = Sentences(ar="الحاجة غير واضحة", en="The need is not clear")
            problem = Problem(
                type="urn:athar:problem:unclear", title="Unclear", status=422, detail=sentences.en, code="unclear",
                field="need", clause=None, sentences=sentences,
            )  # fmt: skip
            return JSONResponse(problem.model_dump(), status_code=422, media_type="application/problem+json")
        key = request.headers.get("idempotency-key", f"without-{len(self.taken)}")
        self.taken.setdefault(key, Taken(fields, files)).digests.append(hashlib.sha256(body).hexdigest())
        if self.silent:
            return Response(status_code=503)
        if len(self.taken.get(key, Taken({}, {})).digests) > 1:
            # As the kernel answers a key that it knows: the status, and not where it led to.
            return Response(status_code=303, headers={"Idempotency-Replayed": "true"})
        return RedirectResponse("/trial/done", status_code=303)

    async def queue(self, request: Request) -> Response:
        return LOOK.page(request, "queue.html", frame=Frame(search="/trial/queue"), rows=range(self.rows))

    async def live(self, _: Request) -> Response:
        async def told() -> AsyncIterator[str]:
            listener = (asyncio.get_running_loop(), asyncio.Queue[str]())
            self.listeners.add(listener)
            try:
                yield ": here\n\n"
                while True:
                    yield await listener[1].get()
            finally:
                self.listeners.discard(listener)

        return StreamingResponse(told(), media_type="text/event-stream")
