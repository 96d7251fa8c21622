"""Confidential cases: closed to all but those named on them, and that there are such."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.intake import store
from services.intake.api.views import Body, Code, Text, shown
from services.intake.use_cases.make_confidential import MakeConfidential, MakeOpen, make_confidential, make_open
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="confidence")

CLOSERS = (Role.BRANCH_MANAGER, Role.ASSOCIATION_ADMINISTRATOR)


class Confidence(Body):
    """Who may see the case from now on, by their ids, and why; you are always one of them."""

    model_config = shown({"named": ["social_researcher-1"], "reason": "عنف أسري؛ يعرف الجاني موظفًا في الفرع."})

    named: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    reason: Text


class Opening(Body):
    """Why the case need not be confidential any more."""

    model_config = shown({"reason": "زال السبب."})

    reason: Text


class NamedOn(BaseModel):
    """Who may see a confidential case."""

    case_id: str
    named: tuple[str, ...]


class ConfidentialCase(BaseModel):
    """That a case is confidential; nothing of what is in it."""

    model_config = ConfigDict(from_attributes=True)

    case_id: str
    reference: str
    branch_id: str
    since: datetime


class ConfidentialPage(BaseModel):
    """A page; `next` is the `after` of the following page."""

    items: list[ConfidentialCase]
    next: str | None


@router.post("/cases/{case_id}/confidence", status_code=201, summary="Close a case to all but those named")
@refuses(errors.CaseNotFound, errors.NotHandedIn)
async def post_confidence(
    case_id: str, confidence: Confidence, session: Session, now: Now, who: Annotated[Principal, allow(*CLOSERS)]
) -> NamedOn:
    command = MakeConfidential(case_id=case_id, by=who, **confidence.model_dump())
    told = await make_confidential(command, session=session, now=now)
    return NamedOn(case_id=told.case_id, named=told.named)


@router.post("/cases/{case_id}/opening", status_code=204, summary="Open a confidential case again")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.NotConfidential)
async def post_opening(
    case_id: str, opening: Opening, session: Session, now: Now, who: Annotated[Principal, allow(*CLOSERS)]
) -> None:
    await make_open(MakeOpen(case_id=case_id, reason=opening.reason, by=who), session=session, now=now)


@router.get("/confidential-cases", summary="That there are confidential cases, a page at a time")
async def list_confidential(
    session: Session,
    _: Annotated[Principal, allow(Role.AUDITOR, Role.ASSOCIATION_ADMINISTRATOR)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ConfidentialPage:
    rows = await store.list_confidential(session, after=after, limit=limit)
    items = [ConfidentialCase.model_validate(row) for row in rows]
    return ConfidentialPage(items=items, next=rows[-1].case_id if len(rows) == limit else None)
