"""A row of an import becomes a person's file, and a request where it names a service: as at the desk.

It is a registration like another (`register_person`): the same rules, one file however often he comes, and what the row
says kept under his key. Only the search beforehand falls away, for reasons said there.

Of whom the sender may see no case, since all of them are confidential, the file is not touched, whatever he chose: what
the row says is kept beside it, for those who are named. The report says of him what it says of everybody who is known:
a refusal, or a word of its own, would tell which people of a list are confidential.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.imports.rows import Wanted
from services.intake.domain.imports.run import Import, Known, Outcome
from services.intake.domain.people import Beneficiary
from services.intake.store.imports import open_requests
from services.intake.store.people import confidential_to
from services.intake.store.register import files_of_person, root_of
from services.intake.use_cases.draft_case import DraftCase, check_open, draft_case, update_applicant
from services.intake.use_cases.register.register_person import InList, RegisterPerson, register_person
from services.intake.use_cases.register.take_stated import Said
from shared.language.errors import RequestOpen, RowNeedsALook
from shared.plumbing.audit import record
from shared.plumbing.identity import Scope
from shared.policy.adopted import pack_of


async def judge_row(found: Import, wanted: Wanted, *, session: AsyncSession) -> Outcome:
    """What would become of the row; nothing is written. Raises `RequestOpen`, `RowNeedsALook` or `BranchIsClosed`."""
    await check_open(_branch(found, wanted), association_id=found.association_id, session=session, field="branch")
    known = await _known(found, wanted, session=session)
    await _check_no_open_request(found, known, wanted, session=session)
    return _outcome(found, known)


async def take_row(
    found: Import, wanted: Wanted, *, session: AsyncSession, now: datetime
) -> tuple[Outcome, str | None]:
    """What became of the row, and the reference of its request.

    Raises `RequestOpen`, `RowNeedsALook`, and as `register_person` and `draft_case`.
    """
    outcome = await judge_row(found, wanted, session=session)
    known = await _known(found, wanted, session=session)
    applicant = wanted.applicant
    if known is not None and not wanted.says_language:
        # A table without a column for it says nothing of the language that he chose.
        applicant = applicant.model_copy(update={"language": known.language})
    by = found.started_by or found.uploaded_by
    branch_id = _branch(found, wanted)
    scope = Scope(association_id=found.association_id, person_id=by)
    updates = found.known is Known.UPDATE and not await _is_closed(known, scope=scope, session=session)
    in_list = InList(branch_id=branch_id, leaves_known=not updates, asks=wanted.service is not None)
    registration = RegisterPerson(**applicant.model_dump(), in_list=in_list, scope=scope, by=by)
    registered = await register_person(registration, session=session, now=now)
    command = DraftCase(
        channel=wanted.channel,
        service_id=wanted.service.id if wanted.service else "",
        branch_id=branch_id,
        applicant=applicant,
        form=wanted.form,
        scope=scope,
        by=by,
        said=Said.CHOSEN if updates else Said.KEPT,
    )
    if wanted.service is None:
        if outcome is Outcome.UPDATED and updates:
            await update_applicant(command, branch_id=branch_id, session=session, now=now)
        person_id = registered.person.id if registered.person else None
        await record(session, act="import_person", person_id=person_id, association_id=found.association_id)
        return outcome, None
    case = await draft_case(command, session=session, now=now)
    await record(
        session,
        act="import_request",
        case_id=case.id,
        person_id=case.beneficiary_id,
        association_id=found.association_id,
    )
    return outcome, case.reference


async def _is_closed(known: Beneficiary | None, *, scope: Scope, session: AsyncSession) -> bool:
    """Whether of the file that the row would change, or of the one it leads to, there are confidential cases alone."""
    if known is None:
        return False
    root = await root_of(session, known)
    return bool(await confidential_to(session, {known.id, root.id}, scope=scope))


def _branch(found: Import, wanted: Wanted) -> str:
    return wanted.branch_id or pack_of(found.association_id).head_office.id


def _outcome(found: Import, known: Beneficiary | None) -> Outcome:
    if known is None:
        return Outcome.NEW
    return Outcome.UPDATED if found.known is Known.UPDATE else Outcome.LEFT


async def _known(found: Import, wanted: Wanted, *, session: AsyncSession) -> Beneficiary | None:
    return await store.find_beneficiary(
        session, association_id=found.association_id, national_id=wanted.applicant.national_id
    )


async def _check_no_open_request(
    found: Import, known: Beneficiary | None, wanted: Wanted, *, session: AsyncSession
) -> None:
    """The same table sent twice makes no second request.

    Of one in the row's own branch the report says which. What is elsewhere or confidential it tells apart by no word:
    a second branch learns that somebody has to look, and the case's own trail says of which row.
    """
    if known is None or wanted.service is None:
        return
    files = [file.id for file in await files_of_person(session, known)]
    by = found.started_by or found.uploaded_by
    requests = await open_requests(session, files=files, service_id=wanted.service.id, by=by)
    branch_id = _branch(found, wanted)
    for one in requests:
        if one.reference is not None and one.branch_id == branch_id:
            raise RequestOpen(reference=one.reference)
    if requests:
        raise RowNeedsALook(case_id=requests[0].case_id)
