"""One association's people at work: each in his own name, over HTTP alone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from joserfc.jwk import OKPKey

from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.clock import Clock
from shared.plumbing.identity import Principal, issue_token
from shared.plumbing.origin import new_id
from shared.policy.pack import Pack

PATIENCE_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.05
LONGEST_LOOK_SECONDS = 0.8


class Unexpected(Exception):
    """A service answered otherwise than the walk expects; the walk ends here and says so."""


@dataclass(frozen=True)
class Refused:
    """A refusal that the walk asked for."""

    status: int
    code: str
    clause: str | None


class Office:
    """The staff of one association."""

    def __init__(self, pack: Pack, *, client: httpx.AsyncClient, key: OKPKey, clock: Clock) -> None:
        self.pack = pack
        self.branch = next((branch for branch in pack.branches if not branch.head_office), pack.head_office)
        self._client = client
        self._key = key
        self._clock = clock

    def token(self, role: Role, person: str | None = None) -> str:
        """A token for somebody of this association in the seat `role`."""
        principal = Principal(
            association_id=self.pack.id,
            person_id=f"{self.pack.association.code.lower()}-{person or role.value.replace('_', '-')}",
            role=role,
            branch_id=self.branch.id if role in BRANCH_ROLES else None,
            session_id="by-hand:demonstration",
        )
        return issue_token(principal, key=self._key, now=self._clock.now(), lasts=timedelta(minutes=10))

    async def get(self, path: str, *, role: Role | None, person: str | None = None) -> Any:
        """What `path` shows. Raises `Unexpected` for anything but a success."""
        return self._expect(await self._send("GET", path, None, role=role, person=person))

    async def post(self, path: str, body: Any = None, *, role: Role | None, person: str | None = None) -> Any:
        """Do it. Raises `Unexpected` for anything but a success."""
        return self._expect(await self._send("POST", path, body, role=role, person=person))

    async def refused(self, path: str, body: Any = None, *, role: Role | None, person: str | None = None) -> Refused:
        """Try what must be refused. Raises `Unexpected` when it was done."""
        answer = await self._send("POST", path, body, role=role, person=person)
        if answer.status_code < 400:
            raise Unexpected(f"POST {path} was done, and should have been refused")
        problem = answer.json()
        return Refused(status=answer.status_code, code=problem["code"], clause=problem["clause"])

    async def until(self, what: str, path: str, seen: Callable[[Any], bool], *, role: Role) -> Any:
        """Look at `path` until `seen` is content. Raises `Unexpected` when patience ends."""

        async def look() -> Any | None:
            answer = await self._send("GET", path, None, role=role, person=None)
            return answer.json() if answer.status_code == 200 and seen(answer.json()) else None

        return await eventually(f"{self.pack.id}: {what}", look)

    async def _send(
        self, method: str, path: str, body: Any, *, role: Role | None, person: str | None
    ) -> httpx.Response:
        headers = {"Accept-Language": "en"}
        if role is not None:
            headers["Authorization"] = f"Bearer {self.token(role, person)}"
        if method == "POST":
            headers["Idempotency-Key"] = new_id()
        return await self._client.request(method, path, json=body, headers=headers)

    def _expect(self, answer: httpx.Response) -> Any:
        if answer.status_code >= 300:
            raise Unexpected(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


async def eventually(what: str, look: Callable[[], Awaitable[Any | None]]) -> Any:
    """What `look` finds, as soon as it finds something. Raises `Unexpected` when patience ends."""
    pause = LOOK_AGAIN_SECONDS
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (found := await look()) is None:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST_LOOK_SECONDS)
            return found
    except TimeoutError:
        raise Unexpected(f"{what} did not come within {PATIENCE_SECONDS:.0f} s") from None
