"""A request is begun, by a channel that the association adopted."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case, FormValue
from services.intake.domain.people import Applicant, Beneficiary, check_national_id
from services.intake.use_cases.find_people import keep_findable
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.roles import APPLICANT
from shared.plumbing import outbox
from shared.plumbing.identity import Scope
from shared.plumbing.seal import RING
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of, service_of
from shared.policy.pack import Pack


class DraftCase(BaseModel):
    """Begin a request. The branch is the one named, or the scope's own, or the head office."""

    model_config = ConfigDict(frozen=True)

    channel: Channel
    service_id: str
    branch_id: str | None = None
    applicant: Applicant
    form: dict[str, FormValue]
    scope: Scope
    by: str
    person_seen: bool = True
    """False where nobody saw who types: a known person's particulars then stay as they are."""


async def draft_case(command: DraftCase, *, session: AsyncSession, now: datetime) -> Case:
    """Open the draft under a number of its own.

    Raises `ChannelNotAdopted`, `ServiceUnknown`, `BranchUnknown`, `ForeignBranch` or `NationalIdWrong`.
    """
    pack = pack_of(command.scope.association_id)
    if not pack.adopts(command.channel.clause):
        raise errors.ChannelNotAdopted(
            field="channel",
            clause=command.channel.clause,
            channel=command.channel.value,
            clause_id=command.channel.clause.value,
            adopted=", ".join(pack.channels),
        )
    service = service_of(pack, command.service_id)
    branch_id = _branch(command, pack)
    check_national_id(command.applicant.national_id)
    beneficiary = await _beneficiary(command, branch_id=branch_id, session=session, now=now)
    year = riyadh_day(now).year
    number = await store.next_number(session, association_id=pack.id, year=year)
    case = Case(
        association_id=pack.id,
        branch_id=branch_id,
        reference=f"{pack.association.code}-{year}-{number:06d}",
        beneficiary_id=beneficiary.id,
        subject_id=beneficiary.subject_id,
        service_id=service.id,
        department_id=service.department,
        channel=command.channel,
        status=CaseStatus.DRAFT,
        form="{}",
        opened_by=command.by,
        opened_at=now,
    )
    case.fill(command.form)
    if command.by != APPLICANT.person_id:
        case.take_part(command.by)
    session.add(case)
    await outbox.tell(session, case.draft(), at=now)
    return case


def _branch(command: DraftCase, pack: Pack) -> str:
    branch_id = command.branch_id or command.scope.branch_id or pack.head_office.id
    if pack.branch(branch_id) is None:
        raise errors.BranchUnknown(field="branch_id", branch=branch_id)
    command.scope.check_branch(branch_id)
    return branch_id


async def _beneficiary(command: DraftCase, *, branch_id: str, session: AsyncSession, now: datetime) -> Beneficiary:
    applicant, association_id = command.applicant, command.scope.association_id
    known = await store.find_beneficiary(session, association_id=association_id, national_id=applicant.national_id)
    if known is not None:
        if known.subject_id is None:
            VAULT.make(known.key_id, now=now)
            known.take_key()
        if command.person_seen:
            known.update(applicant)
        await keep_findable(known, branch_id=branch_id, session=session)
        return known
    # His key is in the vault before his row is written: one whose row is then rolled back opens nothing.
    beneficiary_id = VAULT.new_person(now=now)
    beneficiary = Beneficiary(
        id=beneficiary_id,
        subject_id=beneficiary_id,
        association_id=association_id,
        national_id_index=RING.index(applicant.national_id),
        opened_at=now,
        **applicant.model_dump(),
    )
    session.add(beneficiary)
    await session.flush()
    await keep_findable(beneficiary, branch_id=branch_id, session=session)
    return beneficiary


async def keep_applicant(command: DraftCase, *, branch_id: str, session: AsyncSession, now: datetime) -> Beneficiary:
    """His file alone, for a list of people: of the command its applicant counts. Raises `NationalIdWrong`."""
    check_national_id(command.applicant.national_id)
    return await _beneficiary(command, branch_id=branch_id, session=session, now=now)
