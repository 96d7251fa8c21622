"""The request goes up to the body that decides it, and the reply clock starts (`step.committee_notice`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case, FormValue, digest_of
from services.intake.domain.documents import Document, check_still_valid
from shared.language.calendar import riyadh_day
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.seal import readable, seal
from shared.policy.adopted import pack_of, service_of


class ReferCase(BaseModel):
    """Send a complete request up."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


class AppealCase(BaseModel):
    """Send a rejected request up again."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    grounds: str
    by: Principal


class CaseFile(BaseModel):
    """What the reviewing body reads of a request."""

    applicant_name: str
    form: dict[str, FormValue]
    documents: list[str]
    grounds: str | None = None


async def refer_case(command: ReferCase, *, session: AsyncSession, now: datetime) -> Case:
    """Refer. Raises `AttestationMissing`, `DataChanged`, `DocumentExpired` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    pack = pack_of(case.association_id)
    documents = await store.documents_of(session, case.id)
    service = service_of(pack, case.service_id)
    file = await _file(case, documents, session=session)
    case.take_part(command.by.person_id)
    referred = case.refer(
        pack=pack, digest=digest_of(case, documents), file=seal(file, subject=case.subject_id), at=now
    )
    # A required paper may have run out since the check; raising rolls the referral back.
    check_still_valid(documents, service=service, today=riyadh_day(now))
    await outbox.tell(session, referred, at=now)
    return case


async def appeal_case(command: AppealCase, *, session: AsyncSession, now: datetime) -> Case:
    """Appeal. Raises `NotRejected` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    file = await _file(case, await store.documents_of(session, case.id), session=session, grounds=command.grounds)
    case.take_part(command.by.person_id)
    appealed = case.appeal(pack=pack_of(case.association_id), file=seal(file, subject=case.subject_id), at=now)
    await outbox.tell(session, appealed, at=now)
    return case


async def _file(
    case: Case, documents: list[Document], *, session: AsyncSession, grounds: str | None = None
) -> CaseFile:
    beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
    return CaseFile(
        applicant_name=readable(beneficiary.name),
        form=case.answers,
        documents=[document.kind for document in documents],
        grounds=grounds,
    )
