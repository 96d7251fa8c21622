"""FastStream on Redis Streams: one stream a service, one consumer group a listener.

FastStream reads, acknowledges and documents. What it leaves open on Redis is done here: groups begin at the first
entry and are made again after a wipe, subscribers that ended start again, one unreadable entry cannot hold up a batch.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.annotations import RedisBatchStreamMessage
from faststream.redis.parser import MessageFormat
from faststream.specification import AsyncAPI
from redis.exceptions import RedisError, ResponseError

from shared.language.events import EVENTS, Source
from shared.plumbing.envelope import Envelope, stream_of
from shared.plumbing.inbox import Entry
from shared.plumbing.listener import Listener
from shared.plumbing.stop_points import StopPoint, reach

READ_AT_MOST = 50
READ_BLOCK_MS = 1_000
GONE_AFTER_MS = 3_600_000

Keep = Callable[[Source, list[Entry]], Awaitable[None]]
"""What is done with the entries of a source; when it returns they may be acknowledged."""

log = logging.getLogger("athar.streams")


class PlainFormat(MessageFormat):
    """The entry's field is the envelope itself. Reading it is the inbox's work, so parsing here cannot fail."""

    @classmethod
    async def encode(cls, *, message: Any, **_: Any) -> bytes:
        if not isinstance(message, bytes):
            raise TypeError("the relay publishes envelopes as bytes")
        return message

    @classmethod
    def parse(cls, data: bytes) -> tuple[bytes, dict[str, Any]]:  # noqa: ARG003
        return b"null", {}


def make_broker(redis_url: str, *, source: Source) -> RedisBroker:
    """A broker that also documents each event that `source` may tell."""
    broker = RedisBroker(
        redis_url, message_format=PlainFormat, apply_types=False, logger=logging.getLogger("athar.faststream")
    )
    for event in EVENTS.values():
        if event.source is source:
            payload = type(
                f"{event.__name__}Message",
                (Envelope,),
                {"__annotations__": {"data": event}, "__doc__": event.__doc__, "__module__": __name__},
            )
            broker.publisher(
                stream=StreamSub(stream_of(source)), schema=payload, title=event.type, description=event.__doc__
            )
    return broker


def asyncapi_of(broker: RedisBroker, *, title: str) -> dict[str, Any]:
    """The document of what a service tells, as FastStream writes it."""
    document: dict[str, Any] = json.loads(AsyncAPI(broker, title=title, version="1").to_specification().to_json())
    return document


async def _undecoded(message: RedisBatchStreamMessage) -> RedisBatchStreamMessage:
    return message


def _receiver(source: Source, keep: Keep) -> Callable[[RedisBatchStreamMessage], Awaitable[None]]:
    async def receive(message: RedisBatchStreamMessage) -> None:
        raw = message.raw_message
        await keep(source, list(zip(raw["message_ids"], raw["data"], strict=True)))
        reach(StopPoint.INBOX_BEFORE_ACK)
        await message.ack()
        reach(StopPoint.INBOX_AFTER_ACK)

    return receive


class Ears:
    """The subscribers of one service, kept alive."""

    def __init__(
        self,
        broker: RedisBroker,
        listener: Listener,
        *,
        consumer: str,
        claim_idle_ms: int,
        take_in: Keep,
        keep_only: Keep,
    ) -> None:
        self._broker = broker
        self._listener = listener
        for source in listener.sources:
            new = StreamSub(
                stream_of(source),
                group=listener.service.value,
                consumer=consumer,
                batch=True,
                max_records=READ_AT_MOST,
                polling_interval=READ_BLOCK_MS,
            )
            # What a consumer that died had read and not acknowledged; taking it in twice does nothing.
            left_behind = StreamSub(
                stream_of(source),
                group=listener.service.value,
                consumer=consumer,
                batch=True,
                min_idle_time=claim_idle_ms,
                polling_interval=READ_BLOCK_MS,
            )
            # What was left behind may be what ended its reader: it is only kept, and the worker counts.
            for sub, keep in ((new, take_in), (left_behind, keep_only)):
                broker.subscriber(stream=sub, decoder=_undecoded, ack_policy=AckPolicy.MANUAL)(_receiver(source, keep))

    async def make_groups(self) -> None:
        """Each group from the stream's first entry on; FastStream's own would begin at its end and skip the rest."""
        client = await self._broker.connect()
        for source in self._listener.sources:
            try:
                await client.xgroup_create(stream_of(source), self._listener.service.value, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def forget_the_gone(self) -> None:
        """Consumers of processes that ended long ago and left nothing unacknowledged."""
        client = await self._broker.connect()
        for source in self._listener.sources:
            stream, group = stream_of(source), self._listener.service.value
            for consumer in await client.xinfo_consumers(stream, group):
                if consumer["pending"] == 0 and consumer["idle"] > GONE_AFTER_MS:
                    await client.xgroup_delconsumer(stream, group, consumer["name"])

    async def start(self) -> None:
        await self.make_groups()
        await self.forget_the_gone()
        self._begin_at_the_first()
        await self._broker.start()

    def _begin_at_the_first(self) -> None:
        """Where FastStream begins a group that was lost since `make_groups`; of itself it would skip what is there."""
        for subscriber in self._broker.subscribers:
            subscriber.last_id = "0"  # type: ignore[attr-defined]

    async def keep_alive(self, *, every: float) -> None:
        """Make groups again that were lost, and start subscribers again that ended with them."""
        while True:
            await asyncio.sleep(every)
            try:
                await self.make_groups()
                for subscriber in self._broker.subscribers:
                    if not subscriber.running:
                        log.warning("a subscriber of %s had ended; it starts again", self._listener.service)
                        self._begin_at_the_first()
                        await subscriber.start()
            except (RedisError, OSError) as error:
                log.warning("streams of %s wait: %s", self._listener.service, type(error).__name__)

    @property
    def listening(self) -> bool:
        return all(subscriber.running for subscriber in self._broker.subscribers)
