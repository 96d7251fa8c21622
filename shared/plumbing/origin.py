"""Where the work at hand came from: who asked, in answer to what, in which trace.

Set once at the edge (a request, a message, a timer) and read by the outbox, so that no rule has to carry it along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from uuid_utils import uuid7

from shared.language.roles import SYSTEM, Actor

_propagator = TraceContextTextMapPropagator()
_tracer = TracerProvider().get_tracer("athar")


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
    context = _propagator.extract({"traceparent": traceparent} if traceparent else {})
    held = _origin.set(origin)
    try:
        with _tracer.start_as_current_span(name, context=context):
            yield
    finally:
        _origin.reset(held)


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span at hand."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context=trace.set_span_in_context(trace.get_current_span()))
    return carrier.get("traceparent")
