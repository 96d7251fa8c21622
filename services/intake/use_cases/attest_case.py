"""The applicant signs for the truth of his data (`step.attestation`)."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.attesting import Signing, digest_of_text
from services.intake.domain.case import Case, digest_of
from services.intake.domain.desk import Attestation
from services.intake.store.desk import last_attestation
from shared.language.errors import SignatureNotDrawn
from shared.plumbing import outbox
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.seal import readable
from shared.policy.adopted import pack_of


class AttestCase(BaseModel):
    """Take the applicant's signature."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    text_version: str
    accepted_statements: int
    signing: Signing
    by: Principal


async def attest_case(
    command: AttestCase,
    *,
    drawing: bytes | None = None,
    cabinet: Cabinet | None = None,
    session: AsyncSession,
    now: datetime,
) -> Case:
    """Attest at the desk, with the signature that he drew there where he did.

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
    if drawing is not None and cabinet is not None:
        await keep_drawing(row, drawing, cabinet=cabinet, now=now)
    case.take_part(row.taken_by)
    return case


async def keep_drawing(row: Attestation, drawing: bytes, *, cabinet: Cabinet, now: datetime) -> None:
    """Keep a drawn signature, which was looked at, beside the attestation."""
    # On the disk before its row: where the transaction is rolled back after all, the sweep takes it away.
    kept = await asyncio.to_thread(cabinet.keep, BytesIO(drawing), now=now)
    row.drawing_place, row.drawing_digest = kept.place, kept.digest
    row.drawing_key = b64encode(kept.key).decode()


async def show_drawing(case_id: str, *, scope: Scope, session: AsyncSession, cabinet: Cabinet) -> Iterator[bytes]:
    """The newest signature of a case as it was drawn, a PNG. Raises `CaseNotFound` or `SignatureNotDrawn`."""
    case = await store.see_case(session, case_id, scope=scope)
    signed = await last_attestation(session, case.id)
    if signed is None or not signed.drawing_place or signed.drawing_key is None:
        raise SignatureNotDrawn
    return cabinet.open(signed.drawing_place, key=b64decode(readable(signed.drawing_key)))


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
