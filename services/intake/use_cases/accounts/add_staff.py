"""A new member of the staff, with a password that he changes when he first signs in."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.names import fold
from services.intake.domain.accounts.passwords import ONE_TIME_LASTS
from services.intake.domain.accounts.staff import Staff
from services.intake.store import accounts as store
from shared.language.errors import UserNameTaken
from shared.plumbing.seal import RING


class AddStaff(BaseModel):
    """Someone who will work with the system."""

    model_config = ConfigDict(frozen=True)

    association_id: str
    user_name: str
    name: str
    subject: str | None = None
    password_hash: str
    by: str


def subject_index(subject: str) -> str:
    """The identity provider's name of a person, as it is kept."""
    return RING.index(f"subject\n{subject}")


async def add_staff(command: AddStaff, *, session: AsyncSession, now: datetime) -> Staff:
    """Raises `UserNameUnfit` or `UserNameTaken`."""
    folded = fold(command.user_name)
    if await store.staff_named(session, association_id=command.association_id, folded=folded) is not None:
        raise UserNameTaken(field="user_name")
    staff = Staff(
        association_id=command.association_id,
        user_name=command.user_name.strip(),
        user_name_folded=folded,
        name=command.name,
        subject_index=subject_index(command.subject) if command.subject else None,
        added_at=now,
        added_by=command.by,
    )
    staff.take_password(command.password_hash, one_time_until=now + ONE_TIME_LASTS)
    session.add(staff)
    await session.flush()
    return staff
