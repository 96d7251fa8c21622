"""Whose a case is: masked for whoever may see the case; in clear with a reason, which stands in the case's file."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.people import Beneficiary
from shared.plumbing.identity import Principal
from shared.plumbing.personal import note_reveal
from shared.plumbing.seal import readable


class Particular(StrEnum):
    """What of a person may be shown in clear."""

    NATIONAL_ID = "national_id"
    MOBILE = "mobile"
    EMAIL = "email"


class RevealApplicant(BaseModel):
    """Show some of an applicant's particulars in clear."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    fields: tuple[Particular, ...]
    reason: str
    by: Principal


async def see_applicant(case_id: str, *, by: Principal, session: AsyncSession) -> Beneficiary:
    """The applicant of a case. Raises `CaseNotFound` or `ForeignBranch`."""
    case = await store.see_case(session, case_id, scope=by.scope)
    return await store.get_beneficiary(session, case.beneficiary_id)


async def reveal_applicant(
    command: RevealApplicant, *, session: AsyncSession, now: datetime
) -> dict[Particular, str | None]:
    """The particulars in clear, once it is written who asked for them. Raises `CaseNotFound` or `PersonErased`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    person = await store.get_beneficiary(session, case.beneficiary_id)
    shown = case.show_applicant(fields=tuple(field.value for field in command.fields), reason=command.reason)
    await note_reveal(session, shown, reason=command.reason, at=now)
    values = {field: getattr(person, field.value) for field in command.fields}
    return {field: None if value is None else readable(value) for field, value in values.items()}
