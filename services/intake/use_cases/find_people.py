"""People are looked for before a file is opened, so that nobody gets a second one (`step.reception`)."""

from dataclasses import dataclass, field, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.names import likeness
from services.intake.domain.people import Beneficiary
from services.intake.domain.search import Sought, exact_key, keys_of, name_keys, what_is_sought
from services.intake.store import people as store
from shared.plumbing.identity import Scope


@dataclass(frozen=True)
class Hit:
    """A person, and the branches that have a case of his."""

    person: Beneficiary
    branches: list[str]


@dataclass(frozen=True)
class Hits:
    """Those whom the asker may see, the likeliest first; and the branches to call about one who has his file there."""

    sought: Sought
    people: list[Hit] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


async def find_people(typed: str, *, scope: Scope, limit: int, session: AsyncSession) -> Hits:
    """Whom `typed` finds: a reference, a national id, a mobile, or a name in any spelling.

    A branch role finds by name whoever has a case in his branch. The exact number or mobile of another branch's person
    shows him that a file exists and where, and nothing of what is in it; so does that of a person all of whose cases
    are confidential to the asker, and his name finds nobody.
    """
    sought, value = what_is_sought(typed)
    if sought is Sought.NAME:
        people = await _by_name(value, scope=scope, limit=limit, session=session)
    elif sought is Sought.REFERENCE:
        found = await store.person_of_case(session, value)
        people = await store.people_named(session, [found] if found else [])
    else:
        whole = replace(scope, branch_id=None)
        found_there = await store.found_under(session, [exact_key(sought, value)], scope=whole)
        people = await store.people_named(session, found_there)
    branches = await store.branches_of(session, [person.id for person in people], scope=scope)
    unseen = await store.confidential_to(session, [person.id for person in people], scope=scope)
    own, elsewhere = [], set[str]()
    for person in people:
        there = branches.get(person.id, [])
        if person.id not in unseen and (scope.branch_id is None or scope.branch_id in there):
            own.append(Hit(person, there))
        else:
            elsewhere.update(there)
    return Hits(sought, own[:limit], sorted(elsewhere))


async def known_to(person_id: str, *, scope: Scope, session: AsyncSession) -> Beneficiary | None:
    """The person of a file that the asker may see; nobody where another branch has it, or it is confidential to him."""
    person = next(iter(await store.people_named(session, [person_id])), None)
    if person is None or await store.confidential_to(session, [person.id], scope=scope):
        return None
    if scope.branch_id is None:
        return person
    return (
        person
        if scope.branch_id in (await store.branches_of(session, [person.id], scope=scope)).get(person.id, ())
        else None
    )


async def _by_name(name: str, *, scope: Scope, limit: int, session: AsyncSession) -> list[Beneficiary]:
    for keys in name_keys(name):
        people = await store.people_named(session, await store.found_under(session, keys, scope=scope))
        unseen = await store.confidential_to(session, [person.id for person in people], scope=scope)
        if people := [person for person in people if person.id not in unseen]:
            ranked = sorted(people, key=lambda person: (-likeness(name, person.name), person.id))
            return ranked[:limit]
    return []


async def keep_findable(person: Beneficiary, *, branch_id: str, session: AsyncSession, evenly: bool = False) -> None:
    """Have him found under what he says of himself today, and the branch that has his request.

    `evenly`: with the same statements whether he was found before or not.
    """
    await store.keep_search_keys(session, person, keys=keys_of(person), evenly=evenly)
    await store.keep_branch(session, person, branch_id=branch_id)
