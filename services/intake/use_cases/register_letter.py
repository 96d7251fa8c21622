"""Letters in and out, each under a running number of its year (`channel.letter`)."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.channels import LetterDetails
from services.intake.domain.letters import Direction, RegisteredLetter
from services.intake.store import contacts as contact_store
from services.intake.use_cases.draft_case import check_open
from shared.language.calendar import riyadh_day
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of


class RegisterLetter(BaseModel):
    """Enter a letter; one that is about a request lies under its applicant's key."""

    model_config = ConfigDict(frozen=True)

    direction: Direction
    their_number: str | None
    dated: date
    attachments: int
    subject: str
    correspondent: str
    case_id: str | None
    by: Principal


async def register_letter(command: RegisterLetter, *, session: AsyncSession, now: datetime) -> RegisteredLetter:
    """Enter it. Raises `CaseNotFound` for a request that is not his to see, or `BranchIsClosed`."""
    branch_id = command.by.scope.branch_id or pack_of(command.by.association_id).head_office.id
    case = None
    if command.case_id is not None:
        # Held: moved meanwhile, it would leave the letter behind.
        case = await store.hold_case(session, command.case_id, scope=command.by.scope)
        branch_id = case.branch_id
    else:
        await check_open(branch_id, association_id=command.by.association_id, session=session)
    letter = RegisteredLetter(
        **command.model_dump(exclude={"by"}),
        association_id=command.by.association_id,
        branch_id=branch_id,
        subject_id=case.subject_id if case is not None else None,
        year=(year := riyadh_day(now).year),
        number=await contact_store.next_letter_number(
            session, association_id=command.by.association_id, direction=command.direction, year=year
        ),
        registered_by=command.by.person_id,
        registered_at=now,
    )
    session.add(letter)
    await session.flush()
    return letter


async def keep_letter(
    details: LetterDetails,
    *,
    branch_id: str,
    subject_id: str | None,
    by: Principal,
    session: AsyncSession,
    now: datetime,
) -> str:
    """Enter the letter that somebody came by; its id."""
    year = riyadh_day(now).year
    number = await contact_store.next_letter_number(
        session, association_id=by.association_id, direction=Direction.INCOMING, year=year
    )
    letter = RegisteredLetter(
        association_id=by.association_id,
        branch_id=branch_id,
        subject_id=subject_id,
        direction=Direction.INCOMING,
        year=year,
        number=number,
        their_number=details.number,
        dated=details.dated,
        attachments=details.attachments,
        subject=details.subject,
        correspondent=details.sender,
        registered_by=by.person_id,
        registered_at=now,
    )
    session.add(letter)
    await session.flush()
    return letter.id


async def move_letter(letter_id: str, *, case: Case, session: AsyncSession) -> None:
    """It is about a request now. Raises `PersonErased`."""
    if (letter := await contact_store.find_letter(session, letter_id)) is not None:
        letter.move_to(case.id, subject_id=case.subject_id)
