"""A person's own data: whose a case is, what he asks about his data, and what becomes of it."""

from typing import Annotated

from fastapi import Path, Query

from services.intake.api.personal_views import (
    ApplicantView,
    Corrected,
    Extension,
    IdentityProof,
    NewRightsRequest,
    Outspoken,
    OverPage,
    Reply,
    Reveal,
    Revealed,
    RightsPage,
    RightsView,
)
from services.intake.api.views import FRONT, READERS
from services.intake.store import rights as rights_store
from services.intake.use_cases.answer_right import (
    AnswerRight,
    CorrectPerson,
    ExtendRight,
    ProveIdentity,
    answer_right,
    correct_person,
    extend_right,
    prove_identity,
)
from services.intake.use_cases.ask_for_right import AskForRight, ask_for_right
from services.intake.use_cases.erase_person import ErasePerson, erase_person
from services.intake.use_cases.propose_erasure import propose_erasure
from services.intake.use_cases.show_applicant import RevealApplicant, reveal_applicant, see_applicant
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses, shown_anew
from shared.plumbing.identity import Principal

router = api_router(tag="personal")

ADMINISTRATOR = (Role.ASSOCIATION_ADMINISTRATOR,)
"""Answers for the association's personal data."""
TAKERS = (*FRONT, *ADMINISTRATOR)
RequestId = Annotated[str, Path(min_length=1, max_length=100)]

IN_THE_WAY = (errors.RightsRequestNotFound, errors.RightsRequestAnswered)
TO_FULFIL = (*IN_THE_WAY, errors.RightsRequestOfAnotherKind, errors.IdentityUnproven, errors.PersonNotFound)


@router.get("/cases/{case_id}/applicant", summary="Whose a case is; numbers and addresses are masked")
@refuses(errors.CaseNotFound)
async def show_applicant(case_id: str, session: Session, who: Annotated[Principal, allow(*READERS)]) -> ApplicantView:
    return ApplicantView.model_validate(await see_applicant(case_id, by=who, session=session))


@router.post(
    "/cases/{case_id}/applicant/reveal", summary="See an applicant's numbers in clear, with a reason that is kept"
)
@refuses(errors.CaseNotFound)
@shown_anew
async def post_reveal(
    case_id: str, reveal: Reveal, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Revealed:
    command = RevealApplicant(case_id=case_id, fields=reveal.fields, reason=reveal.reason, by=who)
    return Revealed(values=await reveal_applicant(command, session=session, now=now))


@router.post("/personal/requests", status_code=201, summary="Take down what a person asks about his own data")
@refuses(errors.PersonNotFound)
async def post_request(
    new: NewRightsRequest, session: Session, now: Now, who: Annotated[Principal, allow(*TAKERS)]
) -> RightsView:
    command = AskForRight(**new.model_dump(), by=who)
    return RightsView.model_validate(await ask_for_right(command, session=session, now=now))


@router.get("/personal/requests", summary="What people asked about their data, a page at a time")
async def list_requests(
    session: Session,
    who: Annotated[Principal, allow(*ADMINISTRATOR, Role.AUDITOR)],
    only_open: bool = False,  # noqa: FBT001, FBT002 - the field's name on the wire
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RightsPage:
    found = await rights_store.list_requests(session, scope=who.scope, only_open=only_open, after=after, limit=limit)
    items = [RightsView.model_validate(request) for request in found]
    return RightsPage(items=items, next=found[-1].id if len(found) == limit else None)


@router.get("/personal/requests/{request_id}", summary="One of them, with its words")
@refuses(errors.RightsRequestNotFound)
async def show_request(
    request_id: RequestId, session: Session, who: Annotated[Principal, allow(*ADMINISTRATOR)]
) -> Outspoken:
    return Outspoken.model_validate(await rights_store.see_request(session, request_id, scope=who.scope))


@router.post("/personal/requests/{request_id}/identity", summary="Note by what it is known who asks")
@refuses(*IN_THE_WAY)
async def post_identity(
    request_id: RequestId,
    identity: IdentityProof,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*TAKERS)],
) -> RightsView:
    command = ProveIdentity(request_id=request_id, proof=identity.proof, by=who)
    return RightsView.model_validate(await prove_identity(command, session=session, now=now))


@router.post("/personal/requests/{request_id}/extension", summary="Take thirty days more, once, with a reason")
@refuses(*IN_THE_WAY, errors.AlreadyExtended, errors.ExtendedTooLate)
async def post_extension(
    request_id: RequestId,
    extension: Extension,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*ADMINISTRATOR)],
) -> RightsView:
    command = ExtendRight(request_id=request_id, reason=extension.reason, by=who)
    return RightsView.model_validate(await extend_right(command, session=session, now=now))


@router.post("/personal/requests/{request_id}/answer", summary="Answer a request for access, or say no to any")
@refuses(*TO_FULFIL)
async def post_answer(
    request_id: RequestId, reply: Reply, session: Session, now: Now, who: Annotated[Principal, allow(*ADMINISTRATOR)]
) -> RightsView:
    command = AnswerRight(request_id=request_id, fulfilled=reply.fulfilled, answer=reply.answer, by=who)
    return RightsView.model_validate(await answer_right(command, session=session, now=now))


@router.post("/personal/requests/{request_id}/correction", summary="Put a person's particulars right, as he asked")
@refuses(*TO_FULFIL)
async def post_correction(
    request_id: RequestId,
    corrected: Corrected,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*ADMINISTRATOR)],
) -> RightsView:
    command = CorrectPerson(request_id=request_id, correction=corrected.correction, answer=corrected.answer, by=who)
    return RightsView.model_validate(await correct_person(command, session=session, now=now))


@router.post("/personal/requests/{request_id}/erasure", status_code=202, summary="Erase a person everywhere, for good")
@refuses(*TO_FULFIL, errors.CaseStillOpen, errors.RetentionRuns)
async def post_erasure(
    request_id: RequestId, session: Session, now: Now, who: Annotated[Principal, allow(*ADMINISTRATOR)]
) -> RightsView:
    command = ErasePerson(request_id=request_id, by=who)
    return RightsView.model_validate(await erase_person(command, session=session, now=now))


@router.get("/personal/kept-long-enough", summary="Whose retention is over: to be erased by an act, never by itself")
async def list_kept_long_enough(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*ADMINISTRATOR)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OverPage:
    items, following = await propose_erasure(session, scope=who.scope, after=after, limit=limit, now=now)
    return OverPage(items=items, next=following)
