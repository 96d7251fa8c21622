"""The request is handed in, and its applicant is received."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.store.register import find_stated
from services.intake.use_cases.take_contact import reception_of
from shared.language.events import Reception
from shared.language.roles import APPLICANT
from shared.plumbing import outbox
from shared.plumbing.identity import Scope
from shared.plumbing.seal import seal
from shared.policy.adopted import pack_of, service_of


class ReceiveCase(BaseModel):
    """Hand a draft in."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    reception: Reception | None
    scope: Scope


async def receive_case(command: ReceiveCase, *, session: AsyncSession, now: datetime) -> Case:
    """Receive the request. Raises `FormIncomplete`, `ServiceUnknown` (withdrawn since) or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.scope)
    service = service_of(pack_of(case.association_id), case.service_id)
    beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
    # Told as he said at this desk, whatever his file says; a request that nobody saw him send says nothing of that.
    stated = None if case.opened_by == APPLICANT.person_id else await find_stated(session, case.id)
    reached = beneficiary.contact if stated is None else stated.reached(beneficiary.contact)
    contact = seal(reached, subject=case.subject_id)
    reception = command.reception or await reception_of(case.id, session=session)
    received = case.receive(service=service, contact=contact, reception=reception)
    await outbox.tell(session, received, at=now)
    return case
