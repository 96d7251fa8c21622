"""A row of an import becomes a person's file, and a request where it names a service: by the door of whoever types."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.imports.rows import Wanted
from services.intake.domain.imports.run import Import, Known, Outcome
from services.intake.domain.people import Beneficiary
from services.intake.store.imports import open_request
from services.intake.use_cases.draft_case import DraftCase, draft_case, keep_applicant
from shared.language.errors import RequestOpen
from shared.plumbing.audit import record
from shared.plumbing.identity import Scope
from shared.policy.adopted import pack_of


async def judge_row(found: Import, wanted: Wanted, *, session: AsyncSession) -> Outcome:
    """What would become of the row; nothing is written. Raises `RequestOpen`."""
    known = await _known(found, wanted, session=session)
    await _check_no_open_request(known, wanted, session=session)
    return _outcome(found, known)


async def take_row(
    found: Import, wanted: Wanted, *, session: AsyncSession, now: datetime
) -> tuple[Outcome, str | None]:
    """What became of the row, and the reference of its request. Raises `RequestOpen`, and as `draft_case`."""
    known = await _known(found, wanted, session=session)
    await _check_no_open_request(known, wanted, session=session)
    outcome = _outcome(found, known)
    applicant = wanted.applicant
    if known is not None and not wanted.says_language:
        # A table without a column for it says nothing of the language that he chose.
        applicant = applicant.model_copy(update={"language": known.language})
    by = found.started_by or found.uploaded_by
    branch_id = wanted.branch_id or pack_of(found.association_id).head_office.id
    command = DraftCase(
        channel=wanted.channel,
        service_id=wanted.service.id if wanted.service else "",
        branch_id=branch_id,
        applicant=applicant,
        form=wanted.form,
        scope=Scope(association_id=found.association_id, person_id=by),
        by=by,
        person_seen=found.known is Known.UPDATE,
    )
    if wanted.service is None:
        person = await keep_applicant(command, branch_id=branch_id, session=session, now=now)
        await record(session, act="import_person", person_id=person.id, association_id=found.association_id)
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


def _outcome(found: Import, known: Beneficiary | None) -> Outcome:
    if known is None:
        return Outcome.NEW
    return Outcome.UPDATED if found.known is Known.UPDATE else Outcome.LEFT


async def _known(found: Import, wanted: Wanted, *, session: AsyncSession) -> Beneficiary | None:
    return await store.find_beneficiary(
        session, association_id=found.association_id, national_id=wanted.applicant.national_id
    )


async def _check_no_open_request(known: Beneficiary | None, wanted: Wanted, *, session: AsyncSession) -> None:
    """The same table sent twice makes no second request."""
    if known is None or wanted.service is None:
        return
    reference = await open_request(session, beneficiary_id=known.id, service_id=wanted.service.id)
    if reference is not None:
        raise RequestOpen(reference=reference)
