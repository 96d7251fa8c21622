"""The queries by which a person is found. Each reads an index, and so many rows at most."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, delete, exists, select, union_all
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.people import Beneficiary
from services.intake.domain.search import PersonSearchKey
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope

READ_A_KEY = 200
"""How many bearers of one key are looked at: whoever is not among them is found by more of his name."""


async def keep_search_keys(session: AsyncSession, person: Beneficiary, *, keys: Collection[str]) -> None:
    """Have the person found under `keys` and nothing else."""
    connection = await session.connection()
    of_person = col(PersonSearchKey.person_id) == person.id
    there = set(await connection.scalars(select(col(PersonSearchKey.key)).where(of_person)))
    if gone := there - set(keys):
        await connection.execute(delete(PersonSearchKey).where(of_person, col(PersonSearchKey.key).in_(gone)))
    if new := sorted(set(keys) - there):
        await connection.execute(
            insert_new(PersonSearchKey.__table__, sqlite=connection.dialect.name == "sqlite"),  # type: ignore[attr-defined]
            [{"association_id": person.association_id, "key": key, "person_id": person.id} for key in new],
        )


async def found_under(session: AsyncSession, keys: Sequence[str], *, scope: Scope) -> list[str]:
    """The people whom one of `keys` finds; for a branch role those alone whose case is in his branch."""
    some = [_bearers(key, scope=scope).subquery() for key in keys]
    query = union_all(*(select(one) for one in some)).subquery()
    rows = await (await session.connection()).execute(select(query.c.person_id).distinct())
    return [row.person_id for row in rows]


def _bearers(key: str, *, scope: Scope) -> Select[tuple[str]]:
    person_id = col(PersonSearchKey.person_id)
    query = select(person_id).where(
        col(PersonSearchKey.association_id) == scope.association_id, col(PersonSearchKey.key) == key
    )
    if scope.branch_id is not None:
        own = exists().where(col(Case.beneficiary_id) == person_id, col(Case.branch_id) == scope.branch_id)
        query = query.where(own)
    return query.limit(READ_A_KEY)


async def people_named(session: AsyncSession, ids: Collection[str]) -> list[Beneficiary]:
    return list((await session.exec(select_rows(Beneficiary).where(col(Beneficiary.id).in_(ids)))).all())


async def branches_of(session: AsyncSession, ids: Collection[str]) -> dict[str, list[str]]:
    """Which branches have a case of each of these people."""
    query = (
        select(col(Case.beneficiary_id), col(Case.branch_id))
        .where(col(Case.beneficiary_id).in_(ids))
        .distinct()
        .order_by(col(Case.beneficiary_id), col(Case.branch_id))
    )
    branches: dict[str, list[str]] = {}
    for row in await (await session.connection()).execute(query):
        branches.setdefault(row.beneficiary_id, []).append(row.branch_id)
    return branches


async def person_of_case(session: AsyncSession, reference: str, *, scope: Scope) -> str | None:
    """Whose case has this reference, where the scope may see it."""
    query = select(col(Case.beneficiary_id)).where(
        col(Case.association_id) == scope.association_id, col(Case.reference) == reference
    )
    if scope.branch_id is not None:
        query = query.where(col(Case.branch_id) == scope.branch_id)
    found: str | None = await (await session.connection()).scalar(query)
    return found
