"""Spans: a tracer a service, exported to where `OTEL_EXPORTER_OTLP_ENDPOINT` says, and nowhere when it says nothing.

Traces are followed either way: `traceparent` travels in every envelope. No span ever holds what a person said.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from faststream import BaseMiddleware
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.language.errors import Refusal

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
TYPE = re.compile(rb'"type":"([\w.]{1,100})"')
TRACEPARENT = re.compile(rb'"traceparent":"([0-9a-f-]{55})"')

_propagator = TraceContextTextMapPropagator()
_nobodys = TracerProvider(shutdown_on_exit=False).get_tracer("athar")
_at_hand: ContextVar[Tracer] = ContextVar("tracer", default=_nobodys)


class Tracing:
    """The spans of one service. Several services may share a process, so that none uses OpenTelemetry's global one."""

    def __init__(self, service: str, *, exporter: SpanExporter | None = None) -> None:
        self._provider = TracerProvider(
            resource=Resource.create({SERVICE_NAME: f"athar-{service}"}), shutdown_on_exit=False
        )
        exporter = exporter or _exporter_of_the_environment()
        self.exports = exporter is not None
        if exporter is not None:
            self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("athar")

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Whatever begins inside, tasks too, is this service's."""
        held = _at_hand.set(self._tracer)
        try:
            yield
        finally:
            _at_hand.reset(held)

    async def close(self) -> None:
        """Send what is left, as long as the exporter's own patience lasts."""
        if self.exports:
            await asyncio.to_thread(self._provider.shutdown)


def _exporter_of_the_environment() -> SpanExporter | None:
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    # Only where it is wanted: its libraries would make every start slower.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    context: Context | None = None,
    attributes: dict[str, str] | None = None,
) -> Iterator[Span]:
    """A span around the block, in `context` or below the span at hand.

    An error leaves its kind in the span and nothing else: its words may quote somebody's data.
    """
    with _at_hand.get().start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as begun:
        try:
            yield begun
        except Refusal as refusal:
            begun.set_attribute("athar.refusal", refusal.code)
            raise
        except Exception as error:
            failed(error)
            raise


def failed(error: Exception) -> None:
    """Mark the span at hand as failed, by the error's kind alone."""
    trace.get_current_span().set_status(Status(StatusCode.ERROR, type(error).__name__))


def context_of(traceparent: str | None) -> Context:
    """Below what a W3C `traceparent` names; without one, the beginning of a trace."""
    return _propagator.extract({"traceparent": traceparent} if traceparent else {}, context=Context())


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span at hand."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context=trace.set_span_in_context(trace.get_current_span()))
    return carrier.get("traceparent")


class PublishSpans(BaseMiddleware):
    """A span for each envelope that the relay publishes, in the trace of whoever told it."""

    async def publish_scope(self, call_next: Callable[[Any], Awaitable[Any]], cmd: Any) -> Any:
        with message_spans("publish", [cmd.body], kind=SpanKind.PRODUCER):
            return await call_next(cmd)


@contextmanager
def message_spans(what: str, bodies: Iterable[bytes | None], *, kind: SpanKind) -> Iterator[None]:
    """A span for each envelope in `bodies` while the block lasts. What cannot be read belongs to no trace."""
    begun = [
        _at_hand.get().start_span(f"{what} {kind_of[1].decode()}", context=context_of(parent[1].decode()), kind=kind)
        for body in bodies
        if body and (kind_of := TYPE.search(body)) and (parent := TRACEPARENT.search(body))
    ]
    try:
        yield
    finally:
        for one in begun:
            one.end()
