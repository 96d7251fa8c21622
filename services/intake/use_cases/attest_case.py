"""The applicant signs for the truth of his data (`step.attestation`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.attesting import Signing, digest_of_text
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
    signing: Signing
    by: Principal


async def attest_case(command: AttestCase, *, session: AsyncSession, now: datetime) -> Case:
    """Attest at the desk.

    Raises `AttestationNotAdopted`, `StatementsNotAccepted`, `SignatureIncomplete` or `StepOutOfOrder`.
    """
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    command.signing.check()
    row = await sign(
        case,
        command.signing,
        text_version=command.text_version,
        accepted=command.accepted_statements,
        taken_by=command.by.person_id,
        session=session,
        now=now,
    )
    case.take_part(row.taken_by)
    return case


async def sign(
    case: Case,
    signing: Signing,
    *,
    text_version: str,
    accepted: int,
    taken_by: str,
    session: AsyncSession,
    now: datetime,
) -> Attestation:
    """The signature under these very data, for whoever takes it to add to. Raises as `Case.attest`."""
    pack = pack_of(case.association_id)
    digest = digest_of(case, await store.documents_of(session, case.id))
    attested = case.attest(pack=pack, text_version=text_version, accepted=accepted, digest=digest)
    row = Attestation(
        case_id=case.id,
        subject_id=case.subject_id,
        text_version=text_version,
        text_digest=digest_of_text(pack.attestation) if pack.attestation else None,
        data_digest=digest,
        taken_by=taken_by,
        signed_at=now,
        **signing.model_dump(),
    )
    session.add(row)
    await outbox.tell(session, attested, at=now)
    return row
