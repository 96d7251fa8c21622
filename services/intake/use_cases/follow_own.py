"""An applicant follows his own request: by its reference, a second fact, and a code that came to his mobile."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.applicant_codes import WINDOW, ApplicantCode, wait_before_another
from services.intake.domain.attesting import waits_for_signature
from services.intake.domain.case import Case, digest_of
from services.intake.domain.following import association_of
from services.intake.store import applicant_codes as codes
from services.intake.timers import ApplicantCodeOver, FollowAsked
from shared.language import events as e
from shared.language.errors import StepOutOfOrder
from shared.language.events import CodePurpose
from shared.plumbing import audit, outbox
from shared.plumbing.identity import Scope
from shared.plumbing.scoped_session import set_scope
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack, Service


class AskToFollow(BaseModel):
    """Have a code sent to the mobile of the request's file. `fact` is the key of what he knows."""

    model_config = ConfigDict(frozen=True)

    reference: str
    fact: str


@dataclass(frozen=True)
class Followed:
    """What its applicant is shown of a request, and nothing else."""

    case: Case
    pack: Pack
    service: Service | None
    may_withdraw: bool
    may_attest: bool


async def ask_to_follow(command: AskToFollow, *, session: AsyncSession, now: datetime) -> ApplicantCode:
    """Note that somebody asks. Whatever he typed, the same is written: the worker finds out whether it fits."""
    association_id = association_of(command.reference)
    await set_scope(session, Scope(association_id=association_id))
    code = ApplicantCode(association_id=association_id, purpose=CodePurpose.FOLLOW, asked_at=now)
    session.add(code)
    asked = FollowAsked(association_id=association_id, code_id=code.id, reference=command.reference, fact=command.fact)
    await set_timer(session, asked, due_at=now, now=now)
    await keep_for_its_pace(code, session=session, now=now)
    return code


async def keep_for_its_pace(code: ApplicantCode, *, session: AsyncSession, now: datetime) -> None:
    over = ApplicantCodeOver(association_id=code.association_id, code_id=code.id)
    await set_timer(session, over, due_at=now + WINDOW, now=now)


async def answer_ask(timer: FollowAsked, *, session: AsyncSession, now: datetime) -> None:
    """Make the code, where what he knows fits, and not more of them than a case needs; each before is worth nothing."""
    await set_scope(session, Scope(association_id=timer.association_id))
    code = await codes.get_code(session, timer.code_id)
    if code is None or code.sent_at is not None or now >= code.ends_at:
        return
    case_id = await codes.case_known_by(session, reference=timer.reference, key=timer.fact)
    if case_id is None:
        return
    before = await codes.codes_of_case(session, case_id, purpose=CodePurpose.FOLLOW)
    if wait_before_another(before, at=now):
        return
    case = await store.see_case(session, case_id, scope=Scope(association_id=timer.association_id))
    beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
    for older in before:
        older.code_hash = None
    code.case_id = case_id
    made = code.make(beneficiary.contact, subject_id=beneficiary.subject_id, at=now)
    if made is not None:
        await outbox.tell(session, made, at=now)


async def forget_code(timer: ApplicantCodeOver, *, session: AsyncSession) -> None:
    """Take the row of a code away."""
    await codes.drop_code(session, timer.code_id)


async def take_follow_code(
    code_id: str, typed: str, *, association_id: str, session: AsyncSession, now: datetime
) -> str | None:
    """The case that the code opens; `None` where it opens none, and the try counts."""
    await set_scope(session, Scope(association_id=association_id))
    code = await codes.get_code(session, code_id)
    return code.case_id if code is not None and code.take(typed, at=now) else None


async def find_own(command: AskToFollow, *, session: AsyncSession) -> tuple[str, str] | None:
    """The association and the case, by what he knows alone: where no codes are sent by SMS."""
    association_id = association_of(command.reference)
    await set_scope(session, Scope(association_id=association_id))
    case_id = await codes.case_known_by(session, reference=command.reference, key=command.fact)
    return None if case_id is None else (association_id, case_id)


async def see_own(case_id: str, *, association_id: str, session: AsyncSession) -> Followed:
    """The request of who showed that it is his. Raises `CaseNotFound`, also once it was made confidential."""
    scope = Scope(association_id=association_id)
    await set_scope(session, scope)
    case = await store.see_case(session, case_id, scope=scope)
    audit.about(session, association_id=association_id, case_id=case.id)
    pack = pack_of(association_id)
    digest = digest_of(case, await store.documents_of(session, case.id))
    waits = waits_for_signature(case.status, attested_digest=case.attested_digest, digest=digest)
    may_attest = pack.attestation is not None and waits
    return Followed(case, pack, pack.service(case.service_id), _may_withdraw(case), may_attest)


async def withdraw_own(case_id: str, *, association_id: str, session: AsyncSession, now: datetime) -> Case:
    """He takes his request back himself. Raises `CaseNotFound`, or `StepOutOfOrder` once the service was delivered."""
    scope = Scope(association_id=association_id)
    await set_scope(session, scope)
    case = await store.get_case(session, case_id, scope=scope)
    audit.about(session, association_id=association_id, case_id=case.id)
    await outbox.tell(session, case.withdraw(at=now), at=now)
    return case


def _may_withdraw(case: Case) -> bool:
    try:
        case.note(e.CaseWithdrawn)
    except StepOutOfOrder:
        return False
    return True
