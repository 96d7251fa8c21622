"""The applicant signs for the truth of his data (`step.attestation`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case, digest_of
from services.intake.domain.desk import Attestation
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of


class AttestCase(BaseModel):
    """Take the applicant's signature."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    text_version: str
    accepted_statements: int
    signed_name: str
    by: Principal


async def attest_case(command: AttestCase, *, session: AsyncSession, now: datetime) -> Case:
    """Attest. Raises `AttestationNotAdopted`, `StatementsNotAccepted` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    digest = digest_of(case, await store.documents_of(session, case.id))
    attested = case.attest(
        pack=pack_of(case.association_id),
        text_version=command.text_version,
        accepted=command.accepted_statements,
        digest=digest,
    )
    case.take_part(command.by.person_id)
    session.add(
        Attestation(
            case_id=case.id,
            subject_id=case.subject_id,
            text_version=command.text_version,
            data_digest=digest,
            signed_name=command.signed_name,
            taken_by=command.by.person_id,
            signed_at=now,
        )
    )
    await outbox.tell(session, attested, at=now)
    return case
