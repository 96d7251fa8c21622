"""A session begins, and goes on step by step until its person sits in a seat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.sessions import (
    AT_ONCE,
    Lifetimes,
    StaffSession,
    Stage,
    hash_of,
    new_secret,
)
from services.intake.domain.accounts.staff import Place, Staff, compatible
from services.intake.store import accounts as store
from services.intake.use_cases.accounts.end_sessions import end_all
from shared.language.errors import SeatLapsed, SessionEnded
from shared.language.roles import Role


@dataclass(frozen=True)
class SignedIn:
    """A session as far as it has come; `secret` is shown to its owner alone."""

    session: StaffSession
    secret: str
    staff: Staff
    places: list[Place]

    @property
    def place(self) -> Place | None:
        """Where he sits, once he does."""
        return place_in(self.session, self.places)


def place_in(session: StaffSession, places: list[Place]) -> Place | None:
    """The place of `places` that the session sits in."""
    if session.stage is not Stage.OPEN:
        return None
    sits = session.delegation_id or session.seat_id
    return next((place for place in places if place.id == sits), None)


async def places_for(begun: StaffSession, *, session: AsyncSession, now: datetime) -> list[Place]:
    """Where the person of this session can sit now."""
    places = compatible(await store.places_of(session, begun.person_id, now=now))
    return [place for place in places if begun.may_sit(place)]


async def begin_session(
    staff: Staff,
    *,
    lifetimes: Lifetimes,
    session: AsyncSession,
    now: datetime,
    vouched_roles: Iterable[Role] | None = None,
) -> SignedIn:
    """A new session of `staff`, who is held; with `vouched_roles` he came through the identity provider.

    Then it is the provider that asks for a second factor. Raises `SeatLapsed`.
    """
    await store.clear_old_sessions(session, now=now)
    running = await store.running_sessions_of(session, staff.id, now=now)
    await end_all(running[: -AT_ONCE + 1], because="too many", session=session, now=now)
    secret = new_secret()
    begun = StaffSession(
        association_id=staff.association_id,
        person_id=staff.id,
        stage=Stage.SECOND_FACTOR,
        second_factor_done=vouched_roles is not None,
        vouched_roles=None if vouched_roles is None else sorted(vouched_roles),
        secret_hash=hash_of(secret),
        renewed_at=now,
        began_at=now,
        ends_at=now + lifetimes.whole,
    )
    session.add(begun)
    await session.flush()
    return await go_on(begun, staff, secret=f"{begun.id}.{secret}", lifetimes=lifetimes, session=session, now=now)


async def go_on(
    begun: StaffSession, staff: Staff, *, secret: str, lifetimes: Lifetimes, session: AsyncSession, now: datetime
) -> SignedIn:
    """Take the next step. Raises `SeatLapsed`."""
    places = await places_for(begun, session=session, now=now)
    begun.go_on(staff, places, lifetimes)
    if begun.stage is Stage.OPEN:
        await sit(begun, staff, places[0], session=session, now=now)
    return SignedIn(begun, secret, staff, places)


async def sit(begun: StaffSession, staff: Staff, place: Place, *, session: AsyncSession, now: datetime) -> None:
    """Sit in `place`, which is held: whoever ends it meanwhile ends this session as well. Raises `SeatLapsed`."""
    await store.hold_seat(session, place.seat.id, association_id=staff.association_id)
    if not place.is_in_force(at=now):
        raise SeatLapsed
    begun.sit(place)
    staff.first_signed_in_at = staff.first_signed_in_at or now


async def hold(
    secret: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime, place: Place | None = None
) -> tuple[StaffSession, Staff]:
    """The session that `secret` opens, its person, and the seat of `place`, all held. Raises `SessionEnded`."""
    session_id, _, own = secret.partition(".")
    seen = await store.find_session(session, session_id)
    # The person first, as everyone who ends his sessions does.
    staff = await store.hold_staff(session, seen.person_id) if seen else None
    if place is not None:
        await store.hold_seat(session, place.seat.id, association_id=place.seat.association_id)
    found = await store.hold_session(session, session_id)
    if staff is None or found is None or not found.knows(own) or found.is_over(at=now, lifetimes=lifetimes):
        raise SessionEnded
    if not staff.is_active:
        raise SessionEnded
    return found, staff


async def see(secret: str, *, lifetimes: Lifetimes, session: AsyncSession, now: datetime) -> SignedIn:
    """The session as it stands, to be shown. Raises `SessionEnded`."""
    session_id, _, own = secret.partition(".")
    found = await store.find_session(session, session_id)
    staff = await store.find_staff(session, found.person_id) if found else None
    if staff is None or found is None or not found.knows(own) or found.is_over(at=now, lifetimes=lifetimes):
        raise SessionEnded
    return SignedIn(found, secret, staff, await places_for(found, session=session, now=now))
