"""The image or PDF of a paper: taken in, and shown to those who study the case."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from services.intake.api.views import FRONT
from services.intake.domain.files import EXTENSIONS
from services.intake.printed import SHUT
from services.intake.seats import WHO_STUDIES
from services.intake.use_cases.keep_file import KeepFile, check_document_is_there, keep_file, show_file
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.files.names import disposition
from shared.plumbing.identity import Principal

router = api_router(tag="papers")

SHOWN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in EXTENSIONS},
    }
}


class FileView(BaseModel):
    """What was kept."""

    model_config = ConfigDict(from_attributes=True)

    document_id: str
    media_type: str
    size: int
    kept_at: datetime


@router.post(
    "/cases/{case_id}/documents/{document_id}/file", status_code=201, summary="Send the image or PDF of a paper"
)
@takes_file(check_document_is_there)
@refuses(errors.CaseNotFound, errors.DocumentNotFound, errors.StepOutOfOrder, errors.TooManyFiles)
async def post_file(
    case_id: str,
    document_id: str,
    file: File,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
) -> FileView:
    """JPEG, PNG, WebP or PDF; as a form's field `file`, or as the body itself."""
    command = KeepFile(case_id=case_id, document_id=document_id, by=who)
    return FileView.model_validate(await keep_file(command, file, session=session, now=now))


@router.get(
    "/cases/{case_id}/documents/{document_id}/file",
    summary="The newest file of a paper",
    response_class=StreamingResponse,
    responses=SHOWN,
)
@refuses(errors.CaseNotFound, errors.DocumentNotFound, errors.DocumentWithoutFile)
async def get_file(
    case_id: str,
    document_id: str,
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*WHO_STUDIES)],
) -> StreamingResponse:
    command = KeepFile(case_id=case_id, document_id=document_id, by=who)
    shown = await show_file(command, session=session, cabinet=request.app.state.runtime.cabinet)
    kind = "inline" if shown.row.is_image else "attachment"
    headers = {
        "Content-Length": str(shown.row.size),
        "Content-Disposition": disposition(kind=kind, name=shown.row.name, fallback=shown.row.plain_name),
        "Content-Security-Policy": SHUT,
    }
    return StreamingResponse(shown.pieces, media_type=shown.row.media_type, headers=headers)
