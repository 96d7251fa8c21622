"""A request is begun, by a channel that the association adopted."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case, FormValue
from services.intake.domain.people import Applicant, Beneficiary, check_national_id
from services.intake.domain.register.checked import name_of
from services.intake.domain.register.particulars import Registration
from services.intake.store.register import hold_number, root_of
from services.intake.store.transfers import closing_of
from services.intake.use_cases.find_people import keep_findable
from services.intake.use_cases.register import look_before
from services.intake.use_cases.register.take_stated import Said, take_stated
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
    said: Said = Said.AT_DESK
    """How far what is said of somebody who has a file already counts against it."""
    search: str | None = None
    """The proof that he was looked for (`register/search_proof.py`)."""
    search_first: bool = False
    despite: str | None = None
    """Why a second request for a service is begun though one is open."""
    one_open_request: bool = False


async def draft_case(command: DraftCase, *, session: AsyncSession, now: datetime) -> Case:
    """Open the draft under a number of its own.

    Raises `ChannelNotAdopted`, `ServiceUnknown`, `BranchUnknown`, `BranchIsClosed`, `ForeignBranch`, `NationalIdWrong`,
    `NameUnwritable`, `NameTooLong`, `SearchFirst` or `SameRequestOpen`.
    """
    pack = pack_of(command.scope.association_id)
    if not pack.adopts(command.channel.clause):
        raise errors.ChannelNotAdopted(
            field="channel",
            clause=command.channel.clause,
            channel=command.channel,
            clause_id=command.channel.clause.value,
            adopted=pack.channels,
        )
    service = service_of(pack, command.service_id)
    branch_id = _branch(command, pack)
    await check_open(branch_id, association_id=pack.id, session=session)
    check_national_id(command.applicant.national_id)
    name_of(command.applicant.name, field="applicant.name")
    # Two who begin for one person at once do it one after the other: the second finds the file of the first.
    await hold_number(session, association_id=pack.id, index=RING.index(command.applicant.national_id))
    beneficiary, stated = await _beneficiary(command, branch_id=branch_id, session=session, now=now)
    alike = await _open_requests(command, beneficiary, service_id=service.id, session=session)
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
        assigned_to=None if command.by == APPLICANT.person_id else command.by,
        opened_at=now,
    )
    case.fill(command.form)
    if command.by != APPLICANT.person_id:
        case.take_part(command.by)
    session.add(case)
    if stated is not None:
        stated.case_id = case.id
        session.add(stated)
    if alike and command.despite is not None:
        await look_before.note_like_it(case, alike, reason=command.despite, by=command.by, session=session, now=now)
    await outbox.tell(session, case.draft(), at=now)
    return case


async def _open_requests(
    command: DraftCase, beneficiary: Beneficiary, *, service_id: str, session: AsyncSession
) -> list[tuple[str, str]]:
    """Those like it that are open, where the desk asks or says why it goes on. Raises `SameRequestOpen`."""
    if not (command.one_open_request or command.despite is not None):
        return []
    alike = await look_before.like_it(beneficiary, service_id=service_id, scope=command.scope, session=session)
    if command.despite is None:
        look_before.refuse_like_it(alike, association_id=command.scope.association_id)
    return alike


def _branch(command: DraftCase, pack: Pack) -> str:
    branch_id = command.branch_id or command.scope.branch_id or pack.head_office.id
    if pack.branch(branch_id) is None:
        raise errors.BranchUnknown(field="branch_id", branch=branch_id)
    command.scope.check_branch(branch_id)
    return branch_id


async def check_open(branch_id: str, *, association_id: str, session: AsyncSession, field: str = "branch_id") -> None:
    """Raises `BranchIsClosed`."""
    closing = await closing_of(session, association_id=association_id, branch=branch_id)
    if closing is not None:
        raise closing.refusal(field=field, pack=pack_of(association_id))


async def _beneficiary(
    command: DraftCase, *, branch_id: str, session: AsyncSession, now: datetime
) -> tuple[Beneficiary, Registration | None]:
    """Whose request it is, and what it says of him beside his file, where he has one."""
    applicant, association_id = command.applicant, command.scope.association_id
    person = {"association_id": association_id, "national_id": applicant.national_id}
    evenly, spare = command.said is Said.UNSEEN, None
    if evenly:
        # A stranger who sends a number must not learn by the time it takes whether somebody has a file: a key is taken
        # and one is fetched, whoever he is; one row is written of him, in his file or beside it; and so are his keys.
        spare = VAULT.new_person(now=now)
        VAULT.forget(await store.find_beneficiary_id(session, **person) or spare)
    known = await store.find_beneficiary(session, **person)
    if known is not None:
        root = await root_of(session, known)
        if root.subject_id is None:
            VAULT.make(root.key_id, now=now)
            root.take_key()
        stated = await take_stated(
            root,
            applicant,
            said=command.said,
            files={known.id, root.id},
            branch_id=branch_id,
            scope=command.scope,
            by=command.by,
            session=session,
            now=now,
        )
        await keep_findable(root, branch_id=branch_id, evenly=evenly, session=session)
        return root, stated
    look_before.check_looked_for(applicant, command.search, scope=command.scope, now=now, demanded=command.search_first)
    # His key is in the vault before his row is written: one whose row is then rolled back opens nothing.
    beneficiary_id = spare or VAULT.new_person(now=now)
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
    await keep_findable(beneficiary, branch_id=branch_id, evenly=evenly, session=session)
    return beneficiary, None


async def update_applicant(command: DraftCase, *, branch_id: str, session: AsyncSession, now: datetime) -> None:
    """The file that is his today, without a request: for a list of people. Of the command its applicant counts."""
    await _beneficiary(command, branch_id=branch_id, session=session, now=now)
