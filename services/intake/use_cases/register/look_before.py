"""Before a request is begun: was its applicant looked for, and is there an open one like it?"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.people import Applicant, Beneficiary
from services.intake.domain.register.duplicates import RepeatedRequest
from services.intake.domain.register.search_proof import check_searched
from services.intake.domain.search import keys_of
from services.intake.store import register as store
from services.intake.use_cases.register.decide_duplicate import branch_names
from shared.language.errors import SameRequestOpen
from shared.plumbing.audit import record
from shared.plumbing.identity import Scope
from shared.plumbing.seal import RING


def check_looked_for(applicant: Applicant, search: str | None, *, scope: Scope, now: datetime, demanded: bool) -> None:
    """Raises `SearchFirst` where no file of his is there and nobody looked; a proof that was sent must hold anyway."""
    if demanded or search is not None:
        nobody_yet = Beneficiary(
            **applicant.model_dump(),
            association_id=scope.association_id,
            national_id_index=RING.index(applicant.national_id),
            opened_at=now,
        )
        check_searched(search, keys=keys_of(nobody_yet), scope=scope, now=now)


async def like_it(
    person: Beneficiary, *, service_id: str, scope: Scope, session: AsyncSession
) -> list[tuple[str, str]]:
    """Reference and branch of the open requests for this service, of him, his merged files and his household."""
    files = await store.files_of_person(session, person)
    people = await store.household_ids(session, [file.id for file in files])
    return await store.open_for_service(session, people, service_id=service_id, scope=scope)


def refuse_like_it(found: list[tuple[str, str]], *, association_id: str) -> None:
    """Raises `SameRequestOpen`, which names each by its reference and its branch."""
    if found:
        said = [(reference, *branch_names([branch], association_id=association_id)) for reference, branch in found]
        where_ar = "، ".join(f"{reference} ({ar})" for reference, ar, _ in said)
        where = ", ".join(f"{reference} ({en})" for reference, _, en in said)
        raise SameRequestOpen(field="despite", where=where, where_ar=where_ar)


async def note_like_it(
    case: Case, found: list[tuple[str, str]], *, reason: str, by: str, session: AsyncSession, now: datetime
) -> None:
    """Keep beside the new case why it was begun all the same."""
    await session.flush()
    session.add(
        RepeatedRequest(
            association_id=case.association_id,
            branch_id=case.branch_id,
            case_id=case.id,
            subject_id=case.subject_id,
            beside=[reference for reference, _ in found],
            reason=reason,
            begun_by=by,
            begun_at=now,
        )
    )
    await record(session, act="begin_again", reason=reason, case_id=case.id, person_id=case.subject_id)
