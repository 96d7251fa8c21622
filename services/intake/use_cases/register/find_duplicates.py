"""Who may be somebody whose file is there already: looked for when a file is opened, and proposed to a person."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.duplicates import PROPOSED_FROM, Known, ProposedDuplicate, Sign, score
from services.intake.domain.register.particulars import PersonParticulars
from services.intake.domain.search import Sought, exact_key, name_keys
from services.intake.store import people as people_store
from services.intake.store import register as store
from services.intake.store.register import duplicates as duplicate_store
from services.intake.store.rights import find_beneficiary_of_case
from services.intake.use_cases.register.own_key import give_key
from shared.language.events import CaseDrafted, PersonRegistered
from shared.language.roles import SYSTEM
from shared.plumbing.seal import Erased

LOOKED_AT = 30
"""Files nearest by name, mobile or account: whoever is not among them has little in common."""


async def propose_duplicates(
    person: Beneficiary, *, by: str, session: AsyncSession, now: datetime
) -> list[ProposedDuplicate]:
    """The open pairs that he is in, the new ones among them; those that somebody told apart stay apart."""
    own = await store.particulars_of(session, person.id)
    his = {file.id for file in await store.files_of_person(session, person)}
    ids = [one for one in await _candidates(person, own, session=session) if one not in his]
    theirs = await store.particulars_of_all(session, ids)
    mine = known(person, own)
    for other in await people_store.people_named(session, ids):
        if isinstance(other.name, Erased):
            continue
        points, signs = score(mine, known(other, theirs.get(other.id)))
        if points >= PROPOSED_FROM:
            await propose(person, other, points=points, signs=signs, by=by, session=session, now=now)
    return await duplicate_store.proposals_of(session, [person.id])


async def propose(
    one: Beneficiary,
    other: Beneficiary,
    *,
    points: int,
    signs: Iterable[Sign],
    by: str,
    session: AsyncSession,
    now: datetime,
) -> ProposedDuplicate:
    """Keep that they may be one person, the older file first."""
    older, newer = sorted((one, other), key=lambda file: (file.opened_at, file.id))
    give_key(older, now=now)
    proposal = ProposedDuplicate(
        association_id=older.association_id,
        subject_id=older.subject_id,
        one_id=older.id,
        other_id=newer.id,
        score=points,
        signs=[sign.value for sign in signs],
        proposed_by=by,
        proposed_at=now,
    )
    return await duplicate_store.propose(session, proposal)


async def look_for_duplicates(event: CaseDrafted, *, session: AsyncSession, now: datetime) -> None:
    """A request opened a file: whoever has one already is proposed. A known person's next request asks nothing."""
    found = await find_beneficiary_of_case(session, event.case_id)
    if found is None or isinstance(found[0].name, Erased):
        return
    person, begun_at = found
    if person.opened_at == begun_at:
        await propose_duplicates(person, by=SYSTEM.person_id, session=session, now=now)


async def look_for_duplicates_of(event: PersonRegistered, *, session: AsyncSession, now: datetime) -> None:
    """He came by a list: whoever is like him is proposed now. At a desk that was done before it was answered."""
    if not event.in_list or not event.new:
        return
    found = await store.find_file(session, event.subject_id)
    if found is not None and not isinstance(found.name, Erased):
        await propose_duplicates(found, by=SYSTEM.person_id, session=session, now=now)


def known(person: Beneficiary, particulars: PersonParticulars | None) -> Known:
    return Known(
        national_id=person.national_id,
        name=person.name,
        mobile=person.mobile,
        iban=particulars.iban if particulars else None,
        born_on=particulars.born_on if particulars else None,
    )


async def _candidates(person: Beneficiary, own: PersonParticulars | None, *, session: AsyncSession) -> list[str]:
    # Two parts of a name together, as `name_keys` gives first: half a country shares one.
    pairs = next(iter(name_keys(person.name)), [])
    keys = [*pairs, *([exact_key(Sought.MOBILE, person.mobile)] if person.mobile else [])]
    association_id = person.association_id
    ids = await people_store.nearest(session, keys, association_id=association_id, limit=LOOKED_AT) if keys else []
    if own is not None and own.iban_index is not None:
        ids += await store.people_with_account(session, own.iban_index, association_id=association_id, limit=LOOKED_AT)
    return list(dict.fromkeys(ids))
