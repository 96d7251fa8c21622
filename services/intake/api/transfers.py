"""Whose a case is: askings for it to move, the cases that a person keeps, and a branch that closes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.views import FRONT, Body, CasePage, CaseView, Code, Text, shown
from services.intake.domain.transfers import BranchClosing, TransferStatus
from services.intake.store import transfers as store
from services.intake.store.colleagues import count_seats_left
from services.intake.use_cases.close_branch import CloseBranch, close_branch
from services.intake.use_cases.transfer_case import (
    AnswerTransfer,
    AskTransfer,
    AssignCase,
    accept_transfer,
    ask_for_transfer,
    assign,
    refuse_transfer,
    revoke_transfer,
)
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="transfers")

MANAGERS = (Role.BRANCH_MANAGER, Role.INTAKE_OFFICER)
WHO_SEES_A_CLOSING = (*MANAGERS, Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)
After = Annotated[str, Query(max_length=50)]
Limit = Annotated[int, Query(ge=1, le=200)]


class NewTransfer(Body):
    """Where the case is to go, and why: another branch, or another person of this one."""

    model_config = shown({"to_branch": "jamoum", "reason": "انتقلت الأسرة إلى الجموم."})

    to_branch: Code | None = None
    to_person: Code | None = None
    reason: Text


class Answer(Body):
    """Why."""

    model_config = shown({"reason": "نعرف الأسرة، وسكنها قريب منا."})

    reason: Text


class NewAssignment(Body):
    """Who keeps the case from now on, and why."""

    model_config = shown({"person_id": "delegate-2", "reason": "إجازة زميله."})

    person_id: Code
    reason: Text


class NewClosing(Body):
    """Where the cases of a branch that closes go, and why it closes."""

    model_config = shown({"to_branch": "jamoum", "reason": "دُمج الفرعان بقرار المجلس."})

    to_branch: Code
    reason: Text


class TransferView(BaseModel):
    """An asking, as both branches see it; of the case itself it says its number alone."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    reference: str
    from_branch: str
    to_branch: str
    to_person: str | None
    reason: str
    asked_by: str
    asked_at: datetime
    status: TransferStatus
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


class TransferPage(BaseModel):
    """A page of what waits; `next` is the `after` of the following page."""

    items: list[TransferView]
    next: str | None


class ClosingView(BaseModel):
    """How far a closing is: so many of the branch's cases have moved."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    branch: str
    to_branch: str
    reason: str
    asked_by: str
    asked_at: datetime
    total: int
    moved: int
    done_at: datetime | None
    seats: int = 0
    """Those that remain at the branch: moved or ended by `/branch-closings/{closing_id}/seats`."""


@router.post("/cases/{case_id}/transfers", status_code=201, summary="Ask that a case move to a branch or a person")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.BranchUnknown,
    errors.BranchIsClosed,
    errors.AlreadyThere,
    errors.NoSeatThere,
    errors.TransferOpen,
)
async def post_transfer(
    case_id: str, new: NewTransfer, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> TransferView:
    command = AskTransfer(case_id=case_id, by=who, **new.model_dump())
    return TransferView.model_validate(await ask_for_transfer(command, session=session, now=now))


@router.get("/transfers", summary="What is asked of your branch, or by it, and waits; a page at a time")
async def list_transfers(
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    side: store.Side = "to",
    after: After = "",
    limit: Limit = 50,
) -> TransferPage:
    rows = await store.list_transfers(session, scope=who.scope, side=side, after=after, limit=limit)
    items = [TransferView.model_validate(row) for row in rows]
    return TransferPage(items=items, next=rows[-1].id if len(rows) == limit else None)


@router.post("/transfers/{transfer_id}/acceptance", summary="Take the case that you are asked to take")
@refuses(
    errors.TransferNotFound,
    errors.TransferAnswered,
    errors.NotYoursToTake,
    errors.BranchUnknown,
    errors.BranchIsClosed,
    errors.AlreadyThere,
    errors.NoSeatThere,
    errors.StepOutOfOrder,
)
async def post_acceptance(
    transfer_id: str, said: Answer, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> TransferView:
    command = AnswerTransfer(transfer_id=transfer_id, reason=said.reason, by=who)
    return TransferView.model_validate(await accept_transfer(command, session=session, now=now))


@router.post("/transfers/{transfer_id}/refusal", summary="Do not take the case")
@refuses(errors.TransferNotFound, errors.TransferAnswered, errors.NotYoursToTake)
async def post_refusal(
    transfer_id: str, said: Answer, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> TransferView:
    command = AnswerTransfer(transfer_id=transfer_id, reason=said.reason, by=who)
    return TransferView.model_validate(await refuse_transfer(command, session=session, now=now))


@router.post("/transfers/{transfer_id}/revocation", summary="Take back what your branch asked for")
@refuses(errors.TransferNotFound, errors.TransferAnswered)
async def post_revocation(
    transfer_id: str, said: Answer, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> TransferView:
    command = AnswerTransfer(transfer_id=transfer_id, reason=said.reason, by=who)
    return TransferView.model_validate(await revoke_transfer(command, session=session, now=now))


@router.post("/cases/{case_id}/assignment", summary="Say who of the branch keeps the case")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.AlreadyThere, errors.NoSeatThere)
async def post_assignment(
    case_id: str, new: NewAssignment, session: Session, now: Now, who: Annotated[Principal, allow(*MANAGERS)]
) -> CaseView:
    command = AssignCase(case_id=case_id, by=who, **new.model_dump())
    return CaseView.model_validate(await assign(command, session=session, now=now))


def keeper_of(who: Principal, *, named: str) -> str:
    """Whose caseload he is shown: a delegate has his own, whomever he names."""
    return named if named and who.role in MANAGERS else who.person_id


@router.get("/caseload", summary="The open cases that you keep, or one of your branch, a page at a time")
async def list_caseload(
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    person_id: Annotated[str, Query(max_length=100)] = "",
    after: After = "",
    limit: Limit = 50,
) -> CasePage:
    """Whoever keeps none has an empty page."""
    cases = await store.caseload_of(session, keeper_of(who, named=person_id), scope=who.scope, after=after, limit=limit)
    items = [CaseView.model_validate(case) for case in cases]
    return CasePage(items=items, next=cases[-1].id if len(cases) == limit else None)


@router.post("/branches/{branch_id}/closing", status_code=202, summary="Close a branch: all its cases move in one act")
@refuses(errors.BranchUnknown, errors.BranchIsClosed, errors.HeadOfficeStays, errors.AlreadyThere)
async def post_closing(
    branch_id: str,
    new: NewClosing,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> ClosingView:
    command = CloseBranch(branch=branch_id, by=who, **new.model_dump())
    (shown,) = await _shown([await close_branch(command, session=session, now=now)], session=session, who=who, now=now)
    return shown


@router.get("/branch-closings", summary="The branches that close or have closed, and how far each is")
async def list_closings(
    session: Session, now: Now, who: Annotated[Principal, allow(*WHO_SEES_A_CLOSING)]
) -> list[ClosingView]:
    """An association has a handful of branches, and closes each once."""
    return await _shown(await store.closings(session, scope=who.scope), session=session, who=who, now=now)


async def _shown(
    closings: Sequence[BranchClosing], *, session: AsyncSession, who: Principal, now: datetime
) -> list[ClosingView]:
    seats = await count_seats_left(session, association_id=who.association_id, now=now)
    shown = [ClosingView.model_validate(one) for one in closings]
    return [one.model_copy(update={"seats": seats.get(one.branch, 0)}) for one in shown]
