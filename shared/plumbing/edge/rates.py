"""How often one address, one person and one token may knock, counted in Redis by all processes together.

While Redis is away, staff pass uncounted: a branch must not stop work for want of a counter, and its people have shown
who they are. At a public door nobody has; there each process counts for itself, a quarter of what is allowed else.
"""

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from prometheus_client import CollectorRegistry, Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.language.errors import TooManyRequests
from shared.plumbing.browser import token_of
from shared.plumbing.clock import SystemClock
from shared.plumbing.identity import Principal
from shared.plumbing.seal import RING
from shared.plumbing.settings import Settings

ASKED_SECONDS = 0.5
BLIND_SECONDS = 5.0
"""After Redis did not answer, it is left alone for so long: else every request would wait for it in vain."""
ALONE_SHARE = 4
IPV6_HOUSE = 64
"""Bits of an IPv6 address that name a household; the others it chooses itself, as often as it likes."""

log = logging.getLogger("athar.edge")
F = TypeVar("F", bound=Callable[..., Any])


class Pace(StrEnum):
    """Which allowance an address has at a door."""

    STAFF = "staff"
    PUBLIC = "public"
    SIGN_IN = "sign_in"


def sign_in_door(endpoint: F) -> F:
    """Mark an endpoint that takes a password or a code: there an address has the smallest allowance."""
    endpoint.pace = Pace.SIGN_IN  # type: ignore[attr-defined]
    return endpoint


def public_page(endpoint: F) -> F:
    """Mark a page that takes what anybody types, without being asked who he is: the pace of the public's API."""
    endpoint.pace = Pace.PUBLIC  # type: ignore[attr-defined]
    return endpoint


def pace_of(endpoint: Callable[..., Any], *, path: str, is_public: bool) -> Pace:
    """The pace at a door: what its endpoint says, or who may pass. Looking at `/health` is nobody's attack."""
    staff_or_public = Pace.PUBLIC if is_public and "/public/" in path else Pace.STAFF
    return Pace(getattr(endpoint, "pace", staff_or_public))


class Limiter:
    """Counts who knocks at the doors of one process."""

    def __init__(
        self,
        *,
        address: str,
        account: str,
        token: str,
        public: str,
        sign_in: str,
        stream: Redis,
        registry: CollectorRegistry,
    ) -> None:
        self._address = {Pace.STAFF: parse(address), Pace.PUBLIC: parse(public), Pace.SIGN_IN: parse(sign_in)}
        self._account, self._token = parse(account), parse(token)
        self._shared = FixedWindowRateLimiter(
            RedisStorage(
                "redis://",
                implementation="redispy",
                key_prefix="athar:pace",
                connection_pool=stream.connection_pool,  # type: ignore[arg-type]
            )
        )
        self._alone = FixedWindowRateLimiter(MemoryStorage())
        self._blind_until = 0.0
        self._limited = Counter("athar_requests_limited", "Requests over an allowance.", ["by"], registry=registry)
        self._unseen = Counter(
            "athar_requests_uncounted", "Requests that were not counted because Redis was away.", registry=registry
        )

    async def admit_address(self, request: Request, *, pace: Pace) -> None:
        """Raises `TooManyRequests` where this address has knocked too often."""
        house = _house(request.client.host if request.client else "")
        await self._admit(self._address[pace], pace, house, "address", is_staff=pace is Pace.STAFF)

    async def admit_person(self, request: Request, principal: Principal) -> None:
        """Raises `TooManyRequests` where this person, or this token, has."""
        person = f"{principal.association_id}/{principal.person_id}"
        await asyncio.gather(
            self._admit(self._account, Pace.STAFF, person, "account", is_staff=True),
            self._admit(self._token, Pace.STAFF, token_of(request), "token", is_staff=True),
        )

    async def admit_sign_in(self, account: str) -> None:
        """Raises `TooManyRequests` where somebody has tried this account too often, from however many addresses."""
        await self._admit(self._address[Pace.SIGN_IN], Pace.SIGN_IN, account, "account", is_staff=False)

    async def _admit(self, item: RateLimitItem, pace: Pace, who: str, by: str, *, is_staff: bool) -> None:
        # An address and an account are somebody's: Redis holds neither.
        key = (pace.value, by, RING.index(who))
        if time.monotonic() >= self._blind_until:
            try:
                async with asyncio.timeout(ASKED_SECONDS):
                    if not await self._shared.hit(item, *key):
                        await self._refuse(self._shared, item, key, by)
                    return
            except (RedisError, OSError, TimeoutError) as error:
                self._blind_until = time.monotonic() + BLIND_SECONDS
                log.warning("requests are not counted, Redis is away: %s", type(error).__name__)
        self._unseen.inc()
        if is_staff:
            return
        own = type(item)(max(1, item.amount // ALONE_SHARE), item.multiples)
        if not await self._alone.hit(own, *key):
            await self._refuse(self._alone, own, key, by)

    async def _refuse(
        self, counted: FixedWindowRateLimiter, item: RateLimitItem, key: tuple[str, str, str], by: str
    ) -> None:
        self._limited.labels(by).inc()
        ends = (await counted.get_window_stats(item, *key)).reset_time
        raise TooManyRequests(seconds=max(1, round(ends - SystemClock().now().timestamp())))


def limiter_of(settings: Settings, *, stream: Redis, registry: CollectorRegistry) -> Limiter | None:
    """As the settings say; `None` where they count nobody."""
    if not settings.limits_rates:
        return None
    return Limiter(
        address=settings.rate_per_address,
        account=settings.rate_per_account,
        token=settings.rate_per_bearer,
        public=settings.rate_public,
        sign_in=settings.rate_sign_in,
        stream=stream,
        registry=registry,
    )


def _house(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_HOUSE), strict=False))
    return str(parsed)
