"""A case moves to another branch, or to another person within one: asked, and accepted, refused or revoked."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.transfers import (
    Transfer,
    TransferStatus,
    ask_transfer,
    assign_case,
    check_keeper,
    move_case,
)
from services.intake.store import contacts as contact_store
from services.intake.store import deliveries as delivery_store
from services.intake.store import proposals as proposal_store
from services.intake.store.accounts import find_staff, places_of
from services.intake.store.people import keep_branch
from services.intake.store.register.duplicates import move_repeated
from services.intake.store.transfers import closing_of, hold_transfer, leave_branch, open_transfers_of, see_transfer
from shared.language import events as e
from shared.language.errors import BranchUnknown, TransferOpen
from shared.plumbing import outbox
from shared.plumbing.audit import record
from shared.plumbing.confidence import keep_branch_of_mark
from shared.plumbing.identity import Principal
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope
from shared.policy.adopted import pack_of


class AskTransfer(BaseModel):
    """Ask that a case move."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    to_branch: str | None
    to_person: str | None
    reason: str
    by: Principal


class AnswerTransfer(BaseModel):
    """Accept, refuse or revoke an asking."""

    model_config = ConfigDict(frozen=True)

    transfer_id: str
    reason: str
    by: Principal


class AssignCase(BaseModel):
    """Say who of the branch keeps a case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    person_id: str
    reason: str
    by: Principal


class AssignCases(BaseModel):
    """Say who of the branch keeps these cases."""

    model_config = ConfigDict(frozen=True)

    case_ids: tuple[str, ...]
    person_id: str
    reason: str
    by: Principal


async def ask_for_transfer(command: AskTransfer, *, session: AsyncSession, now: datetime) -> Transfer:
    """Ask.

    Raises `BranchUnknown`, `BranchIsClosed`, `AlreadyThere`, `NoSeatThere`, `TransferOpen` or `StepOutOfOrder`.
    """
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if command.to_branch is not None:
        await check_branch_takes(command.to_branch, association_id=case.association_id, session=session)
    asked = ask_transfer(
        case,
        to_branch=command.to_branch,
        to_person=command.to_person,
        reason=command.reason,
        by=command.by.person_id,
        at=now,
    )
    if asked.to_person is not None:
        await _check_keeps(asked.to_person, case, branch=asked.to_branch, field="to_person", session=session, now=now)
    if await open_transfers_of(session, [case.id]):
        raise TransferOpen
    session.add(asked)
    await outbox.tell(session, asked.told(case, e.TransferAsked), at=now)
    await record(session, act="ask_transfer", reason=command.reason, case_id=case.id, person_id=case.subject_id)
    return asked


async def accept_transfer(command: AnswerTransfer, *, session: AsyncSession, now: datetime) -> Transfer:
    """Take the case.

    Raises `TransferNotFound`, `TransferAnswered`, `NotYoursToTake`, `BranchIsClosed`, or `NoSeatThere` for a person
    who was named and has left his seat since.
    """
    seen = await see_transfer(session, command.transfer_id, scope=command.by.scope)
    seen.check_taker(command.by)
    await check_branch_takes(seen.to_branch, association_id=seen.association_id, session=session)
    case, transfer = await _hold_both(seen, session=session)
    transfer.close(TransferStatus.ACCEPTED, reason=command.reason, by=command.by.person_id, at=now)
    if not transfer.within_a_branch:
        moved = move_case(case, to_branch=transfer.to_branch, transfer_id=transfer.id)
        await let_branch_follow(case, moved, session=session)
        await outbox.tell(session, moved, at=now)
    if transfer.to_person is not None:
        to, field = transfer.to_person, "to_person"
        await _check_keeps(to, case, branch=transfer.to_branch, field=field, session=session, now=now)
        await outbox.tell(session, assign_case(case, to=transfer.to_person), at=now)
    await record(session, act="accept_transfer", reason=command.reason, case_id=case.id, person_id=case.subject_id)
    return transfer


async def refuse_transfer(command: AnswerTransfer, *, session: AsyncSession, now: datetime) -> Transfer:
    """Leave it where it is. Raises `TransferNotFound`, `TransferAnswered` or `NotYoursToTake`."""
    seen = await see_transfer(session, command.transfer_id, scope=command.by.scope)
    seen.check_taker(command.by)
    return await _end(command, seen, TransferStatus.REFUSED, e.TransferRefused, session=session, now=now)


async def revoke_transfer(command: AnswerTransfer, *, session: AsyncSession, now: datetime) -> Transfer:
    """Take the asking back. Raises `TransferNotFound` or `TransferAnswered`."""
    seen = await see_transfer(session, command.transfer_id, scope=command.by.scope)
    seen.check_asker(command.by)
    return await _end(command, seen, TransferStatus.REVOKED, e.TransferRevoked, session=session, now=now)


async def assign(command: AssignCase, *, session: AsyncSession, now: datetime) -> Case:
    """Give a case to somebody of its branch. Raises `AlreadyThere`, `NoSeatThere` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    to, field = command.person_id, "person_id"
    await _check_keeps(to, case, branch=case.branch_id, field=field, session=session, now=now)
    await outbox.tell(session, assign_case(case, to=command.person_id), at=now)
    await record(session, act="assign", reason=command.reason, case_id=case.id, person_id=case.subject_id)
    return case


async def assign_together(command: AssignCases, *, session: AsyncSession, now: datetime) -> list[Case]:
    """Give several at once, all or none. Raises what `assign` raises."""
    # In one order: who gives some of the same at once waits in no ring.
    return [
        await assign(
            AssignCase(case_id=case_id, person_id=command.person_id, reason=command.reason, by=command.by),
            session=session,
            now=now,
        )
        for case_id in sorted(set(command.case_ids))
    ]


async def check_branch_takes(branch: str, *, association_id: str, session: AsyncSession) -> None:
    """Raises `BranchUnknown`, or `BranchIsClosed` for one that closes or has closed."""
    if pack_of(association_id).branch(branch) is None:
        raise BranchUnknown(field="to_branch", branch=branch)
    closing = await closing_of(session, association_id=association_id, branch=branch)
    if closing is not None:
        raise closing.refusal(field="to_branch", pack=pack_of(association_id))


async def let_branch_follow(case: Case, moved: e.CaseTransferred, *, session: AsyncSession) -> None:
    """What names the branch beside the case: who finds the person, the mark if it is confidential, and proposals.

    So do why it was begun beside one like it, the contact that it came of, the letters about it, and what is planned.
    What else lies within the case needs nothing: its rows are seen with it.
    """
    person = await store.get_beneficiary(session, case.beneficiary_id)
    await keep_branch(session, person, branch_id=moved.to_branch)
    await session.flush()
    await leave_branch(session, case, branch=moved.from_branch)
    await keep_branch_of_mark(session, moved)
    follows = {"case_id": case.id, "to_branch": moved.to_branch}
    await proposal_store.move_proposals(session, **follows)
    await move_repeated(session, **follows)
    await contact_store.follow_case(session, **follows)
    await delivery_store.follow_case(session, **follows)


async def _check_keeps(
    person_id: str, case: Case, *, branch: str, field: str, session: AsyncSession, now: datetime
) -> None:
    """Raises `NoSeatThere` for a stranger, for who has left, and for who sits elsewhere."""
    staff = await find_staff(session, person_id)
    works_here = staff is not None and staff.is_active and staff.association_id == case.association_id
    places = await places_of(session, person_id, now=now) if works_here else []
    check_keeper(places, branch=branch, field=field)


async def _hold_both(seen: Transfer, *, session: AsyncSession) -> tuple[Case, Transfer]:
    # One of the two branches may not see the case: what it may do to it was checked. Case first, as a closing does.
    await set_scope(session, EVERYTHING)
    case = await store.named_case(session, seen.case_id)
    return case, await hold_transfer(session, seen.id)


async def _end(
    command: AnswerTransfer,
    seen: Transfer,
    status: TransferStatus,
    kind: type[e.TransferEvent],
    *,
    session: AsyncSession,
    now: datetime,
) -> Transfer:
    case, transfer = await _hold_both(seen, session=session)
    transfer.close(status, reason=command.reason, by=command.by.person_id, at=now)
    await outbox.tell(session, transfer.told(case, kind), at=now)
    await record(
        session, act=f"transfer_{status.value}", reason=command.reason, case_id=case.id, person_id=case.subject_id
    )
    return transfer
