"""Where the work at hand came from: who asked, in answer to what, in which trace.

Set once at the edge (a request, a message, a timer) and read by the outbox, so that no rule has to carry it along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry.trace import SpanKind
from uuid_utils import uuid7

from shared.language.roles import SYSTEM, Actor
from shared.plumbing.tracing import context_of, current_traceparent, span

__all__ = ["Origin", "acting", "current_traceparent", "new_id", "origin"]


def new_id() -> str:
    """A UUIDv7: unique anywhere, and in the order of its making."""
    return str(uuid7())


@dataclass(frozen=True)
class Origin:
    """Who acts, the id that all that follows from one request shares, and the event that this answers."""

    actor: Actor
    correlation_id: str
    causation_id: str | None = None


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    return _origin.get() or Origin(actor=SYSTEM, correlation_id=new_id())


@contextmanager
def acting(origin: Origin, *, name: str, traceparent: str | None) -> Iterator[None]:
    """Do the work inside as `origin`, in a span that continues the W3C trace `traceparent`."""
    asked = origin.causation_id is None
    attributes = {"athar.correlation_id": origin.correlation_id, "athar.message_id": origin.causation_id or ""}
    held = _origin.set(origin)
    try:
        with span(
            name,
            kind=SpanKind.SERVER if asked else SpanKind.CONSUMER,
            context=context_of(traceparent),
            attributes={key: value for key, value in attributes.items() if value},
        ):
            yield
    finally:
        _origin.reset(held)
