"""Common answers, written by one and approved by another; the files of editions; and finding in all of it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.guide import GuideEntry, check_names_nobody
from services.intake.domain.library import Passage, ToolFile, asked_words, source_of_entry
from services.intake.store import library as library_store
from shared.language.clauses import Tool
from shared.language.errors import EditionNotFound, EditionWithoutFile
from shared.plumbing.files.arrival import ArrivedFile
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.identity import Principal, Scope
from shared.policy.adopted import pack_of, service_of


class WriteEntry(BaseModel):
    """Propose a common answer; for one service, or for all."""

    model_config = ConfigDict(frozen=True)

    question: str
    answer: str
    service_id: str | None
    by: Principal


class KeepToolFile(BaseModel):
    """Keep the document of an edition."""

    model_config = ConfigDict(frozen=True)

    tool: Tool
    edition_id: str
    by: Principal


@dataclass(frozen=True)
class ShownToolFile:
    """A file and its plain pieces."""

    row: ToolFile
    pieces: Iterator[bytes]


async def write_entry(command: WriteEntry, *, session: AsyncSession, now: datetime) -> GuideEntry:
    """Propose it; nobody finds it yet. Raises `PersonInGuide` or `ServiceUnknown`."""
    check_names_nobody(command.question, field="question")
    check_names_nobody(command.answer, field="answer")
    if command.service_id is not None:
        service_of(pack_of(command.by.association_id), command.service_id)
    entry = GuideEntry(
        association_id=command.by.association_id,
        service_id=command.service_id,
        question=command.question,
        answer=command.answer,
        written_by=command.by.person_id,
        written_at=now,
    )
    session.add(entry)
    return entry


async def approve_entry(entry_id: str, *, by: Principal, session: AsyncSession, now: datetime) -> GuideEntry:
    """From now on it is found. Raises `GuideEntryNotFound`, `GuideEntryNotOpen` or `OwnWords`."""
    entry = await library_store.get_entry(session, entry_id, scope=by.scope)
    entry.approve(by=by.person_id, at=now)
    await library_store.put_in_force(
        session,
        association_id=entry.association_id,
        source=source_of_entry(entry.id),
        title=entry.question,
        text=entry.answer,
    )
    return entry


async def take_entry_back(entry_id: str, *, by: Principal, session: AsyncSession, now: datetime) -> GuideEntry:
    """It holds no more and is not found. Raises `GuideEntryNotFound` or `GuideEntryNotOpen`."""
    entry = await library_store.get_entry(session, entry_id, scope=by.scope)
    entry.take_back(by=by.person_id, at=now)
    await library_store.take_out_of_force(
        session, association_id=entry.association_id, source=source_of_entry(entry.id)
    )
    return entry


async def search_library(asked: str, *, scope: Scope, limit: int, session: AsyncSession) -> list[Passage]:
    """What is in force and holds every word that was asked for."""
    return await library_store.search(session, asked_words(asked), scope=scope, limit=limit)


async def search_beside(case_id: str, asked: str, *, scope: Scope, limit: int, session: AsyncSession) -> list[Passage]:
    """The same beside a request. Raises `CaseNotFound`."""
    await store.see_case(session, case_id, scope=scope)
    return await search_library(asked, scope=scope, limit=limit, session=session)


async def check_edition_is_there(session: AsyncSession, *, who: Principal, tool: str, edition_id: str) -> None:
    """Before ten megabytes travel. Raises `EditionNotFound`."""
    if tool not in set(Tool):
        raise EditionNotFound
    await library_store.get_edition(session, edition_id, tool=Tool(tool), scope=who.scope)


async def keep_tool_file(command: KeepToolFile, file: ArrivedFile, *, session: AsyncSession, now: datetime) -> ToolFile:
    """Name it. Raises `EditionNotFound`."""
    edition = await library_store.get_edition(session, command.edition_id, tool=command.tool, scope=command.by.scope)
    kept = file.take()
    row = ToolFile(
        association_id=edition.association_id,
        edition_id=edition.id,
        place=kept.place,
        key=b64encode(kept.key).decode(),
        media_type=file.media_type,
        size=kept.size,
        digest=kept.digest,
        name=file.name,
        kept_by=command.by.person_id,
        kept_at=now,
    )
    session.add(row)
    return row


async def show_tool_file(command: KeepToolFile, *, session: AsyncSession, cabinet: Cabinet) -> ShownToolFile:
    """The newest file of an edition. Raises `EditionNotFound` or `EditionWithoutFile`."""
    edition = await library_store.get_edition(session, command.edition_id, tool=command.tool, scope=command.by.scope)
    row = await library_store.newest_file(session, edition.id)
    if row is None:
        raise EditionWithoutFile
    return ShownToolFile(row, cabinet.open(row.place, key=b64decode(row.key)))
