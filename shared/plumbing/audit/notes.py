"""What a use case adds to the trail of the request that it serves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session as SyncSession
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.audit.entry import Entry, Kind, written
from shared.plumbing.audit.keeping import append
from shared.plumbing.audit.words import case_chain, person_chain
from shared.plumbing.clock import SystemClock
from shared.plumbing.origin import new_id, origin
from shared.plumbing.seal import seal

PAGE = "audit"
"""In `session.info`: what is to be written about the work of this transaction."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """An act within a request that stands in the trail by itself."""

    act: str
    reason: str | None
    case_id: str | None
    person_id: str | None
    association_id: str | None = None


@dataclass
class Page:
    """What a request turned out to be about, and what its use case noted."""

    association_id: str | None = None
    case_id: str | None = None
    notes: list[Note] = field(default_factory=list)
    unasked: list[Entry] | None = None
    """The whole entries, where no door will write them: a message or a timer is at work."""


def open_page(session: AsyncSession) -> Page:
    """Begin to note for a request; its door writes the entries, with the person and the address."""
    page = session.info[PAGE] = Page()
    return page


def about(session: AsyncSession, *, association_id: str, case_id: str | None) -> None:
    """Say whose matter the request at hand is, where neither its address nor a token does; the first word counts."""
    page = session.info.get(PAGE)
    if page is not None:
        page.association_id = page.association_id or association_id
        page.case_id = page.case_id or case_id


async def record(
    session: AsyncSession,
    *,
    act: str,
    reason: str | None = None,
    case_id: str | None = None,
    person_id: str | None = None,
    association_id: str | None = None,
) -> None:
    """Keep `act` of whoever acts now, in the caller's transaction; `person_id` is whom it is about.

    `association_id` says whose matter it is where no door does: for a message or a timer.

    Written when the transaction ends: a chain is taken last, so that nobody waits for another in a circle.
    """
    note = Note(act=act, reason=reason, case_id=case_id, person_id=person_id, association_id=association_id)
    page: Page | None = session.info.get(PAGE)
    if page is None:
        page = session.info[PAGE] = Page(unasked=[])
        event.listen(session.sync_session, "before_commit", _write_unasked)
    if page.unasked is None:
        page.notes.append(note)
    else:
        page.unasked.append(_entry(note))


def _write_unasked(session: SyncSession) -> None:
    page: Page = session.info[PAGE]
    if page.unasked and not session.in_nested_transaction():
        session.flush()
        append(session.connection(), page.unasked)
        page.unasked.clear()


def _entry(note: Note) -> Entry:
    """All that is known of an act without a door: `Origin` says whose message or timer it answers."""
    cause, now = origin(), written(SystemClock().now())
    actor = cause.actor
    chain = case_chain(note.case_id) if note.case_id else person_chain(note.association_id, actor.person_id)
    return Entry(
        id=new_id(),
        chain=chain,
        kind=Kind.DID,
        act=note.act,
        association_id=note.association_id,
        at=now,
        machine_at=now,
        person_id=actor.person_id,
        role=actor.role.value if actor.role else None,
        branch_id=actor.branch_id,
        case_id=note.case_id,
        subject_id=note.person_id,
        correlation_id=cause.correlation_id,
        reason=seal(note.reason, subject=note.person_id) if note.reason else None,
    )


def figures_only(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an endpoint that reads about no person and no case: looks at it are not kept."""
    endpoint.figures_only = True  # type: ignore[attr-defined]
    return endpoint
