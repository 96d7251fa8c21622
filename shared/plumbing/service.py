"""One service put together: its HTTP app, and the loops that carry its messages."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from faststream.redis import RedisBroker
from opentelemetry.trace import SpanKind
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from shared.language.errors import PartDown
from shared.language.events import Source
from shared.letters.press import Press
from shared.plumbing import operations, personal_routes
from shared.plumbing.audit import routes as audit_routes
from shared.plumbing.audit.looks import Looks
from shared.plumbing.clock import Clock, SystemClock
from shared.plumbing.database import Database
from shared.plumbing.dead_letters import replay_what_is_known_now
from shared.plumbing.edge.event_page import event_page
from shared.plumbing.edge.headers import SafeHeaders
from shared.plumbing.edge.rates import Limiter, limiter_of
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.files.check import Inspectors
from shared.plumbing.inbox import DATA, Entry, take_in
from shared.plumbing.keys import TrustedKeys
from shared.plumbing.knock import Knocker
from shared.plumbing.listener import Listener
from shared.plumbing.loops import end, for_ever
from shared.plumbing.metrics import Requests, Watched
from shared.plumbing.migrations import migrate
from shared.plumbing.origin import new_id
from shared.plumbing.problems import install_problem_answers, problem_schemas
from shared.plumbing.readiness import Watchman
from shared.plumbing.receipt import Receipt
from shared.plumbing.relay import Relay
from shared.plumbing.retention import AT_ONCE, clear
from shared.plumbing.rights import grant_rights
from shared.plumbing.seal import RING
from shared.plumbing.settings import ServiceSettings, Settings
from shared.plumbing.streams import Ears, asyncapi_of, make_broker
from shared.plumbing.tracing import PublishSpans, Tracing, message_spans
from shared.plumbing.vault import VAULT
from shared.plumbing.worker import Worker

RELAY_LEASE = timedelta(seconds=10)
"""How long a relay that was killed keeps the others of its service waiting."""
ASKED_SECONDS = 1.0

CLEAR_EVERY_SECONDS = 600
LOOK_FOR_SILENT_EVERY_SECONDS = 5

log = logging.getLogger("athar.service")


@dataclass(frozen=True)
class Service:
    """What a service is made of; its `main.py` says it."""

    source: Source
    title: str
    api: tuple[APIRouter, ...]
    make_listener: "Callable[[Runtime], Listener]"
    tables: MetaData
    settings: type[ServiceSettings]
    pages: tuple[APIRouter, ...] = ()
    sweep: "Callable[[Runtime], Awaitable[int]] | None" = None
    """Takes away the files that no row names."""
    dress: "Callable[[FastAPI], None]" = lambda _: None
    """Puts the look on the app; the plumbing does not know it."""

    @property
    def migrations(self) -> Path:
        return Path(__file__).parents[2] / "services" / self.source.value / "migrations"


@dataclass
class Runtime:
    """One service in one process, with everything that it was handed."""

    service: Service
    settings: Settings
    own_settings: ServiceSettings = field(init=False)

    def __post_init__(self) -> None:
        self.own_settings = self.service.settings()
        RING.hold(self.settings.keys())
        if (vault := self.settings.vault()) is not None:
            VAULT.open_at(vault, keys=self.settings.keys())

    @cached_property
    def database(self) -> Database:
        return Database(self.own_settings.url(), pool_size=self.own_settings.pool_size)

    @cached_property
    def looks(self) -> Looks:
        return Looks(self.database)

    @cached_property
    def clock(self) -> Clock:
        return self.settings.clock()

    @cached_property
    def verifier(self) -> TrustedKeys:
        return TrustedKeys(file=self.settings.verification_keys_file, url=self.settings.verification_keys_url)

    @cached_property
    def broker(self) -> RedisBroker:
        broker = make_broker(self.settings.redis_url, source=self.service.source)
        if self.tracing.exports:
            broker.add_middleware(PublishSpans)
        return broker

    @cached_property
    def event_document(self) -> dict[str, Any]:
        """What this service tells, as AsyncAPI. Made once: it is a second's work, and anyone may ask."""
        return asyncapi_of(self.broker, title=f"Athar {self.service.title}")

    @cached_property
    def stream(self) -> Redis:
        """The stream as an onlooker asks it, who does not wait."""
        stream: Redis = Redis.from_url(
            self.settings.redis_url, socket_timeout=ASKED_SECONDS, socket_connect_timeout=ASKED_SECONDS
        )
        return stream

    @cached_property
    def limiter(self) -> Limiter | None:
        """Counts who knocks; `None` where nobody is counted."""
        return limiter_of(self.settings, stream=self.stream, registry=self.requests.registry)

    @cached_property
    def cabinet(self) -> Cabinet:
        """The folder of files. Raises `PartDown` where none is set."""
        if self.settings.files_folder is None:
            log.error("ATHAR_FILES_FOLDER is missing: no file can be taken or shown")
            raise PartDown
        return Cabinet(self.settings.files_folder / self.service.source.value)

    @cached_property
    def inspectors(self) -> Inspectors:
        return Inspectors()

    @cached_property
    def press(self) -> Press:
        return Press()

    @cached_property
    def tracing(self) -> Tracing:
        return Tracing(self.service.source.value)

    @cached_property
    def requests(self) -> Requests:
        return Requests()

    @cached_property
    def watchman(self) -> Watchman:
        return Watchman(
            self.service.source.value,
            database=self.database,
            stream=self.stream,
            clock=self.clock,
            versions=self.service.migrations,
            vault=VAULT if self.settings.vault() else None,
        )

    async def migrate(self) -> None:
        # An index on a large table takes its time.
        owner = self.own_settings.owner_url()
        patient = Database(owner or self.own_settings.url(), patience=None)
        try:
            await migrate(patient, versions=self.service.migrations, metadata=self.service.tables)
            if owner is not None:
                await grant_rights(patient, to=self.own_settings.url())
        finally:
            await patient.close()
        if self.settings.vault() is not None:
            VAULT.prepare()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Callable[[], bool]]:
        """Relay, ears and worker of this service, for as long as the block lasts; and whether all of them run."""
        listener = self.service.make_listener(self)
        lease = timedelta(seconds=self.settings.lease_seconds)
        relay = Relay(
            source=self.service.source,
            database=self.database,
            broker=self.broker,
            poll=self.settings.poll_seconds,
            lease=RELAY_LEASE,
        )
        worker = Worker(
            database=self.database,
            listener=listener,
            clock=self.clock,
            poll=self.settings.poll_seconds,
            lease=lease,
            max_attempts=self.settings.max_attempts,
        )
        receipt = Receipt(database=self.database, listener=listener, clock=self.clock)
        ears = Ears(
            self.broker,
            listener,
            consumer=new_id(),
            claim_idle_ms=self.settings.claim_idle_ms,
            take_in=receipt.take,
            keep_only=self._keep,
        )
        knocker = Knocker(self.broker, source=self.service.source, told=self.database.told, relay=relay)
        knocker.listen()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.broker.stop)
            with self.tracing.at_hand():
                for loop in (
                    relay.run,
                    worker.run,
                    knocker.run,
                    lambda: self._clear(listener),
                    *(() if self.database.is_sqlite else (self._end_silent,)),
                    lambda: _listen(ears, every=1.0),
                ):
                    stack.push_async_callback(end, asyncio.create_task(for_ever(loop)))
            self.watchman.ears = lambda: ears.listening
            yield self.watchman.ears

    @asynccontextmanager
    async def knocking(self) -> AsyncIterator[None]:
        """Tell the process that publishes what was told in this one, which does not."""
        knocker = Knocker(self.broker, source=self.service.source, told=self.database.told)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.broker.stop)
            stack.push_async_callback(end, asyncio.create_task(for_ever(knocker.run)))
            yield

    async def _clear(self, listener: Listener) -> None:
        while True:
            try:
                async with self.database.write() as session:
                    await replay_what_is_known_now(session, listener=listener, now=self.clock.now())
                if self.service.sweep is not None and self.settings.files_folder is not None:
                    await self.service.sweep(self)
                while await clear(self.database, now=self.clock.now(), real_now=SystemClock().now()) >= AT_ONCE:
                    pass
            except (DBAPIError, OSError) as error:
                log.warning("the clearing of %s waits: %s", self.service.source, type(error).__name__)
            await asyncio.sleep(CLEAR_EVERY_SECONDS)

    async def _end_silent(self) -> None:
        while True:
            try:
                if ended := await self.database.end_silent():
                    log.warning("%s sessions of %s fell silent and were ended", ended, self.service.source)
            except (DBAPIError, OSError) as error:
                log.warning("the look for silent sessions of %s waits: %s", self.service.source, type(error).__name__)
            await asyncio.sleep(LOOK_FOR_SILENT_EVERY_SECONDS)

    async def _keep(self, source: Source, entries: list[Entry]) -> None:
        bodies = [fields.get(DATA) for _, fields in entries] if self.tracing.exports else []
        with message_spans("take in", bodies, kind=SpanKind.CONSUMER):
            await take_in(self.database, source=source, entries=entries, now=self.clock.now())

    async def close(self) -> None:
        await self.watchman.close()
        await self.stream.aclose()
        await self.database.close()
        # Of all services in this process; whoever still works opens it again.
        VAULT.close()
        await self.tracing.close()


async def _listen(ears: Ears, *, every: float) -> None:
    while True:
        try:
            await ears.start()
            break
        except (RedisError, OSError) as error:
            log.warning("the stream is away: %s", type(error).__name__)
            await asyncio.sleep(every)
    await ears.keep_alive(every=every)


def build_app(runtime: Runtime, *, with_worker: bool) -> FastAPI:
    """The HTTP side of a service. Raises `TypeError` when a route does not say who may call it."""
    service = runtime.service

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(runtime.close)
            await stack.enter_async_context(runtime.working() if with_worker else runtime.knocking())
            yield

    app = FastAPI(
        title=f"Athar {service.title}",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.runtime = runtime
    app.add_middleware(Watched, requests=runtime.requests, tracing=runtime.tracing)
    install_problem_answers(app, body_limit_bytes=runtime.settings.body_limit_bytes)
    common = (
        audit_routes.router(),
        operations.router(service.source),
        personal_routes.router(service.source, service.tables),
    )
    for router in (*service.api, *service.pages, *common):
        app.router.routes.extend(router.routes)
    service.dress(app)
    app.mount("/docs/events", event_page(lambda: runtime.event_document))
    _document_token(app)
    # Around everything, also around what answers for a bug.
    inner = app.build_middleware_stack
    app.build_middleware_stack = lambda: SafeHeaders(inner())  # type: ignore[method-assign]
    return app


def _document_token(app: FastAPI) -> None:
    plain = app.openapi

    def with_token() -> dict[str, object]:
        document = plain()
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(problem_schemas())
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        return document

    app.openapi = with_token  # type: ignore[method-assign]
