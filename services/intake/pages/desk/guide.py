"""Common answers as a guide: written by one, approved by another, found by all (`goal.answers`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.guide import GuideEntry
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.leafing import A_PAGE, leaf
from services.intake.pages.desk.on_desk import desk_page, name_of_service, router, who_of, words_of
from services.intake.pages.paths import address, go
from services.intake.seats import GUIDE_APPROVERS, GUIDE_WRITERS, READERS
from services.intake.store.desk_lists import page_of_entries
from services.intake.use_cases.keep_library import WriteEntry, approve_entry, take_entry_back, write_entry
from shared.language import errors
from shared.plumbing.audit import figures_only
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of, packs
from shared.ui import Form, Language, language_of
from shared.ui.language import mark

pages = router()

Short = Annotated[str, Query(max_length=50)]
EntryId = Annotated[str, Path(min_length=1, max_length=100)]
TOLD = {
    "proposed": mark("The answer is proposed. Nobody finds it before a colleague approves it."),
    "approved": mark("The answer is approved, and is found from now on."),
    "withdrawn": mark("The answer is taken back, and is found no more."),
}


@dataclass(frozen=True)
class Entry:
    """A common answer as the list shows it, and what may be done with it by who looks."""

    id: str
    question: str
    answer: str
    service: str
    written_at: datetime
    approved: bool
    taken_back: bool
    may_approve: bool
    may_take_back: bool


async def _page(
    request: Request,
    session: AsyncSession,
    form: Form,
    status: int,
    *,
    before: str = "",
    after: str = "",
    told: str = "",
) -> HTMLResponse:
    who, language = who_of(request), language_of(request)
    found = await page_of_entries(session, scope=who.scope, before=before, after=after, limit=A_PAGE + 1)
    shown = leaf(found, key=lambda entry: entry.id, before=before, after=after)
    return await desk_page(
        request,
        session,
        who,
        "guide.html",
        status=status,
        form=form,
        told=told,
        entries=[_entry(entry, who=who, language=language) for entry in shown.rows],
        newer=shown.newer,
        older=shown.older,
        writes=who.role in GUIDE_WRITERS,
    )


def _entry(entry: GuideEntry, *, who: Principal, language: Language) -> Entry:
    pack = packs().get(who.association_id)
    service = name_of_service(pack, entry.service_id, language=language) if pack and entry.service_id else ""
    approves, open_ = who.role in GUIDE_APPROVERS, entry.taken_back_at is None
    return Entry(
        id=entry.id,
        question=entry.question,
        answer=entry.answer,
        service=service,
        written_at=entry.written_at,
        approved=entry.approved_at is not None,
        taken_back=not open_,
        may_approve=approves and open_ and entry.approved_at is None and entry.written_by != who.person_id,
        may_take_back=approves and open_,
    )


@pages.get("/desk/guide", response_class=HTMLResponse, summary="The common answers and the proposed ones")
@figures_only
async def show_guide(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],  # noqa: ARG001 - the door
    before: Short = "",
    after: Short = "",
    done: Short = "",
) -> Response:
    return await _page(request, session, Form(), 200, before=before, after=after, told=TOLD.get(done, ""))


async def _new_page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who, language = who_of(request), language_of(request)
    services = [(service.id, words_of(service.name, language)) for service in pack_of(who.association_id).services]
    return await desk_page(request, session, who, "guide_new.html", status=status, form=form, services=services)


@pages.get("/desk/guide/new", response_class=HTMLResponse, summary="The page to propose a common answer")
@figures_only
@refuses(errors.AssociationUnknown)
async def show_new_entry(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*GUIDE_WRITERS)],  # noqa: ARG001 - the door
) -> Response:
    return await _new_page(request, session, Form(), 200)


@pages.post("/desk/guide", response_class=HTMLResponse, summary="Propose a common answer from its page")
@shown_again(_new_page)
@refuses(errors.AssociationUnknown, errors.PersonInGuide, errors.ServiceUnknown)
async def post_new_entry(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*GUIDE_WRITERS)]
) -> Response:
    fields = Fields(request, await request.body())
    question, answer = fields.text("question"), fields.text("answer", longest=TEXT)
    service_id = fields.optional("service_id")
    if service_id is not None:
        service_id = fields.choice("service_id", [one.id for one in pack_of(who.association_id).services])
    fields.check()
    command = WriteEntry(question=question, answer=answer, service_id=service_id, by=who)
    await write_entry(command, session=session, now=now)
    return go(address(request, "/desk/guide?done=proposed"))


@pages.post(
    "/desk/guide/{entry_id}/approval",
    response_class=HTMLResponse,
    summary="Approve what a colleague wrote, from the guide's page",
)
@shown_again(_page)
@refuses(errors.GuideEntryNotFound, errors.GuideEntryNotOpen, errors.OwnWords)
async def post_entry_approved(
    entry_id: EntryId, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*GUIDE_APPROVERS)]
) -> Response:
    await approve_entry(entry_id, by=who, session=session, now=now)
    return go(address(request, "/desk/guide?done=approved"))


@pages.post(
    "/desk/guide/{entry_id}/withdrawal",
    response_class=HTMLResponse,
    summary="Take a common answer back, from the guide's page",
)
@shown_again(_page)
@refuses(errors.GuideEntryNotFound, errors.GuideEntryNotOpen)
async def post_entry_taken_back(
    entry_id: EntryId, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*GUIDE_APPROVERS)]
) -> Response:
    await take_entry_back(entry_id, by=who, session=session, now=now)
    return go(address(request, "/desk/guide?done=withdrawn"))
