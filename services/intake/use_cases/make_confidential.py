"""A case is made confidential: from then on only those named on it see it, in every service. Or open again."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.confidence import ConfidenceChange
from shared.language.errors import NotConfidential
from shared.language.events import CaseMadeConfidential, CaseMadeOpen
from shared.language.roles import Role
from shared.plumbing import outbox
from shared.plumbing.confidence import keep_confidence
from shared.plumbing.identity import Principal
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope


class MakeConfidential(BaseModel):
    """Close a case to all but those named; who does it is always one of them."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    named: tuple[str, ...]
    reason: str
    by: Principal


class MakeOpen(BaseModel):
    """Open a confidential case again."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    reason: str
    by: Principal


async def make_confidential(command: MakeConfidential, *, session: AsyncSession, now: datetime) -> CaseMadeConfidential:
    """Name who may see it. Raises `CaseNotFound` for a case that he may not see himself.

    The administrator may name others on a case that is closed to him: those named may all have left. It stands in the
    case's file.
    """
    named = {*command.named, command.by.person_id}
    marked = await store.confidential_case(session, command.case_id)
    if marked is not None and command.by.role is Role.ASSOCIATION_ADMINISTRATOR:
        # Nothing of it goes back to him.
        await set_scope(session, EVERYTHING)
        case = await store.named_case(session, command.case_id)
    else:
        case = await store.get_case(session, command.case_id, scope=command.by.scope)
    told = case.make_confidential(named=named)
    await _change(told, reason=command.reason, by=command.by, session=session, now=now)
    return told


async def make_open(command: MakeOpen, *, session: AsyncSession, now: datetime) -> None:
    """Let all see it again. Raises `CaseNotFound` for whoever is not named on it, or `NotConfidential`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if await store.confidential_case(session, case.id) is None:
        raise NotConfidential
    told = CaseMadeOpen(**case.note(CaseMadeOpen))
    await _change(told, reason=command.reason, by=command.by, session=session, now=now)


async def _change(
    told: CaseMadeConfidential | CaseMadeOpen, *, reason: str, by: Principal, session: AsyncSession, now: datetime
) -> None:
    await keep_confidence(session, told, at=now)
    session.add(
        ConfidenceChange(
            case_id=told.case_id,
            confidential=isinstance(told, CaseMadeConfidential),
            subject_id=told.subject_id,
            reason=reason,
            changed_by=by.person_id,
            changed_at=now,
        )
    )
    await outbox.tell(session, told, at=now)
