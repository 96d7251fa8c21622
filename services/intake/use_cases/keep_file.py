"""The image of a paper is kept, shown, and swept away where its request died before it was kept."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.files import DocumentFile, check_room
from services.intake.store import library as library_store
from services.intake.store import papers as paper_store
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from shared.language.errors import DocumentWithoutFile, StepOutOfOrder
from shared.language.steps import Step
from shared.plumbing.clock import SystemClock
from shared.plumbing.files.arrival import ArrivedFile
from shared.plumbing.files.cabinet import Cabinet, sweep
from shared.plumbing.identity import Principal
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope
from shared.plumbing.seal import readable
from shared.plumbing.service import Runtime


class KeepFile(BaseModel):
    """Keep the file of a document."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    document_id: str
    by: Principal


@dataclass(frozen=True)
class ShownFile:
    """A file and its plain pieces."""

    row: DocumentFile
    pieces: Iterator[bytes]


async def check_document_is_there(session: AsyncSession, *, who: Principal, case_id: str, document_id: str) -> None:
    """Before ten megabytes travel. Raises `CaseNotFound`, `ForeignBranch` or `DocumentNotFound`."""
    await store.see_case(session, case_id, scope=who.scope)
    await store.get_document(session, case_id=case_id, document_id=document_id)


async def keep_file(command: KeepFile, file: ArrivedFile, *, session: AsyncSession, now: datetime) -> DocumentFile:
    """Name it. Raises as `check_document_is_there`, `TooManyFiles`, and `StepOutOfOrder` once the case went up."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if case.status not in PAPERS_ARE_TAKEN_IN:
        raise StepOutOfOrder(status=case.status, event=Step("document"))
    document = await store.get_document(session, case_id=case.id, document_id=command.document_id)
    check_room(len(await store.files_of(session, document.id)))
    kept = file.take()
    row = DocumentFile(
        case_id=case.id,
        document_id=document.id,
        place=kept.place,
        subject_id=case.subject_id,
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


async def show_file(command: KeepFile, *, session: AsyncSession, cabinet: Cabinet) -> ShownFile:
    """The newest file of a document. Raises as `check_document_is_there`, `DocumentWithoutFile` and `PersonErased`."""
    case = await store.see_case(session, command.case_id, scope=command.by.scope)
    await store.get_document(session, case_id=case.id, document_id=command.document_id)
    files = await store.files_of(session, command.document_id)
    sources = {} if files else await paper_store.sources_of(session, [command.document_id])
    if source := sources.get(command.document_id):
        # The paper is part of this case, which he may see, in whichever case its file was kept first.
        await set_scope(session, EVERYTHING)
        files = await store.files_of(session, source)
    if not files:
        raise DocumentWithoutFile
    return ShownFile(files[-1], cabinet.open(files[-1].place, key=b64decode(readable(files[-1].key))))


async def sweep_files(runtime: Runtime) -> int:
    """Take away the files that no row names; how many those were."""

    async def named(places: list[str]) -> set[str]:
        async with runtime.database.read(scope=EVERYTHING) as session:
            return await store.named_places(session, places) | await library_store.named_places(session, places)

    return await sweep(runtime.cabinet, now=SystemClock().now(), named=named)
