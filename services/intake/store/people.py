"""The queries by which a person is found. Each reads an index, and so many rows at most."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, select, union_all
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.intake.domain.base import IntakeTable
from services.intake.domain.case import Case
from services.intake.domain.people import Beneficiary
from services.intake.domain.search import PersonBranch, PersonSearchKey
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING, SCOPE, Rows
from shared.plumbing.scoped_session import set_scope

READ_A_KEY = 200
"""How many bearers of one key are looked at: whoever is not among them is found by more of his name."""


async def keep_search_keys(
    session: AsyncSession, person: Beneficiary, *, keys: Collection[str], evenly: bool = False
) -> None:
    """Have the person found under `keys` and nothing else; `evenly`, those that are there are put in again."""
    of_person = (
        col(PersonSearchKey.association_id) == person.association_id,
        col(PersonSearchKey.person_id) == person.id,
    )
    there = set((await session.exec(select_rows(PersonSearchKey.key).where(*of_person))).all())
    if gone := there - set(keys):
        taken_away = delete(PersonSearchKey).where(*of_person, col(PersonSearchKey.key).in_(gone))
        await session.exec(taken_away.execution_options(synchronize_session=False))
    if new := sorted(set(keys) if evenly else set(keys) - there):
        rows = [{"association_id": person.association_id, "key": key, "person_id": person.id} for key in new]
        await insert_rows(session, PersonSearchKey, rows)


async def forget_search_keys(session: AsyncSession, person_id: str) -> None:
    """Have nothing find a person any more, whatever a request beside his erasure put back: for an event."""
    gone = delete(PersonSearchKey).where(col(PersonSearchKey.person_id) == person_id)
    await session.exec(gone.execution_options(synchronize_session=False))


async def keep_branch(session: AsyncSession, person: Beneficiary, *, branch_id: str) -> None:
    """Have it known that this branch has a request of his."""
    row = {"association_id": person.association_id, "person_id": person.id, "branch": branch_id}
    await insert_rows(session, PersonBranch, [row])


async def insert_rows(session: AsyncSession, kind: type[IntakeTable], rows: list[dict[str, Any]]) -> None:
    """Add rows; one that is there already stays as it is."""
    connection = await session.connection()
    sqlite = connection.dialect.name == "sqlite"
    await connection.execute(insert_new(kind.__table__, sqlite=sqlite), rows)  # type: ignore[attr-defined]


async def found_under(session: AsyncSession, keys: Sequence[str], *, scope: Scope) -> list[str]:
    """The people whom one of `keys` finds; for a branch role those alone who asked in his branch."""
    some = union_all(*(select(_bearers(key, scope=scope).subquery()) for key in keys)).subquery()
    return list((await session.exec(select_rows(some.c.person_id).distinct())).all())


def _bearers(key: str, *, scope: Scope) -> Select[str]:
    person_id = col(PersonSearchKey.person_id)
    query = select(person_id).where(
        col(PersonSearchKey.association_id) == scope.association_id, col(PersonSearchKey.key) == key
    )
    if scope.branch_id is not None:
        query = query.where(
            exists().where(
                col(PersonBranch.association_id) == scope.association_id,
                col(PersonBranch.person_id) == person_id,
                col(PersonBranch.branch) == scope.branch_id,
            )
        )
    return query.limit(READ_A_KEY)


async def people_named(session: AsyncSession, ids: Collection[str]) -> list[Beneficiary]:
    if not ids:
        # Asked for nobody, SQLite reads everybody.
        return []
    return list((await session.exec(select_rows(Beneficiary).where(col(Beneficiary.id).in_(ids)))).all())


async def people_named_by_case(session: AsyncSession, case_ids: Collection[str]) -> dict[str, str]:
    """The name of whose case each is; of a case that the session may not see, nothing."""
    if not case_ids:
        return {}
    query = select_rows(Case.id, Beneficiary.name).join(Beneficiary, col(Beneficiary.id) == Case.beneficiary_id)
    return dict((await session.exec(query.where(col(Case.id).in_(case_ids)))).all())


async def confidential_to(session: AsyncSession, ids: Collection[str], *, scope: Scope) -> set[str]:
    """Those of whom there are confidential cases alone, none of which names the asker: nor is it told that they exist.

    Another branch's case hides nobody; nor does one that is confidential there hide whom this branch registered
    without a case: that he was gone from its lists would tell of it. The session sees afterwards what it saw before.
    """
    before: Rows = session.info[SCOPE]
    if before != scope:
        # A worker's session sees everything, and would hide nobody.
        await set_scope(session, scope)
    unseen = set(ids) - await _with_a_case(session, ids)
    if unseen:
        if scope.branch_id is not None:
            await set_scope(session, replace(scope, branch_id=None))
            unseen -= await _with_a_case(session, unseen)
        # Of whom there is no case at all, there is nothing to hide.
        await set_scope(session, EVERYTHING)
        unseen = await _with_a_case(session, unseen)
        if unseen and scope.branch_id is not None:
            unseen -= await _known_without_a_case(session, unseen, scope=scope)
    if session.info[SCOPE] != before:
        await set_scope(session, before)
    return unseen


async def _with_a_case(session: AsyncSession, ids: Collection[str]) -> set[str]:
    if not ids:
        return set()
    query = select_rows(Case.beneficiary_id).where(col(Case.beneficiary_id).in_(ids)).distinct()
    return set((await session.exec(query)).all())


async def _known_without_a_case(session: AsyncSession, ids: Collection[str], *, scope: Scope) -> set[str]:
    """Those whom the branch knows, and of whom it has no case: they were registered there.

    What somebody typed of a stranger in vain makes him not known.
    """
    known = select_rows(PersonBranch.person_id).where(
        PersonBranch.association_id == scope.association_id,
        col(PersonBranch.person_id).in_(ids),
        PersonBranch.branch == scope.branch_id,
    )
    with_case = select_rows(Case.beneficiary_id).where(
        col(Case.beneficiary_id).in_(ids), Case.branch_id == scope.branch_id
    )
    return set((await session.exec(known)).all()) - set((await session.exec(with_case)).all())


async def branches_of(session: AsyncSession, ids: Collection[str], *, scope: Scope) -> dict[str, list[str]]:
    """Which branches have had a request of each of these people."""
    query = (
        select_rows(PersonBranch)
        .where(PersonBranch.association_id == scope.association_id, col(PersonBranch.person_id).in_(ids))
        .order_by(col(PersonBranch.person_id), col(PersonBranch.branch))
    )
    branches: dict[str, list[str]] = {}
    for row in (await session.exec(query)).all():
        branches.setdefault(row.person_id, []).append(row.branch)
    return branches


async def person_of_case(session: AsyncSession, reference: str) -> str | None:
    """Whose case has this reference, where the scope may see it."""
    return (await session.exec(select_rows(Case.beneficiary_id).where(Case.reference == reference))).first()


async def nearest(session: AsyncSession, keys: Collection[str], *, association_id: str, limit: int) -> list[str]:
    """Whom most of `keys` find, the nearest first; of each key so many bearers as a search looks at."""
    sought = sorted(set(keys))
    values = {f"key_{place}": key for place, key in enumerate(sought)}
    found = await session.exec(_nearest(len(sought), limit), params=values | {"of_association": association_id})
    return list(found.all())


@cache
def _nearest(keys: int, limit: int) -> SelectOfScalar[str]:
    # Built once for so many keys: for a list of thousands, building it cost more than what it asks.
    person_id = col(PersonSearchKey.person_id)
    of_association = col(PersonSearchKey.association_id) == bindparam("of_association")
    bearers = (
        select(person_id).where(of_association, col(PersonSearchKey.key) == bindparam(f"key_{place}")).limit(READ_A_KEY)
        for place in range(keys)
    )
    some = union_all(*(select(one.subquery()) for one in bearers)).subquery()
    return (
        select_rows(some.c.person_id)
        .group_by(some.c.person_id)
        .order_by(func.count().desc(), some.c.person_id)
        .limit(limit)
    )
