"""Lists of people and requests from elsewhere: sent by the administrator, checked, taken in, and reported on by row."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.import_views import (
    Columns,
    ImportFile,
    ImportPage,
    ImportView,
    RowPage,
    file_view,
    row_view,
)
from services.intake.domain.imports.columns import letter
from services.intake.domain.imports.run import ImportRow, Outcome
from services.intake.store import imports as store
from services.intake.use_cases.imports.begin_import import begin_import, check_may_import
from services.intake.use_cases.imports.steer_import import (
    ChooseColumns,
    check_import,
    choose_columns,
    discard_import,
    start_import,
    stop_import,
)
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.exports import Listing, export
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.files.check import Taken
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language
from shared.sheets import Column, Kind, Value, sheet_of

router = api_router(tag="imports")

Administrator = Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)]
Reader = Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)]
ImportId = Annotated[str, Path(min_length=1, max_length=100)]
IN_THE_WAY = (errors.ImportNotFound, errors.ImportOutOfOrder)

OUTCOMES = {
    Outcome.NEW: ("ملف جديد", "new"),
    Outcome.UPDATED: ("له ملف، وحُفظ فيه ما في الصف", "kept in his file"),
    Outcome.LEFT: ("له ملف، وتُرك كما هو", "left as it is"),
    Outcome.REFUSED: ("لم يُقبل", "refused"),
}


@router.post("/imports", status_code=201, summary="Send a table of people or requests, CSV or Excel")
@takes_file(check_may_import, taken=Taken.TABLE)
async def post_import(file: File, request: Request, session: Session, now: Now, who: Administrator) -> ImportFile:
    """As a form's field `file`, or as the body itself. Nothing is taken in yet; columns that are known are chosen."""
    cabinet = request.app.state.runtime.cabinet
    begun = await begin_import(file.take(), file_name=file.name, by=who, cabinet=cabinet, session=session, now=now)
    return file_view(begun)


@router.get("/imports", summary="The imports of the association, a page at a time")
async def list_imports(
    session: Session,
    who: Reader,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ImportPage:
    found = await store.list_imports(session, association_id=who.association_id, after=after, limit=limit)
    items = [ImportView.model_validate(one) for one in found]
    return ImportPage(items=items, next=found[-1].id if len(found) == limit else None)


@router.get("/imports/{import_id}", summary="Where an import stands: rows done of their total")
@refuses(errors.ImportNotFound)
async def show_import(import_id: ImportId, session: Session, who: Reader) -> ImportFile:  # noqa: ARG001
    return file_view(await store.see_import(session, import_id))


@router.post("/imports/{import_id}/columns", summary="Say which column is which field")
@refuses(*IN_THE_WAY, errors.ColumnUnknown, errors.ServiceUnknown, errors.BranchUnknown, errors.ChannelNotAdopted)
async def post_columns(
    import_id: ImportId,
    chosen: Columns,
    session: Session,
    who: Administrator,  # noqa: ARG001
) -> ImportFile:
    command = ChooseColumns(import_id=import_id, **chosen.model_dump())
    return file_view(await choose_columns(command, session=session))


@router.post("/imports/{import_id}/check", status_code=202, summary="Look at every row, and take nothing in")
@refuses(*IN_THE_WAY, errors.ColumnsLacking)
async def post_check(import_id: ImportId, session: Session, now: Now, who: Administrator) -> ImportView:  # noqa: ARG001
    return ImportView.model_validate(await check_import(import_id, session=session, now=now))


@router.post("/imports/{import_id}/start", status_code=202, summary="Take the rows in, or go on where it stopped")
@refuses(*IN_THE_WAY)
async def post_start(import_id: ImportId, session: Session, now: Now, who: Administrator) -> ImportView:
    return ImportView.model_validate(await start_import(import_id, by=who.person_id, session=session, now=now))


@router.post("/imports/{import_id}/stop", summary="Go no further; what was taken in stays")
@refuses(*IN_THE_WAY)
async def post_stop(import_id: ImportId, session: Session, who: Administrator) -> ImportView:  # noqa: ARG001
    return ImportView.model_validate(await stop_import(import_id, session=session))


@router.post("/imports/{import_id}/discard", summary="Give the rest up; its file goes, what was taken in stays")
@refuses(*IN_THE_WAY)
async def post_discard(import_id: ImportId, session: Session, now: Now, who: Administrator) -> ImportView:  # noqa: ARG001
    return ImportView.model_validate(await discard_import(import_id, session=session, now=now))


@router.get("/imports/{import_id}/rows", summary="What became of each row, a page at a time")
@refuses(errors.ImportNotFound)
async def list_rows(
    import_id: ImportId,
    session: Session,
    who: Reader,  # noqa: ARG001
    outcome: Outcome | None = None,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RowPage:
    found = await store.see_import(session, import_id)
    rows = await store.list_import_rows(session, import_id, outcome=outcome, after=after, limit=limit)
    items = [row_view(row, headings=found.headings) for row in rows]
    return RowPage(items=items, next=rows[-1].number if len(rows) == limit else None)


COLUMNS = (
    ("الصف", "Row", 8),
    ("النتيجة", "Outcome", 22),
    ("رقم الطلب", "Request", 20),
    ("العمود", "Column", 26),
    ("ما العمل", "What to do", 80),
)


@router.get(
    "/imports/{import_id}/rows.{kind}",
    summary="What became of each row, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
@refuses(errors.ImportNotFound)
async def export_rows(
    import_id: ImportId,
    kind: Kind,
    request: Request,
    session: Session,
    who: Reader,
    outcome: Outcome | None = None,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; a fault a line within its row."""
    headings = (await store.see_import(session, import_id)).headings
    in_arabic = language == "ar"

    async def load(own: AsyncSession, after: str, limit: int) -> Sequence[ImportRow]:
        return await store.list_import_rows(own, import_id, outcome=outcome, after=int(after or 0), limit=limit)

    def named(place: int | None) -> str:
        if place is None:
            return "—"
        return f"{letter(place)} «{headings[place]}»" if place < len(headings) else letter(place)

    def row(one: ImportRow) -> Sequence[Value]:
        where = "\n".join(named(fault["column"]) for fault in one.faults)
        what = "\n".join(fault[language] for fault in one.faults)
        return [one.number, OUTCOMES[one.outcome][not in_arabic], one.reference, where or None, what or None]

    columns = [Column(ar if in_arabic else en, width) for ar, en, width in COLUMNS]
    title = "تقرير الاستيراد" if in_arabic else "Import report"
    sheet = sheet_of(kind, columns, title=title, right_to_left=in_arabic)
    name, fallback = f"{title}.{kind}", f"import.{kind}"
    return export(request, Listing(load, row), sheet=sheet, who=who, name=name, fallback=fallback)
