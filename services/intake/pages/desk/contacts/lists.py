"""Who reached the branch, and who was promised a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.contacts import FirstContact
from services.intake.pages.desk.leafing import A_PAGE, leaf
from services.intake.pages.desk.on_desk import desk_page, router
from services.intake.pages.desk.words import CHANNELS
from services.intake.seats import FRONT
from services.intake.store.contacts import contacts_to_call
from services.intake.store.desk_lists import page_of_contacts
from services.intake.store.moments import WRITTEN, moment_in, written
from shared.language.errors import PersonErased
from shared.plumbing.doors import Now, Session, allow
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import language_of
from shared.ui.signed_in import name_of_branch

pages = router()

Short = Annotated[str, Query(max_length=50)]


@dataclass(frozen=True)
class Row:
    """A contact as a list shows it: who it is, and nothing of what he said."""

    id: str
    name: str
    branch: str
    channel: str
    taken_at: datetime
    call_back_at: datetime | None
    called_back_at: datetime | None
    is_request: bool
    late: bool


def _rows(request: Request, who: Principal, contacts: Sequence[FirstContact], *, now: datetime) -> list[Row]:
    pack, language = packs().get(who.association_id), language_of(request)
    return [
        Row(
            id=contact.id,
            name=name_in(contact),
            branch=name_of_branch(pack, contact.branch_id, language=language),
            channel=CHANNELS[contact.channel],
            taken_at=contact.taken_at,
            call_back_at=contact.call_back_at,
            called_back_at=contact.called_back_at,
            is_request=contact.case_id is not None,
            late=contact.call_back_at is not None and contact.called_back_at is None and contact.call_back_at < now,
        )
        for contact in contacts
    ]


def name_in(contact: FirstContact) -> str:
    """Who it is, as he said or the caller did; nothing once it is a request, or whoever it was is erased."""
    if contact.words is None or contact.case_id is not None:
        return ""
    try:
        said = contact.open_words()
    except PersonErased:
        return ""
    return said.name or str(getattr(said.arrival, "caller", "") or getattr(said.arrival, "sender", ""))


@pages.get("/desk/contacts", response_class=HTMLResponse, summary="Who reached the branch, the newest first")
async def show_contacts(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    before: Short = "",
    after: Short = "",
) -> Response:
    found = await page_of_contacts(session, scope=who.scope, before=before, after=after, limit=A_PAGE + 1)
    shown = leaf(found, key=lambda contact: contact.id, before=before, after=after)
    rows = _rows(request, who, shown.rows, now=now)
    return await desk_page(
        request, session, who, "contacts/list.html", rows=rows, newer=shown.newer, older=shown.older, calls=False
    )


@pages.get("/desk/calls", response_class=HTMLResponse, summary="Who waits for the call that was promised")
async def show_calls(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    after: Annotated[str, Query(max_length=100, pattern=WRITTEN)] = "",
) -> Response:
    found = await contacts_to_call(session, scope=who.scope, after=moment_in(after), limit=A_PAGE)
    last = found[-1] if len(found) == A_PAGE else None
    older = "?after=" + written(last.call_back_at, last.id) if last and last.call_back_at else None
    rows = _rows(request, who, found, now=now)
    return await desk_page(request, session, who, "contacts/list.html", rows=rows, newer=None, older=older, calls=True)
