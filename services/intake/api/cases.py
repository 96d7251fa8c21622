"""Requests: begun, handed in, looked at, and brought to their end."""

from typing import Annotated

from fastapi import Query, Request

from services.intake import store
from services.intake.api.days import check_reception
from services.intake.api.views import (
    FRONT,
    READERS,
    CasePage,
    CaseView,
    Code,
    NewCase,
    Received,
    TimelineView,
)
from services.intake.domain.contacts import ContactWords
from services.intake.use_cases.draft_case import DraftCase, draft_case
from services.intake.use_cases.end_case import CloseCase, WithdrawCase, close_case, withdraw_case
from services.intake.use_cases.receive_case import ReceiveCase, receive_case
from services.intake.use_cases.take_contact import RecordArrival, record_arrival
from shared.language import errors
from shared.language.calendar import both_calendars
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="cases")


@router.post("/cases", status_code=201, summary="Begin a request")
@refuses(
    errors.ChannelNotAdopted,
    errors.ServiceUnknown,
    errors.BranchUnknown,
    errors.BranchIsClosed,
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.SearchFirst,
    errors.SameRequestOpen,
    errors.ArrivalOfAnotherChannel,
)
async def post_case(
    new: NewCase, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    rules = request.app.state.runtime.own_settings
    asked = {"search_first": rules.search_first, "one_open_request": rules.one_open_request}
    # The applicant as it was read: what he left out is not what he said.
    said = new.model_dump(exclude={"arrival", "applicant"}) | {"applicant": new.applicant}
    command = DraftCase(**said, **asked, scope=who.scope, by=who.person_id)
    case = await draft_case(command, session=session, now=now)
    if new.arrival is not None:
        await session.flush()
        came = RecordArrival(case_id=case.id, said=ContactWords(arrival=new.arrival), by=who)
        await record_arrival(came, session=session, now=now)
    return CaseView.model_validate(case)


@router.get("/cases", summary="The cases that you may see, a page at a time")
async def list_cases(
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    status: CaseStatus | None = None,
    branch_id: Code | None = None,
    beneficiary_id: Code | None = None,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CasePage:
    cases = await store.list_cases(
        session,
        scope=who.scope,
        status=status,
        branch_id=branch_id,
        beneficiary_id=beneficiary_id,
        after=after,
        limit=limit,
    )
    items = [CaseView.model_validate(case) for case in cases]
    return CasePage(items=items, next=cases[-1].id if len(cases) == limit else None)


@router.get("/cases/{case_id}", summary="A case")
@refuses(errors.CaseNotFound)
async def show_case(case_id: str, session: Session, who: Annotated[Principal, allow(*READERS)]) -> CaseView:
    return CaseView.model_validate(await store.see_case(session, case_id, scope=who.scope))


@router.get("/cases/{case_id}/timeline", summary="A case's file: every fact, who, where, and the clauses it shows kept")
@refuses(errors.CaseNotFound)
async def show_timeline(
    case_id: str, session: Session, who: Annotated[Principal, allow(*READERS)]
) -> list[TimelineView]:
    await store.see_case(session, case_id, scope=who.scope)
    return [
        TimelineView(day=both_calendars(entry.at), **entry.model_dump(exclude={"event_id", "case_id"}))
        for entry in await store.timeline_of(session, case_id)
    ]


@router.post("/cases/{case_id}/reception", summary="Hand a request in")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.FormIncomplete, errors.ServiceUnknown)
async def post_reception(
    case_id: str, received: Received, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    if received.reception is not None:
        check_reception(received.reception, now=now)
    command = ReceiveCase(case_id=case_id, reception=received.reception, scope=who.scope)
    return CaseView.model_validate(await receive_case(command, session=session, now=now))


@router.post("/cases/{case_id}/withdrawal", summary="Take a request back, before delivery")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder)
async def post_withdrawal(
    case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    return CaseView.model_validate(await withdraw_case(WithdrawCase(case_id=case_id, by=who), session=session, now=now))


@router.post("/cases/{case_id}/closing", summary="Close the file of a served or rejected case")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.NotRejected, errors.BenefitUndocumented)
async def post_closing(case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]) -> CaseView:
    return CaseView.model_validate(await close_case(CloseCase(case_id=case_id, by=who), session=session, now=now))
