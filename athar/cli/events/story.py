"""One case across the four services: what was told, by whom, and what became of it where it was heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from athar.cli.words import lasting
from services.intake.store import case_named
from services.notifications.store import messages_caused_by
from services.research.store import rounds_of
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.service import Runtime
from shared.plumbing.tables import DONE, READY
from shared.plumbing.timers import TIMER
from shared.plumbing.trail import Heard, Told, heard_about, taken_until, told_about


@dataclass(frozen=True)
class Arrival:
    """What became of a fact at one service."""

    service: str
    state: str
    tries: int = 0
    delay: timedelta | None = None
    """From told, or due, to effect."""

    @property
    def words(self) -> str:
        state = self.state if self.delay is None else lasting(self.delay)
        return f"{state}, {self.tries} failed" if self.tries else state


@dataclass(frozen=True)
class Line:
    """A fact or a timer."""

    at: datetime
    service: str
    who: str
    what: str
    seq: int | None
    arrivals: list[Arrival] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """What one service knows of the case."""

    told: list[Told]
    heard: dict[str, Heard]
    taken: dict[str, int]
    listens_to: frozenset[str]


async def case_id_of(runtimes: Mapping[str, Runtime], name: str) -> str:
    """The id of the case that `name` is, or is the reference of."""
    async with runtimes["intake"].database.read(scope=EVERYTHING) as session:
        return await case_named(session, name) or name


async def story_of(runtimes: Mapping[str, Runtime], case_id: str) -> list[Line]:
    """Every fact and timer about the case, in order of time."""
    told: dict[str, list[Told]] = {}
    for name, runtime in runtimes.items():
        async with runtime.database.read() as session:
            told[name] = await told_about(session, case_id)
    facts = [one.event_id for some in told.values() for one in some]
    places = {}
    for name, runtime in runtimes.items():
        async with runtime.database.read(scope=EVERYTHING) as session:
            keys = [case_id, *await _other_keys(name, session, case_id=case_id, facts=facts)]
            places[name] = Place(
                told=told[name],
                heard={one.event_id: one for one in await heard_about(session, keys)},
                taken=await taken_until(session, case_id),
                listens_to=frozenset(runtime.service.make_listener(runtime).sources),
            )
    lines = [_fact(one, name, places) for name in places for one in told[name]]
    # Told about the case by somebody whose outbox no longer has it, or never had.
    known = set(facts)
    for name, place in places.items():
        lines += [_timer(one, name) for one in place.heard.values() if one.source == TIMER]
        lines += [_stranger(one, name, place) for one in place.heard.values() if _strange(one, known)]
    return sorted(lines, key=lambda line: line.at)


async def _other_keys(name: str, session: AsyncSession, *, case_id: str, facts: Sequence[str]) -> list[str]:
    """What timers about the case are named after, where it is not the case."""
    if name == "research":
        return await rounds_of(session, case_id)
    if name == "notifications":
        return await messages_caused_by(session, facts)
    return []


def _fact(told: Told, teller: str, places: Mapping[str, Place]) -> Line:
    arrivals = [_arrival(told, teller, name, place) for name, place in places.items() if teller in place.listens_to]
    what = told.type if told.published else f"{told.type} (unsent)"
    return Line(at=told.at, service=teller, who=told.who, what=what, seq=told.seq, arrivals=arrivals)


def _arrival(told: Told, teller: str, name: str, place: Place) -> Arrival:
    heard = place.heard.get(told.event_id)
    if heard is None:
        done = told.seq <= place.taken.get(teller, 0)
        return Arrival(name, "done, put away" if done else "not arrived")
    delay = heard.done_at - told.at if heard.state == DONE and heard.done_at else None
    return Arrival(name, _state(heard, place), heard.attempts, delay)


def _state(heard: Heard, place: Place) -> str:
    turn = place.taken.get(heard.source, 0) + 1
    if heard.state == READY and heard.seq is not None and heard.seq > turn:
        return f"waits behind {turn}"
    return "retries" if heard.state == READY and heard.attempts else heard.state


def _timer(timer: Heard, name: str) -> Line:
    waits = timer.state == READY and not timer.attempts
    late = timer.done_at - timer.due_at if timer.state == DONE and timer.done_at else None
    state = "waits" if waits else "retries" if timer.state == READY else timer.state
    arrival = Arrival(name, state, timer.attempts, late)
    return Line(at=timer.due_at, service=name, who=timer.who, what=f"timer {timer.type}", seq=None, arrivals=[arrival])


def _strange(heard: Heard, known: set[str]) -> bool:
    return heard.source != TIMER and heard.event_id not in known


def _stranger(heard: Heard, name: str, place: Place) -> Line:
    delay = heard.done_at - heard.received_at if heard.state == DONE and heard.done_at else None
    arrival = Arrival(name, _state(heard, place), heard.attempts, delay)
    what = f"{heard.type} (in no outbox)"
    return Line(heard.received_at, service=heard.source, who=heard.who, what=what, seq=heard.seq, arrivals=[arrival])
