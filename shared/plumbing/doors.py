"""Every HTTP entry of every service: who may pass, one transaction, one answer a key.

A route without a door does not start. What a door does not list is refused.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language import errors
from shared.language.roles import APPLICANT, Role
from shared.plumbing import browser
from shared.plumbing.audit.door import Handle, audited, watched
from shared.plumbing.clock import SystemClock
from shared.plumbing.edge import bodies
from shared.plumbing.edge.heads import check_head
from shared.plumbing.edge.rates import pace_of
from shared.plumbing.files import arrival
from shared.plumbing.files.check import Taken
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.kept_answers import packed, unpacked
from shared.plumbing.origin import Origin, acting, current_traceparent, new_id
from shared.plumbing.problems import documented
from shared.plumbing.seal import (
    RING,
    SCRUBBED,
    noting_subjects,
    seal_for_all,
    unseal_all,
)
from shared.plumbing.sessions import refuse_ended
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import answers

SAFE_METHODS = frozenset({"GET", "HEAD"})
KEY_LIMIT = 255
AT_EVERY_DOOR = (errors.BodyTooLarge, errors.Malformed, errors.PartDown, errors.PersonErased, errors.TooManyRequests)
WHERE_ONE_WRITES = (errors.KeyReused, errors.Collided, errors.RequestTooSlow)
AT_A_STAFF_DOOR = (
    errors.NotSignedIn,
    errors.TokenExpired,
    errors.TokenForged,
    errors.SessionEnded,
    errors.NotAllowed,
    errors.AssociationUnknown,
    errors.ForeignBranch,
)


@dataclass(frozen=True)
class Door:
    """Lets the listed roles pass; an empty list is the public's door."""

    roles: tuple[Role, ...]

    def admit(self, request: Request) -> Principal | None:
        """The person who passes; `None` is anyone at a public door. Raises the refusals of `AT_A_STAFF_DOOR`."""
        if not self.roles:
            return None
        if not (token := browser.token_of(request)):
            raise errors.NotSignedIn
        runtime = request.app.state.runtime
        principal: Principal = runtime.verifier.principal(token, now=runtime.clock.now())
        request.state.known = principal
        if principal.session_id is None and runtime.settings.environment == "production":
            # A token that no sign-out can end; elsewhere the demonstration and the tests make such ones.
            raise errors.SessionEnded
        if principal.role not in self.roles:
            raise errors.NotAllowed(roles=self.roles)
        return principal

    async def __call__(self, request: Request) -> Principal | None:
        principal: Principal | None = request.state.principal
        return principal


def allow(*roles: Role) -> Any:
    """A parameter's door: `who: Annotated[Principal, allow(Role.DELEGATE)]`."""
    return Depends(Door(roles))


ANYONE = Depends(Door(()))


async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _now(request: Request) -> datetime:
    now: datetime = request.app.state.runtime.clock.now()
    return now


Session = Annotated[AsyncSession, Depends(_session)]
Now = Annotated[datetime, Depends(_now)]


class MadeAnew(Response):
    """An answer that changed nothing, and is the same when it is asked for again: none is kept for its key."""


def shown_anew(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an endpoint that shows somebody in clear: no answer is kept, so that each look is asked for and noted."""
    endpoint.shown_anew = True  # type: ignore[attr-defined]
    return endpoint


def shown_once(*fields: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark an endpoint whose answer has secrets in these fields: when it is given again, nothing stands there."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.shown_once = fields  # type: ignore[attr-defined]
        return endpoint

    return mark


class AtharRoute(APIRoute):
    """One request, one transaction; it commits before the answer leaves."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        dependencies = get_dependant(path=path, call=endpoint).dependencies
        doors = [dependency.call for dependency in dependencies if isinstance(dependency.call, Door)]
        if len(doors) != 1:
            raise TypeError(f"{path} has {len(doors)} doors: a route says who may call it, once")
        self.door = doors[0]
        self.writes = not set(options.get("methods") or {"GET"}) <= SAFE_METHODS
        own: Sequence[type[errors.Refusal]] = getattr(endpoint, "refusals", ())
        everywhere = (*AT_EVERY_DOOR, *(WHERE_ONE_WRITES if self.writes else ()))
        staff = (*AT_A_STAFF_DOOR, *((errors.RequestForged,) if self.writes else ())) if self.door.roles else ()
        self.pace = pace_of(endpoint, path=path, is_public=not self.door.roles)
        self.file_check: arrival.Before | None = getattr(endpoint, "takes_file", None)
        self.file_taken: Taken = getattr(endpoint, "file_taken", Taken.PAPER)
        self.refusals = frozenset((*own, *everywhere, *staff))
        ordered = sorted(self.refusals, key=lambda refusal: (refusal.status, refusal.code))
        options["responses"] = documented(ordered) | (options.get("responses") or {})
        extra: dict[str, Any] = {"x-roles": [role.value for role in self.door.roles] or ["anyone"]}
        if self.door.roles:
            extra["security"] = [{"token": []}]
        if self.writes:
            extra["parameters"] = [IDEMPOTENCY_PARAMETER]
        if self.file_check is not None:
            extra |= arrival.DOCUMENTED
        options["openapi_extra"] = extra | (options.get("openapi_extra") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handle:
        handle = audited(super().get_route_handler(), route=self, writes=self.writes)

        async def in_one_transaction(request: Request) -> Response:
            principal = await self.let_in(request)
            cause = Origin(actor=principal.actor if principal else APPLICANT, correlation_id=new_id())
            incoming = request.headers.get("traceparent")
            with acting(cause, name=f"{request.method} {self.path}", traceparent=incoming):
                if self.writes:
                    # The body is read before a transaction begins: a slow line must not hold a lock.
                    async with _arriving(request, principal, file_check=self.file_check, taken=self.file_taken):
                        response = await _write(request, principal, handle)
                else:
                    bodies.refuse_nul(request, b"")
                    async with request.app.state.runtime.database.read(scope=_rows_of(principal)) as session:
                        await refuse_ended(session, principal)
                        request.state.session = session
                        response = await handle(request)
                response.headers["X-Correlation-Id"] = cause.correlation_id
                if traceparent := current_traceparent():
                    response.headers["traceparent"] = traceparent
                return response

        return watched(self.with_early_work(in_one_transaction), route=self)

    def with_early_work(self, handle: Handle) -> Handle:
        """`handle`, after what the route does before its transaction: nothing, at most doors."""
        return handle

    async def let_in(self, request: Request) -> Principal | None:
        """Who passes the door, counted. A route that works before its transaction asks twice: he is counted once."""
        if hasattr(request.state, "principal"):
            let_in: Principal | None = request.state.principal
            return let_in
        await request.app.state.runtime.verifier.refresh(browser.token_of(request))
        check_head(request)
        if (limiter := request.app.state.runtime.limiter) is not None:
            await limiter.admit_address(request, pace=self.pace)
        principal = self.door.admit(request)
        browser.refuse_work_of_another(principal, request)
        if limiter is not None and principal is not None:
            try:
                await limiter.admit_person(request, principal)
            except errors.TooManyRequests:
                # He passed the door: what he typed goes along on the page that asks him to wait.
                await whole_body(request)
                raise
        request.state.principal = principal
        return principal


def _rows_of(principal: Principal | None) -> Scope | None:
    """The rows that the request may touch. A public door says so itself, once it knows; the operator's never does."""
    if principal is None or principal.role is Role.PLATFORM_OPERATOR:
        return None
    return principal.scope


async def whole_body(request: Request) -> bytes:
    """The body, within what the settings allow, where the endpoint finds it as well."""
    settings = request.app.state.runtime.settings
    body = await bodies.whole_body(request, limit=settings.body_limit_bytes, seconds=settings.body_seconds)
    bodies.refuse_nul(request, body)
    return body


@asynccontextmanager
async def _arriving(
    request: Request, principal: Principal | None, *, file_check: arrival.Before | None, taken: Taken
) -> AsyncIterator[None]:
    """The body, where the endpoint finds it: in memory, or where a file is sent, in the folder of files."""
    if file_check is not None:
        bodies.refuse_nul(request, b"")
        refuse_forged = partial(browser.refuse_forged_by, principal, request)
        browser.refuse_foreign_by(principal, request)
        if not browser.says_its_token_in_a_form_of_parts(request):
            refuse_forged()
        who, check = principal, file_check
        async with arrival.arriving(request, before=check, taken=taken, who=who, refuse_forged=refuse_forged):
            yield
        return
    body = await whole_body(request)
    browser.refuse_forged_by(principal, request, body=body)
    request.state.body_digest = body
    yield


IDEMPOTENCY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT},
    "description": "A request that comes again with the same key gets the first answer again and does nothing.",
}


async def _write(
    request: Request, principal: Principal | None, handle: Callable[[Request], Awaitable[Response]]
) -> Response:
    database = request.app.state.runtime.database
    key = request.headers.get("idempotency-key")
    if key is None:
        async with database.write(scope=_rows_of(principal)) as session:
            await refuse_ended(session, principal)
            request.state.session = session
            response = await handle(request)
            reach(StopPoint.REQUEST_BEFORE_COMMIT)
        reach(StopPoint.REQUEST_AFTER_COMMIT)
        return response
    if not 0 < len(key) <= KEY_LIMIT:
        raise errors.Malformed(field="Idempotency-Key", name="Idempotency-Key", why=f"1 to {KEY_LIMIT} characters")
    # What was answered to one seat is not answered to another: it may see less.
    seat = f"{principal.role}/{principal.branch_id}\n" if principal else ""
    asked = f"{seat}{request.method} {request.url.path}?{request.url.query}\n"
    plain = asked.encode() + request.state.body_digest
    # Keyed, since a body may hold little beside a number.
    digest = RING.index(hashlib.sha256(plain).hexdigest())
    # Strangers share no keys: at a public door an answer comes back only to who types the very same again.
    person = f"{principal.association_id}/{principal.person_id}" if principal else f"anyone/{digest}"
    try:
        async with database.write(scope=_rows_of(principal)) as session:
            if not database.is_sqlite:
                # The same key twice at once: the second waits here for the first one's answer.
                lock = select(func.pg_advisory_xact_lock(func.hashtextextended(f"{person}\n{key}", 0)))
                await (await session.connection()).execute(lock)
            await refuse_ended(session, principal)
            if (earlier := await _earlier(session, person=person, key=key, digest=digest)) is not None:
                return earlier
            request.state.session = session
            with noting_subjects() as subjects:
                response = await handle(request)
                endpoint = request.scope["endpoint"]
                if isinstance(response, MadeAnew) or hasattr(endpoint, "shown_anew"):
                    return response
                once: Sequence[str] = getattr(endpoint, "shown_once", ())
                connection = await session.connection()
                await session.flush()
            await connection.execute(
                insert(answers).values(
                    person_id=person,
                    idempotency_key=key,
                    request_digest=digest,
                    status=response.status_code,
                    # An answer may name a person: it lies sealed by the keys of all whose words were in hand.
                    body=seal_for_all(packed(response, without=once), subjects).encode(),
                    answered_at=SystemClock().now(),
                )
            )
            reach(StopPoint.REQUEST_BEFORE_COMMIT)
    except IntegrityError:
        # The same key came twice at once: the other one was first, and its answer is there now.
        async with database.read() as session:
            if (earlier := await _earlier(session, person=person, key=key, digest=digest)) is not None:
                return earlier
        raise
    reach(StopPoint.REQUEST_AFTER_COMMIT)
    return response


async def _earlier(session: AsyncSession, *, person: str, key: str, digest: str) -> Response | None:
    connection = await session.connection()
    row = (
        await connection.execute(select(answers).where(answers.c.person_id == person, answers.c.idempotency_key == key))
    ).first()
    if row is None:
        return None
    if row.body == SCRUBBED.encode():
        raise errors.PersonErased
    if row.request_digest != digest:
        raise errors.KeyReused(field="Idempotency-Key")
    return unpacked(unseal_all(row.body.decode()), status=row.status)


def refuses(*refusals: type[errors.Refusal]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say which refusals an endpoint's use case may raise; they become its OpenAPI responses."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.refusals = refusals  # type: ignore[attr-defined]
        return endpoint

    return mark


def api_router(*, tag: str) -> APIRouter:
    """A router on which every route is an `AtharRoute`."""
    return APIRouter(prefix="/api/v1", route_class=AtharRoute, tags=[tag])
