"""Every query of intake about people themselves: their files, and their requests about their data."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.desk import Attestation, Clarification
from services.intake.domain.people import Beneficiary
from services.intake.domain.rights import OtherPerson, RightsRequest
from services.intake.domain.threads import ThreadTerm
from shared.language.errors import PersonNotFound, RightsRequestNotFound
from shared.plumbing.identity import Scope


async def find_person(session: AsyncSession, subject_id: str, *, scope: Scope) -> Beneficiary | OtherPerson:
    """Somebody of the association, his file held for change. Raises `PersonNotFound`."""
    query = select(Beneficiary).where(Beneficiary.id == subject_id, Beneficiary.association_id == scope.association_id)
    if (beneficiary := (await session.exec(query.with_for_update())).first()) is not None:
        return beneficiary
    other = await find_other_person(session, subject_id)
    if other is None or other.association_id != scope.association_id:
        raise PersonNotFound
    return other


async def find_other_person(session: AsyncSession, subject_id: str) -> OtherPerson | None:
    """Somebody who complained or suggested, whoever asks: for events, which carry no scope."""
    return await session.get(OtherPerson, subject_id)


async def cases_of(session: AsyncSession, subject_id: str) -> list[Case]:
    """All cases of a person: he has some."""
    return list((await session.exec(select(Case).where(Case.beneficiary_id == subject_id).order_by(Case.id))).all())


async def find_beneficiary_of_case(session: AsyncSession, case_id: str) -> tuple[Beneficiary, datetime] | None:
    """Whose case it is, and when it was begun; whoever asks: for events, which carry no scope."""
    query = select(Beneficiary, Case.opened_at).join(Case, col(Case.beneficiary_id) == col(Beneficiary.id))
    found = (await session.exec(query.where(Case.id == case_id))).first()
    return None if found is None else (found[0], found[1])


async def get_request(session: AsyncSession, request_id: str, *, scope: Scope) -> RightsRequest:
    """A request of the association, held for change. Raises `RightsRequestNotFound`."""
    found = await find_request(session, request_id)
    if found is None or found.association_id != scope.association_id:
        raise RightsRequestNotFound
    return found


async def see_request(session: AsyncSession, request_id: str, *, scope: Scope) -> RightsRequest:
    """A request to be shown. Raises `RightsRequestNotFound`."""
    found = await session.get(RightsRequest, request_id)
    if found is None or found.association_id != scope.association_id:
        raise RightsRequestNotFound
    return found


async def find_request(session: AsyncSession, request_id: str) -> RightsRequest | None:
    """A request, held for change, whoever asks: for timers, which carry no scope."""
    return (await session.exec(select(RightsRequest).where(RightsRequest.id == request_id).with_for_update())).first()


async def list_requests(
    session: AsyncSession, *, scope: Scope, only_open: bool, after: str, limit: int
) -> list[RightsRequest]:
    """A page of the association's requests, oldest first: of the open ones that is the order of their ends, nearly."""
    query = select(RightsRequest).where(RightsRequest.association_id == scope.association_id, RightsRequest.id > after)
    if only_open:
        query = query.where(col(RightsRequest.answered_at).is_(None))
    return list((await session.exec(query.order_by(RightsRequest.id).limit(limit))).all())


async def erasures_of(session: AsyncSession, subject_id: str) -> list[RightsRequest]:
    """The person's requests that wait for his key to be destroyed."""
    query = select(RightsRequest).where(
        RightsRequest.subject_id == subject_id,
        col(RightsRequest.fulfilled).is_(True),
        col(RightsRequest.erased_at).is_(None),
    )
    return list((await session.exec(query)).all())


async def open_requests_of(session: AsyncSession, subject_id: str) -> list[RightsRequest]:
    """The person's requests that nobody has answered."""
    query = select(RightsRequest).where(
        RightsRequest.subject_id == subject_id, col(RightsRequest.answered_at).is_(None)
    )
    return list((await session.exec(query.with_for_update())).all())


async def open_questions_of(session: AsyncSession, subject_id: str) -> list[Clarification]:
    """What a person asked and nobody has answered, held for change: for an event."""
    query = select(Clarification).where(
        Clarification.subject_id == subject_id, col(Clarification.answered_at).is_(None)
    )
    return list((await session.exec(query.with_for_update())).all())


async def open_terms_of(session: AsyncSession, subject_id: str) -> list[ThreadTerm]:
    """The times by which a person was to be answered, held for change: for an event."""
    query = (
        select(ThreadTerm)
        .join(Clarification, col(Clarification.id) == col(ThreadTerm.clarification_id))
        .where(Clarification.subject_id == subject_id, col(ThreadTerm.answered_at).is_(None))
    )
    return list((await session.exec(query.with_for_update(of=ThreadTerm))).all())


async def forget_digests(session: AsyncSession, subject_id: str) -> None:
    """No hash of what he signed stays: one from before persons had keys could be tried until it fits."""
    connection = await session.connection()
    his = select(Case.id).where(Case.beneficiary_id == subject_id)
    await connection.execute(
        update(Attestation).where(col(Attestation.case_id).in_(his)).values(data_digest="", code_bound_to=None)
    )
    await connection.execute(update(Case).where(col(Case.beneficiary_id) == subject_id).values(attested_digest=None))


async def ended_before(session: AsyncSession, *, scope: Scope, before: datetime, after: str, limit: int) -> list[str]:
    """A page of the ids of people with a case that ended before this instant and who are not forgotten yet."""
    ended = (
        select(Case.beneficiary_id)
        .where(
            Case.association_id == scope.association_id,
            col(Case.ended_at) < before,
            Case.beneficiary_id > after,
            col(Case.subject_id).is_not(None),
        )
        .distinct()
        .order_by(Case.beneficiary_id)
        .limit(limit)
    )
    return list((await session.exec(ended)).all())
