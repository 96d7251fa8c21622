"""The library beside a request: tools and common answers by their words, and the files of editions (`tool.*`)."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from services.intake.api.files import SHOWN
from services.intake.api.views import READERS, Body, Code, Line, Text, shown
from services.intake.domain.files import EXTENSIONS
from services.intake.printed import SHUT
from services.intake.seats import GUIDE_APPROVERS, GUIDE_WRITERS
from services.intake.store import library as library_store
from services.intake.use_cases.keep_library import (
    KeepToolFile,
    WriteEntry,
    approve_entry,
    check_edition_is_there,
    keep_tool_file,
    search_beside,
    search_library,
    show_tool_file,
    take_entry_back,
    write_entry,
)
from shared.language import errors
from shared.language.clauses import Tool
from shared.language.roles import Role
from shared.plumbing.audit import figures_only
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.files.names import disposition
from shared.plumbing.identity import Principal

router = api_router(tag="library")

Asked = Annotated[str, Query(min_length=2, max_length=200)]
Limit = Annotated[int, Query(ge=1, le=50)]
EntryId = Annotated[str, Path(min_length=1, max_length=100)]


class NewEntry(Body):
    """A question that many ask, and the answer for all of them: no person stands in it."""

    model_config = shown(
        {"question": "هل يلزم عقد إيجار موثق؟", "answer": "لا يلزم؛ يكفي إثبات العنوان الوطني.", "service_id": None}
    )

    question: Line
    answer: Text
    service_id: Code | None = None


class EntryView(BaseModel):
    """A common answer, and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    service_id: str | None
    question: str
    answer: str
    written_by: str
    written_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    taken_back_at: datetime | None


class EntryPage(BaseModel):
    """A page of common answers; `next` is the `after` of the following page."""

    items: list[EntryView]
    next: str | None


class PassageView(BaseModel):
    """Some lines that hold every word that was asked for; `source` says of which tool or common answer."""

    model_config = ConfigDict(from_attributes=True)

    source: str
    number: int
    title: str
    text: str


class ToolFileView(BaseModel):
    """What was kept."""

    model_config = ConfigDict(from_attributes=True)

    edition_id: str
    media_type: str
    size: int
    kept_at: datetime


@router.get("/library", summary="Find in the tools in force and the common answers, by all their words")
@figures_only
async def get_library(
    session: Session, who: Annotated[Principal, allow(*READERS)], q: Asked, limit: Limit = 20
) -> list[PassageView]:
    found = await search_library(q, scope=who.scope, limit=limit, session=session)
    return [PassageView.model_validate(passage) for passage in found]


@router.get("/cases/{case_id}/library", summary="The same beside a request")
@refuses(errors.CaseNotFound)
async def get_library_beside(
    case_id: str, session: Session, who: Annotated[Principal, allow(*READERS)], q: Asked, limit: Limit = 20
) -> list[PassageView]:
    found = await search_beside(case_id, q, scope=who.scope, limit=limit, session=session)
    return [PassageView.model_validate(passage) for passage in found]


@router.post("/guide", status_code=201, summary="Propose a common answer; a second person approves it")
@refuses(errors.PersonInGuide, errors.ServiceUnknown)
async def post_entry(
    new: NewEntry, session: Session, now: Now, who: Annotated[Principal, allow(*GUIDE_WRITERS)]
) -> EntryView:
    return EntryView.model_validate(await write_entry(WriteEntry(**new.model_dump(), by=who), session=session, now=now))


@router.get("/guide", summary="The common answers and the proposed ones, a page at a time")
@figures_only
async def list_entries(
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryPage:
    found = await library_store.list_entries(session, scope=who.scope, after=after, limit=limit)
    items = [EntryView.model_validate(entry) for entry in found]
    return EntryPage(items=items, next=found[-1].id if len(found) == limit else None)


@router.post("/guide/{entry_id}/approval", summary="Approve what a colleague wrote; from now on it is found")
@refuses(errors.GuideEntryNotFound, errors.GuideEntryNotOpen, errors.OwnWords)
async def post_approval(
    entry_id: EntryId, session: Session, now: Now, who: Annotated[Principal, allow(*GUIDE_APPROVERS)]
) -> EntryView:
    return EntryView.model_validate(await approve_entry(entry_id, by=who, session=session, now=now))


@router.post("/guide/{entry_id}/withdrawal", summary="Take a common answer back")
@refuses(errors.GuideEntryNotFound, errors.GuideEntryNotOpen)
async def post_entry_withdrawal(
    entry_id: EntryId, session: Session, now: Now, who: Annotated[Principal, allow(*GUIDE_APPROVERS)]
) -> EntryView:
    return EntryView.model_validate(await take_entry_back(entry_id, by=who, session=session, now=now))


@router.post(
    "/tools/{tool}/editions/{edition_id}/file", status_code=201, summary="Send the document of an edition of a tool"
)
@takes_file(check_edition_is_there)
@refuses(errors.EditionNotFound)
async def post_tool_file(
    tool: Tool,
    edition_id: EntryId,
    file: File,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> ToolFileView:
    """Its text is typed beside it, when the edition is published: that is what is searched."""
    command = KeepToolFile(tool=tool, edition_id=edition_id, by=who)
    return ToolFileView.model_validate(await keep_tool_file(command, file, session=session, now=now))


@router.get(
    "/tools/{tool}/editions/{edition_id}/file",
    summary="The document of an edition of a tool",
    response_class=StreamingResponse,
    responses=SHOWN,
)
@figures_only
@refuses(errors.EditionNotFound, errors.EditionWithoutFile)
async def get_tool_file(
    tool: Tool,
    edition_id: EntryId,
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
) -> StreamingResponse:
    command = KeepToolFile(tool=tool, edition_id=edition_id, by=who)
    found = await show_tool_file(command, session=session, cabinet=request.app.state.runtime.cabinet)
    fallback = f"{tool.value}.{EXTENSIONS[found.row.media_type]}"
    headers = {
        "Content-Length": str(found.row.size),
        "Content-Disposition": disposition(kind="attachment", name=found.row.name, fallback=fallback),
        "Content-Security-Policy": SHUT,
    }
    return StreamingResponse(found.pieces, media_type=found.row.media_type, headers=headers)
