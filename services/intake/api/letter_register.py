"""The register of letters, in and out, with running numbers (`channel.letter`)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.intake.api.days import check_day_has_come
from services.intake.api.views import FRONT, Body, Code, Line, shown
from services.intake.domain.letters import Direction
from services.intake.seats import REGISTRY
from services.intake.store import contacts as contact_store
from services.intake.use_cases.register_letter import RegisterLetter, register_letter
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="letters")

Year = Annotated[int | None, Query(ge=2000, le=2200)]


class NewLetter(Body):
    """A letter that came or goes."""

    model_config = shown(
        {
            "direction": "incoming",
            "their_number": "44/1203",
            "dated": "2026-11-20",
            "attachments": 2,
            "subject": "طلب إعانة لأسرة",
            "correspondent": "مركز حي هدى الشام",
        }
    )

    direction: Direction
    their_number: Line | None = None
    dated: date
    attachments: Annotated[int, Field(ge=0, le=999)] = 0
    subject: Line
    correspondent: Line
    case_id: Code | None = None


class LetterView(BaseModel):
    """A letter in the register, by the number that is stamped on it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    direction: Direction
    number: int
    shown_number: str
    their_number: str | None
    dated: date
    attachments: int
    subject: str
    correspondent: str
    branch_id: str
    case_id: str | None
    registered_by: str
    registered_at: datetime


class LetterPage(BaseModel):
    """A page of the register; `next` is the `after` of the following page."""

    items: list[LetterView]
    next: int | None


@router.post("/letters", status_code=201, summary="Enter a letter in the register; it gets its running number")
@refuses(errors.CaseNotFound, errors.BranchIsClosed)
async def post_letter(
    new: NewLetter, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> LetterView:
    check_day_has_come(new.dated, field="dated", now=now)
    command = RegisterLetter(**new.model_dump(), by=who)
    return LetterView.model_validate(await register_letter(command, session=session, now=now))


@router.get("/letters", summary="The register of letters in or out, of a year, a page at a time")
async def list_letters(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*REGISTRY)],
    direction: Direction = Direction.INCOMING,
    year: Year = None,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LetterPage:
    found = await contact_store.list_letters(
        session,
        scope=who.scope,
        direction=direction,
        year=year or riyadh_day(now).year,
        after=after,
        limit=limit,
    )
    items = [LetterView.model_validate(letter) for letter in found]
    return LetterPage(items=items, next=found[-1].number if len(found) == limit else None)
