"""What a service does about the facts of others and its own timers: one function each, named `when_…`."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from opentelemetry.trace import SpanKind
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import Event, Source
from shared.plumbing.envelope import Envelope, EventUnknown, read_fact
from shared.plumbing.timers import TIMER, Timer
from shared.plumbing.tracing import span

E_contra = TypeVar("E_contra", bound=Event | Timer, contravariant=True)
E = TypeVar("E", bound=Event | Timer)
T = TypeVar("T")
R = TypeVar("R")


class NotYet(Exception):
    """This fact came before another that it builds on (services are in no order among each other): try again soon."""


class When(Protocol[E_contra]):
    """Takes one fact into effect, inside the transaction that also marks it as taken."""

    def __call__(self, fact: E_contra, /, *, session: AsyncSession, now: datetime) -> Awaitable[None]: ...


Watch = Callable[[AsyncSession, Envelope, Event], Awaitable[None]]


@dataclass(frozen=True)
class CallOut(Generic[T, R]):
    """An effect in the outside world: prepared in one transaction, called with none open, recorded in another.

    A stop between call and record calls again: the outside has to know our reference, or bear a second call.
    """

    prepare: Callable[[Any, AsyncSession], Awaitable[T | None]]
    """What to call with; `None` when there is nothing left to do."""
    call: Callable[[T], Awaitable[R]]
    record: Callable[[T, R, AsyncSession, datetime], Awaitable[None]]


class Listener:
    """The ears of one service."""

    def __init__(self, service: Source, *, to: Iterable[Source]) -> None:
        self.service = service
        self.sources = tuple(to)
        self.handlers: dict[str, When[Any]] = {}
        self.callouts: dict[str, CallOut[Any, Any]] = {}
        self.timers: dict[str, type[Timer]] = {}
        self.watch: Watch | None = None

    def on(self, kind: type[E]) -> Callable[[When[E]], When[E]]:
        """Have the function take in facts of `kind`."""

        def register(handler: When[E]) -> When[E]:
            self._claim(kind)
            self.handlers[kind.type] = handler
            return handler

        return register

    def calls_out(self, kind: type[Timer], callout: CallOut[Any, Any]) -> None:
        """Have `callout` done when a timer of `kind` falls due."""
        self._claim(kind)

        async def call(work: Any) -> Any:
            with span(f"call out {kind.type}", kind=SpanKind.CLIENT):
                return await callout.call(work)

        self.callouts[kind.type] = replace(callout, call=call)

    def on_any(self, watch: Watch) -> Watch:
        """Have the function see every event, after the one that takes it in."""
        self.watch = watch
        return watch

    def knows(self, envelope: Envelope) -> bool:
        """Whether this release can read what is inside."""
        try:
            self.fact_in(envelope)
        except EventUnknown:
            return False
        return True

    def fact_in(self, envelope: Envelope) -> Event | Timer:
        """The fact inside. Raises `EventUnknown`: no retry will read it."""
        if envelope.source != TIMER:
            return envelope.event()
        if envelope.type not in self.timers:
            raise EventUnknown(f"{envelope.type} is not a timer of this release")
        return read_fact(self.timers[envelope.type], envelope)

    async def act_on(self, envelope: Envelope, *, session: AsyncSession, now: datetime) -> None:
        """Take what the envelope states into effect, within the caller's transaction."""
        fact = self.fact_in(envelope)
        handler = self.handlers.get(envelope.type)
        if handler is not None:
            await handler(fact, session=session, now=now)
        if isinstance(fact, Event) and self.watch is not None:
            await self.watch(session, envelope, fact)

    def _claim(self, kind: type[E]) -> None:
        if kind.type in self.handlers or kind.type in self.callouts:
            raise TypeError(f"{kind.type} is taken in twice")
        if issubclass(kind, Timer):
            self.timers[kind.type] = kind
