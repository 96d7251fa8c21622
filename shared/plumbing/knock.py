"""A knock at the door of the process that publishes: somebody else in its service has told something.

Nothing depends on it: a knock that is lost is found by the relay's next look.
"""

import logging

from faststream.redis import RedisBroker
from redis.exceptions import RedisError

from shared.language.events import Source
from shared.plumbing.database import Bell
from shared.plumbing.relay import Relay

log = logging.getLogger("athar.knock")


class Knocker:
    """Passes on what was told in this process to the process of the same service that publishes."""

    def __init__(self, broker: RedisBroker, *, source: Source, told: Bell, relay: Relay | None = None) -> None:
        self._broker = broker
        self._door = f"athar.{source.value}.knock"
        self._told = told
        self._relay = relay
        self._ear = told.listener()

    async def run(self) -> None:
        """Knock whenever something was told here that another process has to publish."""
        while True:
            await self._ear.wait()
            self._ear.clear()
            if self._relay is not None and self._relay.publishes:
                continue
            try:
                await (await self._broker.connect()).publish(self._door, b"")
            except (RedisError, OSError) as error:
                log.debug("a knock was lost: %s", type(error).__name__)

    def listen(self) -> None:
        """Hear the knocks of others, from when the broker starts."""

        @self._broker.subscriber(self._door, include_in_schema=False)
        async def knocked(_: object) -> None:
            self._told.ring(but=self._ear)
