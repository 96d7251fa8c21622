"""A case came to an end: whoever asked for help is asked how it was, once."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from services.feedback.domain.survey import Invitation, make_code
from shared.language.events import CaseClosed, CaseWithdrawn, Ending
from shared.plumbing import outbox


async def invite_to_survey(
    case: CaseClosed | CaseWithdrawn, *, ending: Ending, session: AsyncSession, now: datetime
) -> None:
    """Invite him, unless this case has its invitation already."""
    if await store.find_invitation(session, case.case_id) is not None:
        return
    code = make_code()
    invitation = Invitation.of(case, ending=ending, code=code, at=now)
    session.add(invitation)
    await outbox.tell(session, invitation.invite(code=code), at=now)
