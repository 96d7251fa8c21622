"""One trace follows a case from the request to the SMS, through every service, and says nothing of the person."""

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from redis.asyncio import Redis

from athar.catalogue import SERVICES
from athar.demo.walkers import Walker
from athar.stack.valkey import EmbeddedValkey
from shared.language.errors import CaseNotFound
from shared.plumbing.tracing import Tracing, message_spans, span
from tests.operations.conftest import OpenLone
from tests.operations.house import House, open_house
from tests.plumbing.bench import Bench, envelope, hearing


class Spans:
    """What all services exported, found by what it was."""

    def __init__(self, spans: list[ReadableSpan]) -> None:
        self.all = spans
        self._by_id = {one.context.span_id: one for one in spans if one.context}

    def below(self, root: ReadableSpan) -> list[ReadableSpan]:
        return [
            one for one in self.all if one.context and root.context and one.context.trace_id == root.context.trace_id
        ]

    def chain(self, end: ReadableSpan) -> list[str]:
        """The names from the first span of the trace down to `end`; fails where a parent is missing."""
        names, one = [end.name], end
        while one.parent is not None:
            one = self._by_id[one.parent.span_id]
            names.append(one.name)
        return names[::-1]

    def named(self, name: str) -> list[ReadableSpan]:
        return [one for one in self.all if one.name == name]


def service(one: ReadableSpan) -> str:
    return str(one.resource.attributes["service.name"])


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


async def walk_to_the_answer(house: House) -> Walker:
    walker = await house.receive()
    await house.decide(walker)
    await house.rest()
    house.forward(timedelta(days=14))
    await house.desk.status(walker, "answered")
    await house.rest()
    return walker


async def test_one_trace_follows_a_case_from_the_request_to_the_sms_and_through_fourteen_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, valkey: EmbeddedValkey, stream: Redis
) -> None:
    await stream.ping()
    # One a service: each ends its own, with what is left in it.
    exporters = {name: InMemorySpanExporter() for name in SERVICES}
    async with open_house(tmp_path, monkeypatch, redis_url=valkey.url, exporters=exporters) as house:
        walker = await walk_to_the_answer(house)
    spans = Spans([one for exporter in exporters.values() for one in exporter.get_finished_spans()])

    received = [one for one in spans.named("POST /api/v1/cases/{case_id}/reception") if service(one) == "athar-intake"]
    sent = [one for one in spans.below(received[0]) if one.name == "call out send.due"]
    assert {service(one) for one in sent} == {"athar-notifications"}
    assert spans.chain(sent[0]) == [
        "POST /api/v1/cases/{case_id}/reception",
        "take case.received",
        "take send.due",
        "call out send.due",
    ]

    (decided,) = spans.named("POST /api/v1/cases/{case_id}/committee-decision")[-1:]
    told = [one for one in spans.below(decided) if one.name == "call out send.due"]
    assert spans.chain(told[0]) == [
        "POST /api/v1/cases/{case_id}/committee-decision",
        "take answer.due",
        "take case.answered",
        "take send.due",
        "call out send.due",
    ], "the answer that was held for fourteen days belongs to the decision's trace"

    steps = {(service(one), one.name) for one in spans.below(received[0])}
    assert {
        ("athar-intake", "publish case.received"),
        ("athar-research", "take case.received"),
        ("athar-feedback", "take case.received"),
        ("athar-notifications", "take case.received"),
        ("athar-notifications", "publish message.sent"),
        ("athar-intake", "take message.sent"),
    } <= steps

    written = json.dumps([json.loads(one.to_json()) for one in spans.all], ensure_ascii=False)
    person = walker.person
    for said in (person.name, person.national_id, person.mobile, person.mobile.lstrip("+"), person.email or "@"):
        assert said not in written
    assert {key for one in spans.all for key in one.attributes or {}} == {
        "athar.correlation_id",
        "athar.message_id",
        "athar.refusal",
    }
    assert [one.events for one in spans.all if one.events] == [], "an exception's words may quote data"


async def test_what_is_taken_in_has_a_span_in_the_trace_of_whoever_told_it(exporter: InMemorySpanExporter) -> None:
    tracing = Tracing("intake", exporter=exporter)
    with tracing.at_hand():
        with span("request") as request:
            told = envelope("a", 1).model_dump_json().encode()
        with message_spans("take in", [told, b"\xff", None], kind=SpanKind.CONSUMER):
            pass
    await tracing.close()
    (taken,) = [one for one in exporter.get_finished_spans() if one.name == "take in case.completed"]
    assert taken.parent is not None
    assert taken.parent.span_id == request.get_span_context().span_id


async def test_a_try_that_failed_shows_in_its_span_by_its_kind_alone(
    exporter: InMemorySpanExporter, open_service: OpenLone
) -> None:
    tracing = Tracing("feedback", exporter=exporter)

    async def break_down(*_: object, **__: object) -> None:
        raise Hidden("سعاد ١٠٢٣٤٥٦٧٨٩")

    async with open_service() as service:
        await service.receive(("a", 1))
        with tracing.at_hand():
            await Bench(service.runtime.database).worker(hearing(break_down)).work_once()
    await tracing.close()
    failed = [one for one in exporter.get_finished_spans() if one.status.status_code is StatusCode.ERROR]
    assert [(one.name, one.status.description, one.events) for one in failed] == [("take case.completed", "Hidden", ())]


class Hidden(Exception):
    """An error whose words quote a person."""


async def test_a_span_of_a_bug_says_its_kind_and_not_its_words(exporter: InMemorySpanExporter) -> None:
    tracing = Tracing("intake", exporter=exporter)
    with tracing.at_hand(), pytest.raises(Hidden), span("work"):
        raise Hidden("سعاد ١٠٢٣٤٥٦٧٨٩")
    with tracing.at_hand(), pytest.raises(CaseNotFound), span("refused"):
        raise CaseNotFound
    await tracing.close()
    bug, refused = exporter.get_finished_spans()
    assert (bug.status.status_code, bug.status.description, bug.events) == (StatusCode.ERROR, "Hidden", ())
    assert (refused.status.status_code, dict(refused.attributes or {})) == (
        StatusCode.UNSET,
        {"athar.refusal": "case_not_found"},
    )


def test_nothing_is_exported_where_no_endpoint_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not Tracing("intake").exports


async def test_spans_are_sent_to_the_endpoint_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue()

    async def collect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await asked.put((head, await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(collect, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        tracing = Tracing("feedback")
        with tracing.at_hand(), span("work"):
            pass
        await tracing.close()
        head, body = await asked.get()
    assert head.startswith(b"POST /v1/traces ")
    assert b"athar-feedback" in body
    assert b"work" in body


async def test_a_collector_that_is_away_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    caplog.set_level(logging.CRITICAL)
    tracing = Tracing("feedback")
    with tracing.at_hand(), span("work"):
        pass
    async with asyncio.timeout(10):
        await tracing.close()
