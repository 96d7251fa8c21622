"""The applicant signs with a code that is bound to all of it: statements ticked, a name or a drawing.

From where he is, or at the desk, where he reads the code out from his own mobile: one way, and the same rules.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.applicant_codes import ApplicantCode, wait_before_another
from services.intake.domain.attesting import Signing, bound_to, waits_for_signature
from services.intake.domain.case import Case, digest_of
from services.intake.store import applicant_codes as codes
from services.intake.use_cases.attest_case import keep_drawing, sign
from services.intake.use_cases.follow_own import keep_for_its_pace
from shared.language.clauses import Clause
from shared.language.errors import (
    AttestationNotAdopted,
    NoMobileToText,
    StatementsNotAccepted,
    StepOutOfOrder,
    TooManyRequests,
)
from shared.language.events import CaseAttested, CodePurpose
from shared.language.roles import APPLICANT
from shared.language.steps import Step
from shared.plumbing import audit, outbox
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.scoped_session import set_scope
from shared.policy.adopted import pack_of
from shared.policy.parts import AttestationText


class AttestOwn(BaseModel):
    """What he signs of his own request, and how; `ticked` are the statements that he accepts, from the first, 0."""

    model_config = ConfigDict(frozen=True)

    association_id: str
    case_id: str
    text_version: str
    ticked: frozenset[int]
    signing: Signing
    drawing: bytes | None = None
    """The drawn signature as it arrived; it is bound to the code before anybody looks into it."""
    by: Principal | None = None
    """Who has him before him at the desk; nobody, where he signs from where he is."""

    @property
    def scope(self) -> Scope:
        return self.by.scope if self.by is not None else Scope(association_id=self.association_id)


async def ask_to_attest(command: AttestOwn, *, session: AsyncSession, now: datetime) -> str:
    """Have a code sent that signs this and nothing else; its id.

    Raises `CaseNotFound`, `AttestationNotAdopted`, `StatementsNotAccepted`, `StepOutOfOrder` or `TooManyRequests`; at
    the desk also `NotHandedIn`, and `NoMobileToText`, which a page of the public tells nobody.
    """
    case, text = await _to_be_signed(command, session=session)
    before = await codes.codes_of_case(session, case.id, purpose=CodePurpose.ATTEST)
    if wait := wait_before_another(before, at=now):
        raise TooManyRequests(seconds=max(1, round(wait.total_seconds())))
    for older in before:
        older.code_hash = None
    bound = await _bound(command, case, text, session=session)
    code = ApplicantCode(
        association_id=case.association_id,
        case_id=case.id,
        purpose=CodePurpose.ATTEST,
        bound_to=bound,
        asked_at=now,
    )
    beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
    made = code.make(beneficiary.contact, subject_id=beneficiary.subject_id, at=now)
    if made is None and command.by is not None:
        raise NoMobileToText
    session.add(code)
    await keep_for_its_pace(code, session=session, now=now)
    if made is not None:
        await outbox.tell(session, made, at=now)
    return code.id


async def attest_own(
    command: AttestOwn,
    *,
    code_id: str,
    typed: str,
    clean_drawing: bytes | None,
    cabinet: Cabinet | None,
    session: AsyncSession,
    now: datetime,
) -> bool:
    """Sign, with the code that was made for this very text, data and signature. False where it is none; a try counts.

    A request that changed since makes another digest, which no code opens. Raises as `ask_to_attest`.
    """
    case, text = await _to_be_signed(command, session=session)
    code = await codes.get_code(session, code_id)
    bound = await _bound(command, case, text, session=session)
    if code is None or code.case_id != case.id or not code.take(typed, bound_to=bound, at=now):
        return False
    signing = command.signing
    if not signing.signed_name:
        # He drew it: his name as the file has it stands beside the drawing.
        beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
        signing = signing.model_copy(update={"signed_name": beneficiary.contact.name})
    row = await sign(
        case,
        signing,
        text_version=command.text_version,
        accepted=len(command.ticked),
        taken_by=command.by.person_id if command.by is not None else APPLICANT.person_id,
        session=session,
        now=now,
    )
    row.code_bound_to = bound
    if command.by is not None:
        case.take_part(row.taken_by)
    if clean_drawing is not None and cabinet is not None:
        await keep_drawing(row, clean_drawing, cabinet=cabinet, now=now)
    return True


async def _to_be_signed(command: AttestOwn, *, session: AsyncSession) -> tuple[Case, AttestationText]:
    if command.by is None:
        await set_scope(session, command.scope)
    case = await store.get_case(session, command.case_id, scope=command.scope)
    if command.by is None:
        audit.about(session, association_id=case.association_id, case_id=case.id)
    else:
        command.signing.check()
    text = pack_of(case.association_id).attestation
    if text is None:
        raise AttestationNotAdopted(clause=Clause.STEP_ATTESTATION)
    digest = digest_of(case, await store.documents_of(session, case.id))
    if not waits_for_signature(case.status, attested_digest=case.attested_digest, digest=digest):
        raise StepOutOfOrder(status=case.status, event=Step(CaseAttested.type))
    if command.text_version != text.version or command.ticked != frozenset(range(len(text.statements))):
        raise StatementsNotAccepted(field="statements", clause=Clause.STEP_ATTESTATION, version=text.version)
    return case, text


async def _bound(command: AttestOwn, case: Case, text: AttestationText, *, session: AsyncSession) -> str:
    data_digest = digest_of(case, await store.documents_of(session, case.id))
    return bound_to(text, data_digest=data_digest, signing=command.signing, drawing=command.drawing)
