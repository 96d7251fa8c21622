"""Whom the branch may reach before he asks (`goal.proactive`)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from services.intake.api.views import FRONT, Body, Code, Text, shown
from services.intake.domain.proposals import Way
from services.intake.store import proposals as store
from services.intake.use_cases.reach_first import ActOn, Dismiss, Look, act_on, dismiss, look
from shared.language import errors
from shared.language.events import ProposalKind
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="proposals")


class NewLook(Body):
    """Which branch is to be looked through: your own where none is named."""

    model_config = shown({})

    branch_id: Code | None = None


class Reached(Body):
    """How he is reached: by a message, which goes to who agreed to be written to, or by speaking to him."""

    model_config = shown({"way": "spoken", "note": "اتصلنا به، وسيجدد هويته هذا الأسبوع."})

    way: Way
    note: Text | None = None


class Dismissal(Body):
    """Why there is no need."""

    model_config = shown({"reason": "انتقلت الأسرة إلى مدينة أخرى."})

    reason: Text


class ProposalView(BaseModel):
    """One reason to turn to somebody. `because` is the service that he was served with, for one that fits."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: ProposalKind
    branch_id: str
    case_id: str
    reference: str
    service_id: str | None
    because: str | None
    document_kind: str | None
    due_on: date | None
    made_at: datetime
    way: Way | None
    reason: str | None
    settled_by: str | None
    settled_at: datetime | None


class ProposalPage(BaseModel):
    """A page of what nobody has dealt with; `next` is the `after` of the following page."""

    items: list[ProposalView]
    next: str | None


@router.get("/proposals", summary="Whom your branch may reach before he asks, a page at a time")
async def list_proposals(
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ProposalPage:
    rows = await store.list_proposals(session, scope=who.scope, after=after, limit=limit)
    items = [ProposalView.model_validate(row) for row in rows]
    return ProposalPage(items=items, next=rows[-1].id if len(rows) == limit else None)


@router.post(
    "/proposals/looks", status_code=202, summary="Look through a branch for whom to reach, from today each day"
)
@refuses(errors.BranchUnknown)
async def post_look(
    new: NewLook, session: Session, now: Now, who: Annotated[Principal, allow(Role.BRANCH_MANAGER, Role.INTAKE_OFFICER)]
) -> None:
    await look(Look(branch=new.branch_id, by=who), session=session, now=now)


@router.post("/proposals/{proposal_id}/action", summary="Reach him")
@refuses(errors.ProposalNotFound, errors.ProposalSettled, errors.NothingToSend)
async def post_action(
    proposal_id: str, reached: Reached, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ProposalView:
    command = ActOn(proposal_id=proposal_id, by=who, **reached.model_dump())
    return ProposalView.model_validate(await act_on(command, session=session, now=now))


@router.post("/proposals/{proposal_id}/dismissal", summary="Leave it, and say why")
@refuses(errors.ProposalNotFound, errors.ProposalSettled)
async def post_dismissal(
    proposal_id: str, said: Dismissal, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ProposalView:
    command = Dismiss(proposal_id=proposal_id, reason=said.reason, by=who)
    return ProposalView.model_validate(await dismiss(command, session=session, now=now))
