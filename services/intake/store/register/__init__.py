"""The queries about people's files: who may see one, what it holds, and what was typed."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import func, or_
from sqlalchemy import select as select_plain
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.people import Beneficiary
from services.intake.domain.register.household import Household, HouseholdMember
from services.intake.domain.register.particulars import PersonParticulars, Registration
from services.intake.store.people import branches_of, confidential_to
from shared.language.errors import FileMerged, PersonNotFound, RegistrationNotFound
from shared.plumbing.identity import Scope
from shared.plumbing.scoped_session import set_scope

MERGED_AT_MOST = 20
"""Files that one person's may be; each leads to the next."""


async def hold_number(session: AsyncSession, *, association_id: str, index: str) -> None:
    """Two who register one number at once do it one after the other; on SQLite there is one writer anyway."""
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        key = f"person/{association_id}/{index}"
        await connection.execute(select_plain(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def see_person(session: AsyncSession, person_id: str, *, scope: Scope) -> Beneficiary:
    """A file that the scope may see: of a branch role, whoever has been in his branch. Raises `PersonNotFound`."""
    person = await find_file(session, person_id)
    if person is None or not await is_seen(session, person_id, scope=scope):
        raise PersonNotFound
    return person


async def get_person(session: AsyncSession, person_id: str, *, scope: Scope) -> Beneficiary:
    """The same, held for change. Raises `PersonNotFound`."""
    await see_person(session, person_id, scope=scope)
    return (await session.exec(select(Beneficiary).where(Beneficiary.id == person_id).with_for_update())).one()


async def get_file_to_write(session: AsyncSession, person_id: str, *, scope: Scope) -> Beneficiary:
    """The same, to be written into. Raises `PersonNotFound`, or `FileMerged` for one that leads to another."""
    person = await get_person(session, person_id, scope=scope)
    if person.merged_into is not None:
        raise FileMerged(kept=(await root_of(session, person)).id)
    return person


async def find_file(session: AsyncSession, person_id: str) -> Beneficiary | None:
    """A file of the association, whoever may see what is in it."""
    return (await session.exec(select(Beneficiary).where(Beneficiary.id == person_id))).first()


async def is_seen(session: AsyncSession, person_id: str, *, scope: Scope) -> bool:
    if scope.branch_id is not None and scope.branch_id not in await branches(session, person_id, scope=scope):
        return False
    return not await confidential_to(session, [person_id], scope=scope)


async def branches(session: AsyncSession, person_id: str, *, scope: Scope) -> list[str]:
    """The branches that know him: the ones to call."""
    return (await branches_of(session, [person_id], scope=scope)).get(person_id, [])


async def root_of(session: AsyncSession, person: Beneficiary) -> Beneficiary:
    """The file to which his merged ones lead."""
    for _ in range(MERGED_AT_MOST):
        if person.merged_into is None or (above := await find_file(session, person.merged_into)) is None:
            break
        person = above
    return person


async def files_of_person(session: AsyncSession, person: Beneficiary) -> list[Beneficiary]:
    """All files that were found to be his, the one they lead to first."""
    root = await root_of(session, person)
    files, last = [root], [root.id]
    while last:
        query = select(Beneficiary).where(col(Beneficiary.merged_into).in_(last)).order_by(Beneficiary.id)
        more = list((await session.exec(query.limit(MERGED_AT_MOST))).all())
        files, last = [*files, *more], [file.id for file in more]
    return files


async def roots_of(session: AsyncSession, people: Collection[str]) -> dict[str, str]:
    """Of each of these files, and of every other that was found to be one of theirs, the one it leads to.

    For a page of people at once: as many asks as one leads to another, and not as there are people.
    """
    above = {person: person for person in people}
    for _ in range(MERGED_AT_MOST):
        query = select(Beneficiary.id, Beneficiary.merged_into).where(
            col(Beneficiary.id).in_(set(above.values())), col(Beneficiary.merged_into).is_not(None)
        )
        leads = {file: str(root) for file, root in (await session.exec(query)).all()}
        if not leads:
            break
        above = {person: leads.get(root, root) for person, root in above.items()}
    last = set(above.values())
    above |= {root: root for root in last}
    for _ in range(MERGED_AT_MOST):
        below = select(Beneficiary.id, Beneficiary.merged_into).where(col(Beneficiary.merged_into).in_(last))
        found = {file: str(root) for file, root in (await session.exec(below)).all()}
        if not found:
            break
        above |= {file: above.get(root, root) for file, root in found.items()}
        last = set(found)
    return above


async def particulars_of(session: AsyncSession, person_id: str) -> PersonParticulars | None:
    query = select(PersonParticulars).where(PersonParticulars.subject_id == person_id)
    return (await session.exec(query)).first()


async def particulars_of_all(session: AsyncSession, people: Collection[str]) -> dict[str, PersonParticulars]:
    """The particulars of each of these who has some."""
    query = select(PersonParticulars).where(col(PersonParticulars.subject_id).in_(people))
    return {row.subject_id: row for row in (await session.exec(query)).all()}


async def hold_particulars(session: AsyncSession, person_id: str) -> PersonParticulars | None:
    """The same, held for change."""
    query = select(PersonParticulars).where(PersonParticulars.subject_id == person_id)
    return (await session.exec(query.with_for_update())).first()


async def people_with_account(session: AsyncSession, index: str, *, association_id: str, limit: int) -> list[str]:
    """Whose IBAN has this keyed hash."""
    query = select(PersonParticulars.subject_id).where(
        PersonParticulars.association_id == association_id, PersonParticulars.iban_index == index
    )
    return list((await session.exec(query.limit(limit))).all())


async def list_registrations(session: AsyncSession, person_id: str, *, after: str, limit: int) -> list[Registration]:
    """A page of what was typed of him, oldest first."""
    query = select(Registration).where(Registration.subject_id == person_id, Registration.id > after)
    return list((await session.exec(query.order_by(Registration.id).limit(limit))).all())


async def newest_registrations(session: AsyncSession, person_id: str, *, limit: int) -> list[Registration]:
    """What was typed of him last, the newest first."""
    query = select(Registration).where(Registration.subject_id == person_id)
    return list((await session.exec(query.order_by(col(Registration.id).desc()).limit(limit))).all())


async def get_registration(session: AsyncSession, registration_id: str, *, person_id: str) -> Registration:
    """A registration of his, held for change. Raises `RegistrationNotFound`."""
    query = select(Registration).where(Registration.id == registration_id, Registration.subject_id == person_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise RegistrationNotFound
    return found


async def find_stated(session: AsyncSession, case_id: str) -> Registration | None:
    """What a request said of its applicant beside his file; nothing where both say the same."""
    return (await session.exec(select(Registration).where(Registration.case_id == case_id).limit(1))).first()


async def household_ids(session: AsyncSession, people: Collection[str]) -> list[str]:
    """Everybody with whom one of them shares a household, themselves among them; those who left it stay out."""
    own = select(Household.id).where(col(Household.head_id).in_(people))
    joined = select(HouseholdMember.household_id).where(
        col(HouseholdMember.person_id).in_(people), col(HouseholdMember.until).is_(None)
    )
    among = or_(col(Household.id).in_(own), col(Household.id).in_(joined))
    homes = (await session.exec(select(Household.id, Household.head_id).where(among))).all()
    query = select(HouseholdMember.person_id).where(
        col(HouseholdMember.household_id).in_([home for home, _ in homes]),
        col(HouseholdMember.until).is_(None),
        col(HouseholdMember.person_id).is_not(None),
    )
    members = (await session.exec(query)).all()
    return sorted({*people, *(head for _, head in homes), *(str(member) for member in members)})


async def open_for_service(
    session: AsyncSession, people: Collection[str], *, service_id: str, scope: Scope
) -> list[tuple[str, str]]:
    """Reference and branch of their open cases for this service, in any branch; nothing else of them is read."""
    await set_scope(session, replace(scope, branch_id=None))
    query = (
        select(Case.reference, Case.branch_id)
        .where(col(Case.beneficiary_id).in_(people), Case.service_id == service_id, col(Case.ended_at).is_(None))
        # Put in order afterwards: asked for it, SQLite goes through the association's cases instead of theirs.
        .limit(10)
    )
    found = sorted((reference, branch) for reference, branch in (await session.exec(query)).all())
    await set_scope(session, scope)
    return found
