"""The letter that the applicant takes home: that his request came in, or that it went up (`step.committee_notice`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.people import Beneficiary
from services.intake.domain.search import Sought, exact_key
from services.intake.store.applicant_codes import case_known_by
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause, ReviewingBody
from shared.language.errors import CaseNotFound, StepOutOfOrder
from shared.language.events import CaseAppealed
from shared.language.steps import Step
from shared.letters import Letter, Sender, Signature
from shared.letters.letter import Language
from shared.letters.receipts import Request, receipt, referral_notice
from shared.plumbing import audit
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.scoped_session import set_scope
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack

FOLLOW = "/intake/follow?reference="
"""The page on which an applicant follows his request."""
SIGN = (
    {"ar": "موظف علاقات المستفيدين", "en": "Beneficiary relations"},
    {"ar": "مدير الفرع", "en": "Branch manager"},
)


class PrintReceipt(BaseModel):
    """Print the receipt of a request at the branch, for its signatures."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


class PrintOwnReceipt(BaseModel):
    """Print the receipt of one's own request, by its reference and what the file knows of its applicant."""

    model_config = ConfigDict(frozen=True)

    association_id: str
    reference: str
    mobile: str | None
    national_id: str | None

    @property
    def key(self) -> str:
        """What he knows, as his file is found by it."""
        if self.mobile is not None:
            return exact_key(Sought.MOBILE, self.mobile)
        return exact_key(Sought.NATIONAL_ID, str(self.national_id))


async def print_receipt(command: PrintReceipt, *, session: AsyncSession, public_url: str, now: datetime) -> Letter:
    """The letter. Raises `CaseNotFound`, and `StepOutOfOrder` for a draft: nobody has handed it in."""
    case = await store.see_case(session, command.case_id, scope=command.by.scope)
    if case.status is CaseStatus.DRAFT:
        raise StepOutOfOrder(status=case.status, event=Step("receipt"))
    beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
    return await _letter(case, beneficiary, signed=True, session=session, public_url=public_url, now=now)


async def print_own_receipt(
    command: PrintOwnReceipt, *, session: AsyncSession, public_url: str, now: datetime
) -> Letter:
    """The letter, without lines to sign. Raises `AssociationUnknown`, and `CaseNotFound` whatever does not fit."""
    pack = pack_of(command.association_id)
    await set_scope(session, Scope(association_id=pack.id))
    # One query, whatever fits or not: nobody learns from how long it takes whether there is such a reference.
    case_id = await case_known_by(session, reference=command.reference, key=command.key)
    if case_id is None:
        raise CaseNotFound
    return await print_followed_receipt(
        case_id, association_id=pack.id, session=session, public_url=public_url, now=now
    )


async def print_followed_receipt(
    case_id: str, *, association_id: str, session: AsyncSession, public_url: str, now: datetime
) -> Letter:
    """The letter, for who showed already that the request is his. Raises `CaseNotFound`."""
    scope = Scope(association_id=association_id)
    await set_scope(session, scope)
    case = await store.see_case(session, case_id, scope=scope)
    beneficiary = await store.get_beneficiary(session, case.beneficiary_id)
    audit.about(session, association_id=association_id, case_id=case.id)
    return await _letter(case, beneficiary, signed=False, session=session, public_url=public_url, now=now)


async def _letter(
    case: Case, beneficiary: Beneficiary, *, signed: bool, session: AsyncSession, public_url: str, now: datetime
) -> Letter:
    pack = pack_of(case.association_id)
    contact = beneficiary.contact
    language: Language = "en" if contact.language == "en" else "ar"
    service = pack.service(case.service_id)
    request = Request(
        language=language,
        sender=_sender(pack, case, language=language),
        reference=case.reference,
        applicant=contact.name,
        service=getattr(service.name, language) if service else case.service_id,
        received_at=case.opened_at,
        signatures=tuple(Signature(title=title[language]) for title in SIGN) if signed else (),
        follow=f"{public_url}{FOLLOW}{case.reference}" if public_url else None,
    )
    if case.referred_at is not None:
        return referral_notice(
            request,
            referred_at=case.referred_at,
            answer_not_before=case.answer_not_before if pack.adopts(Clause.STEP_COMMITTEE_NOTICE) else None,
            to_committee=pack.reviewing_body is ReviewingBody.COMMITTEE,
            appealed=await _was_appealed(case, session=session),
        )
    papers = await store.documents_of(session, case.id)
    names = {demand.kind: getattr(demand.name, language) for demand in service.documents} if service else {}
    missing = tuple(names.get(kind, kind) for kind in case.missing)
    return receipt(request, now=now, papers=len(papers), missing=missing)


def _sender(pack: Pack, case: Case, *, language: Language) -> Sender:
    licence = {"ar": "ترخيص رقم ", "en": "Licence "}[language]
    branch = pack.branch(case.branch_id)
    notes = (
        f"{licence}{pack.association.licence}" if pack.association.licence else "",
        getattr(branch.name, language) if branch else "",
    )
    return Sender(name=getattr(pack.association.name, language), note=" · ".join(filter(None, notes)))


async def _was_appealed(case: Case, *, session: AsyncSession) -> bool:
    """Whether the last way up was an appeal; only a second round may be one."""
    if case.round < 2:
        return False
    appeals = [entry.at for entry in await store.timeline_of(session, case.id) if entry.event == CaseAppealed.type]
    return case.referred_at in appeals
