"""Consent over HTTP: given, taken back, and looked at."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from services.notifications.domain.consent import Purpose, Way
from services.notifications.use_cases.note_consent import NoteConsent, note_consent, see_consents
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="consents")

DESK = (Role.DELEGATE, Role.BRANCH_MANAGER, Role.INTAKE_OFFICER, Role.ASSOCIATION_ADMINISTRATOR)
"""Who hears it from the person."""
READERS = (*DESK, Role.NOTIFICATIONS_OPERATOR, Role.AUDITOR)
SubjectId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:@-]*$", min_length=1, max_length=100)]


class NewConsent(BaseModel):
    """A yes or a no of a person, for one purpose."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"purpose": "awareness", "given": True, "way": "spoken"}]}
    )

    purpose: Purpose
    given: bool
    way: Way


class ConsentView(BaseModel):
    """What he said last, for one purpose."""

    model_config = ConfigDict(from_attributes=True)

    purpose: Purpose
    given: bool
    way: Way
    noted_by: str
    said_at: datetime


@router.post(
    "/people/{subject_id}/consents", status_code=201, summary="Note a person's consent, or that he takes it back"
)
@refuses(errors.PersonNotFound, errors.ConsentNotNeeded)
async def post_consent(
    subject_id: SubjectId, new: NewConsent, session: Session, now: Now, who: Annotated[Principal, allow(*DESK)]
) -> ConsentView:
    command = NoteConsent(subject_id=subject_id, by=who, **new.model_dump())
    return ConsentView.model_validate(await note_consent(command, session=session, now=now))


@router.get("/people/{subject_id}/consents", summary="For what a person may be written to")
@refuses(errors.PersonNotFound)
async def show_consents(
    subject_id: SubjectId, session: Session, _: Annotated[Principal, allow(*READERS)]
) -> list[ConsentView]:
    return [ConsentView.model_validate(one) for one in await see_consents(subject_id, session=session)]
